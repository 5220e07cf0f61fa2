/* SPDX-License-Identifier: GPL-2.0-only */
/* Does the report say what its raw ticks say? */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include "finding.h"

struct checked {
	unsigned numbers, wrong;
};

/**
 * check_bench - compares what the report states of a benchmark.
 * @f:   find()'s of @b.
 * @to:  a line for every number that differs by more than rounding.
 * @sum: added to.
 */
void check_bench(const struct report *r, const struct bench *b,
		 const struct finding *f, FILE *to, struct checked *sum);

#endif
