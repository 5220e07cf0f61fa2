/* SPDX-License-Identifier: GPL-2.0-only */
/* A reference beside its twin, timed before the run: what listening hears. */
#ifndef TWINS_H
#define TWINS_H

#include "run/arena.h"
#include "run/run.h"
#include "run/run_error.h"

/**
 * time_twins - time a group's reference beside its twin, at several placements.
 * @r: its cells are checked.  The beginning of its batches and scratch is used, and of
 *     no use afterwards; nothing else of it changes.
 * @a: open.
 * @ticks: for so long, about; one block at least.
 * @h: filled, but for what is told of it.  Of the first op's group in that state, in
 *     layout line if there is one.
 * @took: ticks, all.
 *
 * Filler and chain are timed with them, as in the group itself; and as there, what counts
 * are batches of the regime that the estimates would be of.
 *
 * Return: false if the run must end.
 */
bool time_twins(const struct run *r, struct arena *a, enum state_id state, uint64_t ticks,
		struct heard *h, uint64_t *took, struct run_error *e);

#endif
