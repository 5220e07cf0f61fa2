/* SPDX-License-Identifier: GPL-2.0-only */
/* What came of a budget: how far a run was timed on, and what is decided. */
#ifndef ROUNDS_H
#define ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

struct rounds {
	bool ran;		/* there was a budget, and a clock to keep it by */
	uint64_t began;		/* TSC */
	uint64_t used_ticks;	/* of the budgets of all CPUs, TSC; all of one where the clock
				 * ran backwards */
	unsigned first_blocks;	/* that a group was given before the first round, at least */
	/* Verdicts of cells at the last look, twins not among them. */
	unsigned decided, open;
	uint32_t looks;		/* of all groups, the first ones included */
};

#endif
