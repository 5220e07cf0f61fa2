/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a replay comes to, beside what its ops cost one by one.
 *
 * A mix's cell is a sequence of ops, its gaps taken off.  Each of its ops is a workload by
 * itself as well, in layout work, of the same run.  Does the sum of these, each as often as
 * the sequence has it, make the sequence?
 */
#ifndef MIX_COST_H
#define MIX_COST_H

#include "mix/row.h"
#include "run/run.h"

/* Millionths of a TSC tick; instructions, where the clock counts them. */
struct mix_cost {
	bool known;			/* every op has its cell; if not: */
	enum mix_part lacks;		/* the first that has none */
	int64_t ticks;
	struct interval ticks_95;	/* of the ends of the ops' intervals; not always known */
	bool counted;
	uint64_t instructions;
};

/* Of a cell of a mix's group: count x cost of its ops, of cells of the same backend,
 * convention, mode and padding. */
struct mix_cost mix_cost(const struct run *r, const struct group *g, const struct result *res);

enum mix_agrees {
	MIX_AGREES,		/* counts are equal; intervals have a number in common */
	MIX_DIFFERS,
	MIX_NOT_KNOWN,
};
extern const char *const mix_agrees_names[];

/* Is the sequence what its ops make? */
enum mix_agrees mix_agrees(const struct mix_cost *c, const struct result *res);

/**
 * mix_unit - of a unit of the mix, from what a sequence comes to.
 * @v: of a sequence, in any unit.
 *
 * As there are more ops that are replayed in a unit of the record than in the sequence.
 */
int64_t mix_unit(const struct mix_row *row, int64_t v);

/**
 * mix_unit_percent - thousandths of a percent that so many ticks are of a unit's time.
 * @cycles: core cycles, millionths; of a unit.
 * @ipc:    its instructions in a cycle, as supposed.
 */
int64_t mix_unit_percent(const struct mix_row *row, int64_t cycles, unsigned ipc);

/* Those of a unit, kernel and user. */
uint64_t mix_unit_instructions(const struct mix_row *row);

#endif
