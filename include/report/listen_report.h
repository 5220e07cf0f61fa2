/* SPDX-License-Identifier: GPL-2.0-only */
/* What was heard before a run, and what it makes one expect: see run/heard.h. */
#ifndef LISTEN_REPORT_H
#define LISTEN_REPORT_H

#include "lib/json.h"
#include "run/run.h"

/**
 * listen_say - what was heard, for people, before the run: sentences.
 * @tsc_hz: 0: not known; then times are in ticks.
 */
void listen_say(const struct run *r, uint64_t tsc_hz, struct sink *to);

/* The same as lines "parapatch listen key=value ...": of the clock, then of each state. */
void listen_lines(const struct run *r, struct sink *s);

/* And as the report's "listen", with what was reached; nothing where the clock counts
 * instructions. */
void listen_json(const struct run *r, struct json *j);

/* After the run, one sentence: what was expected, and what was reached. */
void listen_note(const struct run *r, struct sink *s);

#endif
