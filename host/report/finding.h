/* SPDX-License-Identifier: GPL-2.0-only */
/* What a benchmark's raw ticks give. */
#ifndef FINDING_H
#define FINDING_H

#include "estimate.h"

/* What the application's integers may differ by in one batch, ticks an op: two
 * roundings to a millionth. */
#define BATCH_ROUNDING	2e-6

struct finding {
	struct estimate net, gross;	/* ticks an op; n is 0: nothing is known */
	double cycles;			/* NAN where there is no chain */
	struct estimate half[2];	/* net, of offsets in that half alone */
	bool compared;			/* with the group's reference */
	bool has_ratio;
	struct estimate ratio, difference;
	/* The ratio, had every batch been rounded down or up. */
	struct estimate ratio_low, ratio_high;
	/* What the ratio's grain is at least and at most as the application rounds. */
	double grain_least, grain_most;
	double margin;			/* by order statistics; INFINITY: not known */
	struct judged judged;
	/* By bootstrap; only from find_bootstrap(). */
	struct range ratio_boot, difference_boot;
	double margin_boot;
	struct judged judged_boot;
};

/* Order statistics alone. */
struct finding find(const struct bench *b);

/**
 * find_bootstrap - the bootstrap's members of @f, which is find()'s.
 * @seed: the report's.
 * @aa:	  group_floors_boot() of its group.
 * @all:  difference_boot too where the verdict does not rest on it; else it is not
 *	  known there, in half the time.
 */
void find_bootstrap(struct finding *f, const struct bench *b, uint64_t seed,
		    struct floors aa, bool all);

/* The A/A floors of a group: the twin's; INFINITY where there is none. */
struct floors group_floors(const struct group *g);
struct floors group_floors_boot(const struct group *g, uint64_t seed);

/* The precision's part of the reference's median, in ticks: the least floor of differences;
 * 0 where margins are not of the precision. */
double least_difference(const struct group *g);

#endif
