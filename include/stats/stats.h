/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Statistics in integers: order statistics, the interval of a median, and what
 * may be said of two things that were timed in pairs.
 *
 * stats/ knows numbers and nothing of what was timed, but for anchor.h: there counts are
 * held against what others have published.
 *
 * Values are in millionths: of a tick for an op, of one for a ratio.
 */
#ifndef STATS_H
#define STATS_H

#include <stdbool.h>
#include <stdint.h>
#include "stats/sequential.h"

#define MILLION		1000000

/* The widest margin by which things are called the same; a ratio's interval that is
 * wider than twice that says nothing. */
#define MARGIN_SAME_MOST	(MILLION / 10)

/* Order statistics of n values.  Units are the values'. */
struct spread {
	uint32_t n;
	int64_t median, min, p5, p25, p75, p95, max, mad;
};

/* An interval that holds the true median with a confidence of 95% or more.
 * Not known where there are too few values for one. */
struct interval {
	bool known;
	int64_t lo, hi;
};

/* Pairs taken in several blocks, in the order in which those were taken: block b has n[b]
 * of them, which are x[first[b]], y[first[b]] and those that follow.  x is what is
 * compared, y what it is compared with. */
struct pairs {
	unsigned blocks;
	const uint32_t *first, *n;
	const int64_t *x, *y;
	int64_t grain;		/* steps in which values were taken, or 0: what
				 * lies between two of them cannot be seen, so
				 * intervals are wider by one */
	struct looks looks;	/* at the blocks so far; {0}: this is the only one */
};

/* What two things differ by.  VERDICT(name, what): see verdict.def. */
enum verdict {
#define VERDICT(name, what) VERDICT_##name,
#include "list/verdict.def"
#undef VERDICT
	VERDICT_COUNT
};

extern const char *const verdict_names[VERDICT_COUNT];

struct comparison {
	bool has_ratio;
	int64_t ratio;			/* x / y, in millionths */
	struct interval ratio_95;
	int64_t difference;		/* x - y, in the values' unit */
	struct interval difference_95;
	int64_t margin;			/* what is called the same, in millionths */
	enum verdict verdict;
	bool by_difference;		/* the verdict; else it is by the ratio */
	unsigned blocks;		/* that have a ratio; where none has, a difference */
	bool vetoed;			/* by the twin: then inconclusive */
	/* By so much each end lies further out than the blocks have it, for values come in
	 * steps: of the difference; of the ratio, 0 where its interval is not known. */
	int64_t grain, ratio_grain;
};

/**
 * spread_of - order statistics.
 * @v: @n values, sorted and then overwritten.
 *
 * Quantile q of n values is the one at rank ceil(q * n), counted from 1, of the
 * sorted values; an even count's median is the mean of the middle two, rounded
 * towards zero.  MAD is the median of distances from the median, unscaled.
 *
 * Return: all zero where @n is 0.
 */
struct spread spread_of(int64_t *v, uint32_t n);

/**
 * median_of - the median of values, which are sorted in place.
 * @n: at least 1.
 */
int64_t median_of(int64_t *v, uint32_t n);

/**
 * interval_of - the 95% interval of the median, by order statistics.
 * @sorted: @n values in ascending order.
 *
 * From the k-th smallest to the k-th largest, with the largest k for which the
 * chance that a median of a continuous distribution lies outside, twice the
 * chance of k - 1 or fewer heads in n tosses, is at most 5%.  Exact up to 63
 * values; above, k is never larger than the exact one and at most 1 smaller
 * (tested up to a million values).  Values must be independent of each other:
 * a drift makes the interval too narrow.
 * Source: order-statistic confidence interval of a quantile (sign test).
 *
 * Return: not known below 6 values.
 */
struct interval interval_of(const int64_t *sorted, uint32_t n);

/**
 * interval_at - from the rank-th smallest to the rank-th largest value.
 * @rank: counted from 1, and at most (n + 1) / 2; 0: there is no interval.
 */
struct interval interval_at(const int64_t *sorted, uint32_t n, uint32_t rank);

/* From one end to the other; INT64_MAX where that is further. */
int64_t interval_width(struct interval in);

