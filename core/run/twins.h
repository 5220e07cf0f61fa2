/* SPDX-License-Identifier: GPL-2.0-only */
/* A reference beside its twin, timed before the run: what listening hears. */
#ifndef TWINS_H
#define TWINS_H

#include "run/arena.h"
#include "run/run.h"
#include "run/run_error.h"

/* Of one state. */
struct twins {
	bool has_group;		/* the plan has one to listen to */
	size_t group;		/* of the run's */
	uint64_t took;		/* ticks, all */
	uint64_t cell_ticks;	/* of one cell in one block, building and checking included */
	/* As struct heard has them. */
	uint32_t blocks;	/* 0: a cell was refused, or its CPU is over */
	int64_t ratio[LISTEN_BLOCKS], grain;
	struct regimes regimes;
};

/**
 * time_twins - time a group's reference beside its twin, at several placements.
 * @r: its cells are checked.  The beginning of its batches and scratch is used, and of
 *     no use afterwards; nothing else of it changes.
 * @a: open.
 * @ticks: for so long, about; one block at least.
 * @t: filled.  Of the first op's group in that state, in layout line if there is one.
 *
 * Filler and chain are timed with them, as in the group itself; and as there, what counts
 * are batches of the regime that the estimates would be of.
 *
 * Return: false if the run must end.
 */
bool time_twins(const struct run *r, struct arena *a, enum state_id state, uint64_t ticks,
		struct twins *t, struct run_error *e);

#endif
