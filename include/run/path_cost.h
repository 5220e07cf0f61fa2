/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a path's row moves: what its ops add by themselves.
 *
 * Each op that a unit runs (path_ops.h) is a workload by itself as well, in layout work, of the
 * same run.  Does the sum of what these add to native, each as often as the unit has it, make
 * what the path's cell has more than native?
 */
#ifndef PATH_COST_H
#define PATH_COST_H

#include "run/run.h"

/* What is more than native.  Instructions where the clock counts them, else millionths of a TSC
 * tick. */
struct path_more {
	bool known;
	int64_t more;
	struct interval more_95;	/* of times; not always known */
};

struct path_cost {
	struct path_more unit;		/* measured: the path's cell */
	struct path_more ops;		/* its ops, each by itself, as often as it runs them */
};

/* Of a cell of a path's group; cells of ops are of the same backend, convention, mode, padding
 * and CPU. */
struct path_cost path_cost(const struct run *r, const struct group *g,
			   const struct result *res);

/* Counts are equal; intervals have a number in common.  False too where it is not known. */
bool path_cost_agrees(const struct path_cost *c);

#endif
