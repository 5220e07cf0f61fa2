/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Raw counts: what a timing gives, before anything is computed of it; and what became
 * of the timings that do not count.
 */
#ifndef SERIES_H
#define SERIES_H

#include <stdbool.h>
#include <stdint.h>
#include "measure/layout.h"

/* Code offsets of a first pass, at most, and the bytes from one to the next: a cache
 * line's. */
#define OFFSETS_MAX	16
#define OFFSET_STEP	(LINE_BYTES / OFFSETS_MAX)

/* Bytes from one to the next, of so many. */
static inline unsigned offset_step(unsigned offsets)
{
	return LINE_BYTES / offsets / OFFSET_STEP * OFFSET_STEP;
}

/* One batch: counts for reps passes over the short and the long body. */
struct batch {
	uint32_t n, n2;
};

/*
 * A cell's raw counts; never adjusted once taken.  Those of block b are the
 * group's taken[b] from batch[b * each] on; what has the same index in another
 * series of the group was timed next to it.
 */
struct series {
	uint32_t reps;		/* passes over a body in one timing */
	bool few;		/* bodies of 1 and 2 copies, for others take too long */
	uint32_t each;		/* batches there is room for, a block */
	const struct batch *ticks;	/* TSC */
	const struct batch *cycles;	/* core clock; NULL: not counted */
};

/* Why a batch does not count, see dropped.def. */
enum dropped {
#define DROPPED(name, what) DROPPED_##name,
#include "list/dropped.def"
#undef DROPPED
	DROPPED_COUNT
};
extern const char *const dropped_names[DROPPED_COUNT];

/* What became of the batches, and of the windows they were taken in. */
struct quality {
	uint32_t tried, dropped[DROPPED_COUNT];
	uint64_t largest_gap;		/* TSC ticks */
	/* The largest bound that a body was held to, TSC ticks: platform.gap_ticks where
	 * none varies by itself; and of dropped[DROPPED_gap], batches in which nothing
	 * but bodies that do was longer. */
	uint64_t gap_bound;
	uint32_t gap_own;
	uint32_t windows, overran;	/* all; those longer than they may be */
	uint64_t longest_window;	/* TSC ticks */
};

#endif
