/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking again and again without false verdicts: at which numbers of blocks a group is
 * looked at, and how much wider than that of a single look an interval then has to be.
 *
 * A block is what is replicated: a group's bodies at one placement.  Its value is the
 * median of its batches.  Count the blocks whose value is at or below the true median:
 * of n independent blocks that is a sum of n tosses of a coin, whatever the values are
 * distributed like, if that is continuous.  The interval from the k-th smallest to the
 * k-th largest misses the true median where the sum is below k or above n - k.  So the
 * chance that one of several looks misses it is that of a random walk to cross one of
 * several bounds, and is computed exactly, step by step, in integers.
 *
 * How much of the 5% may be used up by a look is fixed beforehand, by the number of its
 * blocks (alpha spending): half at once, at whichever look is the first, the rest in
 * equal parts for each block up to BLOCKS_MAX.  So a first look at 16 blocks has the
 * interval that it would have alone (k = 4), and the last, at 128, k = 50 (alone: 53).
 *
 * What holds: the chance that the true median is outside of the interval at any of the
 * looks, however many there will be and whoever decides by what has been seen whether
 * there is another, is at most 5%.  What is asked for: blocks that do not depend on
 * each other and are distributed alike.  A drift or a change of the machine in between is
 * neither.
 *
 * Sources: the sign test and its interval (as in stats.h); Jennison and Turnbull,
 * "Interim Analyses: The Repeated Confidence Interval Approach", J. R. Statist. Soc. B 51
 * (1989); Lan and DeMets, "Discrete Sequential Boundaries for Clinical Trials",
 * Biometrika 70 (1983), for spending by what is there and not by a plan; the walk's
 * recursion: Armitage, McPherson and Rowe, "Repeated Significance Tests on Accumulating
 * Data", J. R. Statist. Soc. A 132 (1969).
 */
#ifndef SEQUENTIAL_H
#define SEQUENTIAL_H

#include <stdint.h>
#include "stats/blocks.h"

/* The first at one block; and one at which the budget ended. */
#define LOOKS_MAX	18

/* When a group is looked at: at first blocks, then at every LOOK_BLOCKS more, up to
 * BLOCKS_MAX.  first 0: there is one look, at as many as there are. */
struct looks {
	unsigned first;		/* at most BLOCKS_MAX */
};

/**
 * next_look - how many blocks the next look asks for.
 * @blocks: that there are.
 *
 * Return: 0 where there is none: one look alone, or BLOCKS_MAX blocks are there.
 */
unsigned next_look(const struct looks *looks, unsigned blocks);

/**
 * look_ranks - the ranks at which intervals end, for looks one after the other.
 * @sizes: how many values each of the looks has, rising, 1 to BLOCKS_MAX.
 * @n:     looks.
 * @rank:  for each: from the rank-th smallest to the rank-th largest value; 0: there
 *         is no interval at that look.  It never falls from one look to the next.
 *
 * A look's rank depends on the looks up to it, not on those that follow.  Sizes may be
 * any: blocks without a value for a cell are left out, and the budget may end between
 * two looks.  They may not depend on what the values were.
 *
 * The chances are multiples of 2^-62, rounded up at each step: no rank is larger than the
 * exact one, and it could be smaller only where that misses its bound by less than
 * 2^-46.  Time: some 4000 additions for 128 blocks.
 */
void look_ranks(const unsigned *sizes, unsigned n, uint8_t *rank);

#endif
