/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which group goes on, where verdicts are open and there is time left: the one from which
 * most decisions per time are to be expected.
 *
 * What is expected of a cell: its interval gets narrower with the square root of the
 * blocks, but for its grain, and its estimate stays.  That decides what comes first, and nothing
 * that is said of a cell: the intervals hold whoever chooses, see sequential.h.
 */
#ifndef NEXT_GROUP_H
#define NEXT_GROUP_H

#include <stddef.h>
#include "stats/stats.h"

/* A verdict that is not to be expected within BLOCKS_MAX. */
#define LOOKS_NEVER	LOOKS_MAX

/* A group. */
struct contender {
	struct looks looks;
	unsigned blocks;		/* that there are */
	uint64_t look_ticks;		/* what the blocks up to its next look take */
	/* Verdicts that are open, by how many looks from now they are expected: [0] is not
	 * used, [LOOKS_NEVER] has those that are not. */
	uint16_t open[LOOKS_NEVER + 1];
};

/**
 * looks_wanted - how many looks from now a verdict is to be expected.
 * @c:      after judge_difference() and veto().
 * @floor:  as given to judge_difference(); of a twin INT64_MAX.
 * @looks, @blocks: of its group.
 *
 * Return: 0 where it is decided, or vetoed: more blocks of a twin that is apart change
 * nothing; and where the grain keeps it open whatever its blocks will say.  At least 1
 * where it is open; LOOKS_NEVER where BLOCKS_MAX blocks would not do.
 */
unsigned looks_wanted(const struct comparison *c, int64_t floor, struct looks looks,
		      unsigned blocks);

/* Counts one comparison of the group, whatever its verdict. */
void contend(struct contender *g, const struct comparison *c, int64_t floor);

/**
 * choose_group - the group that goes on, up to its next look.
 * @g:	  @n groups, whose comparisons have been counted.
 * @left: ticks of the budget.
 *
 * Of those that have an open verdict, a next look, and look_ticks of @left at most: the
 * one with most verdicts per time, of the looks at which that is most.  Verdicts that are
 * not to be expected count as if they came after twice the looks there could be: so they
 * come last, and are tried.  Of equals the one with the fewest blocks, then the first.
 *
 * Return: @n where none goes on.
 */
size_t choose_group(const struct contender *g, size_t n, uint64_t left);

#endif
