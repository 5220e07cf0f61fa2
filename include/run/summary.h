/* SPDX-License-Identifier: GPL-2.0-only */
/* A group's raw counts to numbers. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "run/run.h"

/**
 * struct summary_rules - what a run's numbers are made by.
 * @chain_cycles: core cycles of one op of the chain.
 * @step:    what the TSC advances by, in ticks; 0 or 1: it is not coarse.
 * @margin:  what is called the same, in millionths.
 * @scratch: run_scratch() words: three a batch that counts, and one a block.
 */
struct summary_rules {
	unsigned chain_cycles;
	uint64_t step;
	int64_t margin;
	int64_t *scratch;
};

struct summary_rules summary_rules_of(const struct run *r);

/**
 * summarise - a group's raw counts to numbers.
 * @g: of the regime it uses are the numbers, but for all_median; blocks with too few
 *     batches of it (REGIME_BLOCK_LEAST) are left out.  Its comparisons are by looks
 *     where it has looks_from.
 *
 * Its cells' numbers of an earlier look are forgotten first: a cell that was refused since,
 * or whose filler or reference was, has none.
 */
void summarise(const struct group *g, struct result *results,
	       const struct summary_rules *rules);

#endif
