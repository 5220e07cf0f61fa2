/* SPDX-License-Identifier: GPL-2.0-only */
/* Estimates, see estimate.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "estimate.h"

const char *const verdict_words[VERDICT_COUNT] = {
#define VERDICT(name, what) [VERDICT_##name] = #name,
#include "list/verdict.def"
#undef VERDICT
};

static int upward(const void *a, const void *b)
{
	double l = *(const double *)a, r = *(const double *)b;

	return (l > r) - (l < r);
}

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
	qsort(to, kept, sizeof(*to), upward);
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
	return (struct range){ true, sorted[k - 1], sorted[n - k] };
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
	uint32_t k, blocks = 0;

	for (unsigned b = 0; b < s->count; b++) {
		uint32_t n = values(v, series + s->first[b], s->n[b]);

		if (n)
			medians[blocks++] = middle(v, n);
	}
	e.n = values(v, series, s->total);
	qsort(medians, blocks, sizeof(*medians), upward);
	if (blocks) {
		e.value = middle(medians, blocks);
		e.least = medians[0];
		e.most = medians[blocks - 1];
	}
	if (blocks >= 6) {
		k = rank_95(blocks);
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

double quantile(const struct blocks *s, const double *series, unsigned percent)
{
	double *v = room(s->total), q = NAN;
	uint32_t n = values(v, series, s->total);
	uint64_t rank = ((uint64_t)n * percent + 99) / 100;

	if (n)
		q = v[rank ? rank - 1 : 0];
	free(v);
	return q;
}

double mad(const struct blocks *s, const double *series)
{
	double *v = room(s->total), m = NAN;
	uint32_t n = values(v, series, s->total);

	if (n) {
		m = middle(v, n);
		for (uint32_t i = 0; i < n; i++)
			v[i] = fabs(v[i] - m);
		qsort(v, n, sizeof(*v), upward);
		m = middle(v, n);
	}
	free(v);
	return m;
}

/* Else it is overlap, and not speed. */
static bool above_nothing(struct range ratio)
{
	return ratio.known && ratio.lo > 0;
}

enum verdict verdict_of(struct range ratio, double margin)
{
	if (!ratio.known || isinf(margin))
		return VERDICT_inconclusive;
	if (ratio.hi < 1 - margin)
		return above_nothing(ratio) ? VERDICT_faster : VERDICT_inconclusive;
	if (ratio.lo > 1 + margin)
		return VERDICT_slower;
	return margin <= 0.1 && ratio.lo >= 1 - margin && ratio.hi <= 1 + margin
		? VERDICT_same : VERDICT_inconclusive;
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

const char *basis_word(struct judged j)
{
	return j.by_difference ? "difference" : "ratio";
}

struct judged judge(struct range ratio, double margin, struct range difference,
		    double floor)
{
	struct judged j = { verdict_of(ratio, margin), false };

	if (j.verdict != VERDICT_inconclusive || can_be_judged(ratio, margin))
		return j;
	j.by_difference = true;
	if (!difference.known || isinf(floor))
		return j;
	if (difference.lo > floor)
		j.verdict = VERDICT_slower;
	if (difference.hi < -floor && above_nothing(ratio))
		j.verdict = VERDICT_faster;
	return j;
}
