/* SPDX-License-Identifier: GPL-2.0-only */
/* One thing that was timed on several CPUs: what differs between them. */
#ifndef CORES_H
#define CORES_H

#include "machine/core_kind.h"
#include "stats/stats.h"

/* What came of it on one CPU; @median_95: of the median. */
struct core_taken {
	unsigned cpu;			/* its number */
	enum core_kind kind;
	int64_t median;
	struct interval median_95;
};

/**
 * odd_core - the one core that is unlike the others of its kind.
 * @t: @n of them.
 *
 * Its interval lies wholly below or wholly above those of all others of its kind, of
 * which there are two or more; and no other's does so.  Those whose interval is not
 * known are left out.  Where nothing differs one of n is taken for odd seldom: of two
 * intervals of 95% that are independent one in a hundred and fifty pairs lies apart,
 * and here it is apart from all.
 *
 * Return: its place in @t; @n: there is none.
 */
unsigned odd_core(const struct core_taken *t, unsigned n);

/* Do the intervals of two lie apart?  Not where one is not known. */
bool cores_apart(const struct core_taken *a, const struct core_taken *b);

/* Two kinds of core, beside each other. */
struct kinds_apart {
	bool known;			/* there are both, and their medians are above 0 */
	bool apart;			/* all intervals of one lie above all of the other's */
	int64_t ratio;			/* of their medians' medians, in millionths */
};

/* Cores of kind @x beside those of kind @than. */
struct kinds_apart kinds_apart(const struct core_taken *t, unsigned n, enum core_kind x,
			       enum core_kind than);

#endif
