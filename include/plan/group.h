/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A group: cells that are timed in the same batches, and so can be compared as pairs;
 * and which of its cells the others are compared with.
 */
#ifndef GROUP_H
#define GROUP_H

#include <stddef.h>
#include <stdint.h>
#include "measure/measure.h"
#include "plan/cell.h"
#include "stats/blocks.h"

/* Most cells of a group. */
#define GROUP_MAX	BLOCK_MAX

/* Cells that are timed in the same batches. */
struct group {
	enum workload_id workload;
	enum backend_id backend;
	enum layout_id layout;
	enum state_id state;
	unsigned cpu;			/* where it is timed: number of platform.cpu */
	const struct run_cpu *on;	/* that CPU; NULL: the one there is */
	size_t first;			/* its results: [first, first + count) */
	unsigned count;
	/* Those there are, of them those of the first pass; good batches of each, and
	 * where in a cache line its copies begin, in bytes. */
	unsigned blocks, first_blocks;
	uint32_t taken[BLOCKS_MAX];
	uint8_t offset[BLOCKS_MAX];
	/* Of each batch, with the same index as a series'; NULL: not taken. */
	struct width_taken *width;
	uint32_t width_each;		/* there is room for so many, a block */
	unsigned width_blocks;		/* blocks of which width_bins() was asked */
	struct regimes regimes;		/* of its CPU's batches; none: all count */
	struct quality quality;
	/* At its comparisons, while it was timed on: how many, and the blocks that the
	 * first was at; 0: there is one, in the end. */
	unsigned looks, looks_from;
	uint64_t spent_ticks;		/* on its blocks, where there is a budget; TSC */
};

/**
 * group_find - a cell of a group.
 * @r:   ROLE_cell: of that mode and convention; else these do not matter.
 *
 * Return: NULL if there is none, or it was refused.
 */
struct result *group_find(const struct group *g, struct result *results,
			  enum role role, enum mode_id mode,
			  enum convention_id convention);

/**
 * group_reference - the cell that the others of its group are compared with.
 *
 * The native one.  In a group that was planned without it, or of an op whose native cell
 * is a call too (op_calls_native()), mode indirect: of ccall, where that was asked for,
 * whose site is the call alone; else of the first convention.  Where such an op has no
 * cell of it the native one.  Return: NULL where it was refused, or there is none.
 */
struct result *group_reference(const struct group *g, struct result *results);

/* Is that cell of a group its reference rather than @than, which comes before it?
 * @than: NULL if there is none yet. */
bool better_reference(const struct cell *c, const struct cell *than);

/* What a report calls it: "native", or "indirect/ccall". */
void reference_name(char *to, size_t room, const struct cell *c);

/* Differences up to which nothing of a group is called slower or faster, by its twin;
 * INT64_MAX without one.  @margin: as difference_floor_of() has it. */
int64_t group_floor(const struct group *g, struct result *results, int64_t margin);

/* The CPU's number; 0 where there is only one. */
static inline unsigned group_cpu(const struct group *g)
{
	return g->on ? g->on->number : 0;
}

/* Is its CPU not to be had any more? */
static inline bool group_is_over(const struct group *g)
{
	return g->on && g->on->not_run[0];
}

/* Does it have all the blocks there are to have? */
static inline bool group_is_full(const struct group *g)
{
	return g->blocks >= BLOCKS_MAX;
}

/* What a name ends in where it is not the boot CPU's: "@3", else nothing. */
#define GROUP_AT_ROOM	16
const char *group_at(char to[GROUP_AT_ROOM], const struct group *g);

/* "save_fl/xen/line/warm", or "save_fl/xen/line/warm@3". */
#define GROUP_NAME_ROOM	80
void group_name(char *to, size_t room, const struct group *g);

/* The blocks of a fixed plan: so many offsets, evenly over a cache line.  With a budget
 * there are as many in the first pass, and the places are drawn when it begins. */
void group_lay_blocks(struct group *g, unsigned offsets);

/* Thousandths of a group's batches in which its core was alone.  Return: false if that
 * is not known. */
bool group_alone(const struct group *g, unsigned *permille);

/* Batches of a group that count, in all blocks. */
uint32_t group_taken(const struct group *g);

#endif
