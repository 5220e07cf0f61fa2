/* SPDX-License-Identifier: GPL-2.0-only */
/* Does the report say what its raw ticks say? */
#ifndef CHECK_H
#define CHECK_H

#include "checked.h"
#include "finding.h"

/**
 * check_bench - compares what the report states of a benchmark.
 * @f:   find()'s of @b.
 * @sum: added to: the numbers looked at, and those that differ by more than rounding.
 */
void check_bench(const struct report *r, const struct bench *b,
		 const struct finding *f, struct checked *sum);

#endif
