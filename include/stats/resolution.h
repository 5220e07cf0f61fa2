/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a run will be able to tell, from a few blocks that were timed before it.
 *
 * Their values are ratios of two things that are the same.  The interval of a run's many
 * blocks goes from one rank to another; between the same two ranks, in proportion, of the
 * few it is expected to go from the same values.  So nothing is assumed of how values are
 * distributed but that they will go on being so.
 */
#ifndef RESOLUTION_H
#define RESOLUTION_H

#include <stdbool.h>
#include <stdint.h>

/* With fewer values nothing is predicted. */
#define RESOLUTION_LEAST	6

/* All in millionths of one. */
struct resolution {
	bool known;
	int64_t spread;		/* half of them lie within this of their median: MAD */
	int64_t half_width;	/* half of what the run's interval is expected to reach over */
	int64_t smallest;	/* difference that will be decided: margin and half_width */
	bool same;		/* what is the same can be called so: half_width <= margin */
};

/**
 * resolution_of - predict the interval of a run's blocks.
 * @v:      @n ratios, millionths; sorted, and then overwritten.
 * @blocks: that the run will have, at least 1.
 * @rank:   the interval will go from the rank-th smallest of them to the rank-th
 *          largest, see look_ranks(); 0: there will be none.
 * @grain:  by so much the run's interval is wider at each end, see struct pairs; of a
 *          ratio, millionths, not negative.
 * @margin: what is called the same, millionths.
 *
 * The run's rank k of b blocks stands at the share k / (b + 1) of what blocks may be;
 * here that is position k * (n + 1) / (b + 1) of n values, between two of them in
 * proportion, and not beyond the first and the last.
 *
 * How well it holds (run-resolution.c, 24 values, against the interval of a run of 16 to
 * 128 blocks, ranks of look_ranks()): its median is within 15% of the run's, and within
 * a factor of 2.2 for 9 runs of 10, whether values are normal, even, Laplace's or a tenth
 * of them spikes.  Where there are two modes it is right on average only: then the run's
 * own intervals are as far apart.
 *
 * Return: not known with fewer than RESOLUTION_LEAST values, or without a rank.
 */
struct resolution resolution_of(int64_t *v, uint32_t n, uint32_t blocks,
				uint32_t rank, int64_t grain, int64_t margin);

#endif
