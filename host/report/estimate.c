/* SPDX-License-Identifier: GPL-2.0-only */
/* Estimates, see estimate.h. */
#include <math.h>
#include <stdlib.h>
#include "estimate.h"
#include "looks.h"
#include "sort.h"

const char *const verdict_words[VERDICT_COUNT] = {
#define VERDICT(name, what) [VERDICT_##name] = #name,
#include "list/verdict.def"
#undef VERDICT
};

static double middle(const double *sorted, uint32_t n)
{
	return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

static double *room(size_t n)
{
	double *v = calloc(n + 1, sizeof(*v));

	if (!v)
		abort();
	return v;
}

/* Copies a block's values, sorted; returns how many are not NAN. */
static uint32_t values(double *to, const double *from, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++)
		if (!isnan(from[i]))
			to[kept++] = from[i];
	sort_upward(to, kept);
	return kept;
}

/* The largest k whose k - 1 lowest and k - 1 highest ranks can be left out: twice
 * the chance of k - 1 heads or fewer in n tosses is at most 5%. */
static uint32_t rank_95(uint32_t n)
{
	double left_out = 0;
	uint32_t k;

	for (k = 0; k < n; k++) {
		left_out += exp(lgamma(n + 1.0) - lgamma(k + 1.0)
				- lgamma(n - k + 1.0) - n * M_LN2);
		/* lgamma's last digits must not decide about 2/64. */
		if (2 * left_out > 0.05 * (1 + 1e-9))
			break;
	}
	return k;
}

static struct range ranks(const double *sorted, uint32_t n, uint32_t k)
{
	if (!k)
		return (struct range){ 0 };
	return (struct range){ true, sorted[k - 1], sorted[n - k], 0 };
}

/* Few blocks: the interval is of all values, and holds the estimate. */
static struct range widened(struct range r, double value)
{
	r.lo = fmin(r.lo, value);
	r.hi = fmax(r.hi, value);
	return r;
}

struct estimate estimate(const struct blocks *s, const double *series)
{
	double *v = room(s->total), *medians = room(s->count);
	struct estimate e = { 0 };
	struct seen seen = { 0 };
	uint32_t k, blocks = 0;

	for (unsigned b = 0; b < s->count; b++) {
		uint32_t n = values(v, series + s->first[b], s->n[b]);

		if (n)
			medians[blocks++] = middle(v, n);
		see(&seen, b + 1, blocks, s->looks_from, s->count);
	}
	e.n = values(v, series, s->total);
	sort_upward(medians, blocks);
	if (blocks) {
		e.value = middle(medians, blocks);
		e.least = medians[0];
		e.most = medians[blocks - 1];
	}
	if (blocks >= 6 || s->looks_from) {
		k = s->looks_from ? rank_seen(&seen) : rank_95(blocks);
		e.in_95 = ranks(medians, blocks, k);
		e.further = ranks(medians, blocks, k > 1 ? k - 1 : k);
	} else {
		k = rank_95(e.n);
		e.in_95 = widened(ranks(v, e.n, k), e.value);
		e.further = widened(ranks(v, e.n, k > 1 ? k - 1 : k), e.value);
	}
	free(medians);
	free(v);
	return e;
}

struct sorted sorted_values(const struct blocks *s, const double *series)
{
	struct sorted all = { .v = room(s->total) };

	all.n = values(all.v, series, s->total);
	return all;
}

double quantile(const struct sorted *all, unsigned percent)
{
	uint64_t rank = ((uint64_t)all->n * percent + 99) / 100;

	return all->n ? all->v[rank ? rank - 1 : 0] : NAN;
}

double mad(const struct sorted *all)
{
	double *away, m;

	if (!all->n)
		return NAN;
	away = room(all->n);
	m = middle(all->v, all->n);
	for (uint32_t i = 0; i < all->n; i++)
		away[i] = fabs(all->v[i] - m);
	sort_upward(away, all->n);
	m = middle(away, all->n);
	free(away);
	return m;
}

/* Else it is overlap, and not speed. */
static bool may_be_faster(struct range ratio, const struct rules *rules)
{
	return rules->overlap == IS_FASTER || (ratio.known && ratio.lo > 0);
}

/* As reports state a ratio. */
static double millionth(double ratio)
{
	return round(ratio * 1e6) / 1e6;
}

bool mostly_grain(struct range ratio)
{
	return ratio.known && ratio.grain > 0
		&& 4 * millionth(ratio.grain) + 3.5e-6 > ratio.hi - ratio.lo;
}

/* A last bit is no width. */
static bool at_margin(struct range ratio, double margin, const struct rules *rules)
{
	double wide = ratio.hi - ratio.lo;

	return rules->margins == OF_PRECISION && margin <= 0.1 && wide < margin + 1e-9
		&& wide - 2 * millionth(ratio.grain) < margin / 2 + 1e-9;
}

/* Ends and margins are stated in millionths; 1 - 0.07 is less than 0.93. */
#define LAST_BIT	1e-9

enum verdict verdict_of(struct range ratio, double margin, const struct rules *rules)
{
	if (!ratio.known || isinf(margin))
		return VERDICT_inconclusive;
	if (ratio.hi < 1 - margin - LAST_BIT)
		return may_be_faster(ratio, rules) ? VERDICT_faster
			: VERDICT_inconclusive;
	if (ratio.lo > 1 + margin + LAST_BIT)
		return VERDICT_slower;
	if (margin <= 0.1 && ratio.lo >= 1 - margin - LAST_BIT
	    && ratio.hi <= 1 + margin + LAST_BIT)
		return VERDICT_same;
	return at_margin(ratio, margin, rules) ? VERDICT_margin : VERDICT_inconclusive;
}

double floor_of(struct range r, double centre)
{
	if (!r.known)
		return INFINITY;
	return fmax(fabs(centre - r.lo), fabs(r.hi - centre));
}

/* A width of 20% may be one by a last bit. */
static bool can_be_judged(struct range ratio, double margin)
{
	return ratio.known && margin <= 0.1 && ratio.hi - ratio.lo < 0.2 + 1e-9;
}

bool ratio_decides(struct range ratio, double margin, const struct rules *rules)
{
	return verdict_of(ratio, margin, rules) != VERDICT_inconclusive
		|| can_be_judged(ratio, margin);
}

const char *basis_word(struct judged j)
{
	return j.by_difference ? "difference" : "ratio";
}

struct judged judge(struct range ratio, double margin, struct range difference,
		    double floor, const struct rules *rules)
{
	struct judged j = { verdict_of(ratio, margin, rules), false };

	if (j.verdict != VERDICT_inconclusive || can_be_judged(ratio, margin))
		return j;
	j.by_difference = true;
	if (!difference.known || isinf(floor))
		return j;
	if (difference.lo > floor)
		j.verdict = VERDICT_slower;
	if (difference.hi < -floor && may_be_faster(ratio, rules))
		j.verdict = VERDICT_faster;
	return j;
}

struct judged vetoed(struct judged j, bool apart, const struct rules *rules)
{
	if (apart && rules->margins == OF_PRECISION)
		j.verdict = VERDICT_inconclusive;
	return j;
}
