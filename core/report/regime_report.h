/* SPDX-License-Identifier: GPL-2.0-only */
/* What each core was like while it was timed on: members of the report, lines, words. */
#ifndef REGIME_REPORT_H
#define REGIME_REPORT_H

#include "lib/json.h"
#include "run/run.h"

/* "probe" and "regime", where widths were taken. */
void regimes_json(const struct run *r, struct json *j);
/* A group's raw ticks: "probe_first", "probe_last", "probe_chain". */
void group_width_json(const struct group *g, struct json *j);
/* Bytes that they do not exceed, of a CPU, and of a block of so many batches. */
#define REGIME_ROOM	1024
#define BLOCK_WIDTH_ROOM(batches)	(3 * (16 + 11 * (size_t)(batches)))

void regimes_lines(const struct run *r, struct sink *s);

/* Was the core alone, and which batches are the figures of? */
void regimes_table(const struct run *r, struct sink *s);

#endif
