/* SPDX-License-Identifier: GPL-2.0-only */
/* The three faces of a torture: what patching under other CPUs came to. */
#ifndef TORTURE_REPORT_H
#define TORTURE_REPORT_H

#include <stdint.h>
#include "lib/json.h"
#include "lib/sink.h"
#include "run/torture.h"

/* @tsc_hz: for nanoseconds; 0: not known, then they are 0. */

/* Lines "parapatch serialise", "torture", "int3" and "tortured"; where no torture was
 * asked for, the first alone. */
void torture_lines(const struct torture *t, uint64_t tsc_hz, struct sink *s);

/* For people: what serialising costs, in ticks; and a row a way. */
void serialise_table(const struct torture *t, struct sink *s);
void torture_table(const struct torture *t, uint64_t tsc_hz, struct sink *s);

/* The report's members "serialise" and "torture", each where there is something. */
void torture_json(const struct torture *t, uint64_t tsc_hz, struct json *j);

/* Bytes that the last never exceeds. */
#define TORTURE_ROOM	8192

#endif
