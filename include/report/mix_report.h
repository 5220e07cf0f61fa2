/* SPDX-License-Identifier: GPL-2.0-only */
/* Replays of mixes in a report: what was drawn, what it came to, and count x cost. */
#ifndef MIX_REPORT_H
#define MIX_REPORT_H

#include "lib/json.h"
#include "run/run.h"

/* Has a run any? */
bool run_has_mixes(const struct run *r);

/* "mixes", where there are any; and bytes that it does not exceed. */
void mixes_json(const struct run *r, struct json *j);
size_t mixes_room(const struct run *r);

/* For people: a unit of each mix, in the seed's three columns. */
void mixes_table(const struct run *r, struct sink *s);

#endif
