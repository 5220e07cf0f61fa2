/* SPDX-License-Identifier: GPL-2.0-only */
/* The 2006 table beside a run's replays, as the text table and the JSON report have it. */
#ifndef SEED_ROWS_H
#define SEED_ROWS_H

#include "lib/json.h"
#include "run/run.h"

/* Where a run has no replay of a row: nothing. */
void seed_rows_table(const struct run *r, struct sink *s);

/* "seed_table", in the JSON report. */
void seed_rows_json(const struct run *r, struct json *j);

/*
 * seed_cycle_ticks - micro-ticks of a core cycle while a group was timed, by its chain.
 *
 * Not by a replay: what one takes beside its gaps can come to nothing, or less.
 *
 * Return: 0: not known.
 */
uint64_t seed_cycle_ticks(const struct group *g, struct result *results);

/* Bytes of that, at most. */
#define SEED_ROWS_ROOM	8192

#endif