/**
 * compare - what pairs say about x against y.
 * @p:      the pairs.
 * @margin: equivalence margin in millionths, not negative: how far from 1 a
 *          ratio may be and still be called the same.
 * @work:   as many words of scratch as there are pairs, and one a block more.
 *
 * In every block the median of its pairs' ratios and of their differences; of
 * those the median over blocks; a block without any is left out.  Where 6
 * blocks or more have some, the intervals are those of the blocks' medians, and
 * speak for other offsets too.  Else they are of all pairs together, widened to
 * hold the median over blocks, and speak for these offsets only.
 *
 * With p->looks the intervals are those of the blocks' medians alone, however few, with
 * look_ranks()'s rank at the last of all looks that there were: at the sizes that
 * p->looks says, as far as there are blocks, and at all blocks.  Blocks that are left
 * out count for where looks were, and not as values.
 *
 * A pair whose y is not positive has no ratio; where more than one in fifty of the
 * pairs have none (those left would be a choice that noise made), or there are no
 * pairs, has_ratio is false, the ratio and its interval are 0 and not known, and the
 * verdict is inconclusive.
 *
 * Both intervals are then widened by p->grain at each end: the ratio's by the grain
 * over the median over blocks of y, and it is not known where that is not positive.
 *
 * Ratios are rounded to nearest and right to a millionth for any x and y; those
 * beyond 64 bits, and such differences, are the nearest that there is.
 *
 * Verdict: same, where the interval of the ratio lies within 1 +- margin, both
 * ends included, and the margin is 10% at most; faster, where it lies wholly below
 * 1 - margin and wholly above 0 (what reaches 0 overlaps with what is around it, and
 * is not known to be quick); slower, wholly above 1 + margin; margin (at the margin),
 * where it holds 1 + margin or 1 - margin, both ends included, is half the margin wide at
 * most before it is widened, and the margin wide at most after; inconclusive otherwise, or
 * where no interval is known, or the margin is not (INT64_MAX).  by_difference and vetoed
 * are false.
 */
struct comparison compare(const struct pairs *p, int64_t margin, int64_t *work);

/**
 * grain_of - one of the steps in which values come, as struct pairs has it.
 * @step: of what was taken, in whole units.
 * @ops:  that a value is a part of, 1 or more.
 *
 * Return: @step / @ops in millionths, rounded up: an interval that is to be wider by a step
 * is so by no less.
 */
int64_t grain_of(uint64_t step, uint64_t ops);

/**
 * is_decided - is that a verdict by which it ends: same, faster, slower or margin?
 */
bool is_decided(enum verdict verdict);

/**
 * is_coarse - is half of the ratio's interval, or more, the grain's?
 *
 * The grain is 2 * ratio_grain of it, and no number of blocks makes that less.  Values that
 * come in steps often have it at exactly half; so it is as well where the width is up to 3
 * millionths more than twice that, which may be the ends' rounding.  Return: false where
 * there is no interval, or no grain.
 */
bool is_coarse(const struct comparison *c);

/**
 * veto - what is said of a group whose twin is apart.
 * @c:  compare()'s, and judge_difference()'s.
 * @aa: the twin against the original, by the same margin.
 *
 * Where the same bytes elsewhere are faster or slower, the verdict of others is
 * inconclusive, and vetoed is true.  Anything else that the twin is changes nothing.
 */
void veto(struct comparison *c, const struct comparison *aa);

/**
 * judge_difference - the verdict where the ratio says nothing.
 * @c:     compare()'s.
 * @floor: difference_floor_of() the twin and the reference.
 *
 * Leaves @c as it is where its verdict is another than inconclusive, or where it
 * is that by a ratio that can be judged: one whose interval is known and at most
 * 20% wide (wider, no margin holds it) with a margin of 10% at most.
 *
 * Else sets by_difference, and the verdict: slower, where the interval of the
 * difference lies wholly above @floor; faster, wholly below -@floor, if the ratio's
 * interval is known and lies wholly above 0; inconclusive otherwise, or where the
 * difference's interval or the floor is not known.  Never same: how much of a y next
 * to 0 would be little is not known.
 */
void judge_difference(struct comparison *c, int64_t floor);

/**
 * difference_floor_of - differences up to which nothing is called slower or faster.
 * @aa:     the twin against the original.
 * @y:      the original's median, in the values' unit.
 * @margin: not negative.
 *
 * A quiet twin is no reason to call apart what by the ratio would be the same: it is
 * the larger of what the twin differs by, which is the larger distance from 0 of the two
 * ends of its difference's interval, and of @margin of @y, rounded up; where @y is not
 * positive, the twin's alone.
 *
 * Return: that, in the values' unit; INT64_MAX where the twin's interval is not known.
 */
int64_t difference_floor_of(const struct comparison *aa, int64_t y, int64_t margin);

/**
 * ratio_of - a / b in millionths, b positive; rounded to nearest.
 */
int64_t ratio_of(int64_t a, int64_t b);

#endif
