/* SPDX-License-Identifier: GPL-2.0-only */
/* A group's raw counts to numbers. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "plan/group.h"

/* What is called the same, in millionths. */
#define MARGIN_LEAST	(MILLION / 100)

/**
 * summarise - a group's raw counts to numbers.
 * @chain_cycles: core cycles of one op of the chain.
 * @step: what the TSC advances by, in ticks; 0 or 1: it is not coarse.
 * @scratch: run_scratch() words: three a batch that counts, and one a block.
 */
void summarise(const struct group *g, struct result *results, unsigned chain_cycles,
	       uint64_t step, int64_t *scratch);

#endif
