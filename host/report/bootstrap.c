/* SPDX-License-Identifier: GPL-2.0-only */
/* The hierarchical bootstrap, see estimate.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "estimate.h"

/* splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators" (2014). */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Below n, which is far below 2^32: each as likely as the next to 2^-32. */
static uint32_t below(uint64_t *state, uint32_t n)
{
	return (uint32_t)((next(state) >> 32) * n >> 32);
}

static int upward(const void *a, const void *b)
{
	double l = *(const double *)a, r = *(const double *)b;

	return (l > r) - (l < r);
}

/* Blocks that have values, and their values sorted. */
struct pool {
	unsigned blocks;
	uint32_t *n;
	double **v;
	double *values, *medians;
	uint32_t *times;	/* how often each value of a block was drawn */
};

static bool pool_fill(struct pool *p, const struct blocks *s, const double *series)
{
	uint32_t used = 0;

	p->n = calloc(s->count + 1, sizeof(*p->n));
	p->v = calloc(s->count + 1, sizeof(*p->v));
	p->medians = calloc(s->count + 1, sizeof(*p->medians));
	p->values = calloc(s->total + 1, sizeof(*p->values));
	p->times = calloc(s->total + 1, sizeof(*p->times));
	if (!p->n || !p->v || !p->medians || !p->values || !p->times)
		abort();
	for (unsigned b = 0; b < s->count; b++) {
		double *v = p->values + used;
		uint32_t n = 0;

		for (uint32_t i = s->first[b]; i < s->first[b] + s->n[b]; i++)
			if (!isnan(series[i]))
				v[n++] = series[i];
		if (!n)
			continue;
		qsort(v, n, sizeof(*v), upward);
		p->v[p->blocks] = v;
		p->n[p->blocks++] = n;
		used += n;
	}
	return used >= 6;
}

static void pool_free(struct pool *p)
{
	free(p->n);
	free(p->v);
	free(p->medians);
	free(p->values);
	free(p->times);
}

/* The value at a rank, from 0, of those drawn: by counting, for the values are
 * sorted already. */
static double drawn_at(const double *v, const uint32_t *times, uint32_t rank)
{
	uint32_t i, upto = times[0];

	for (i = 0; upto <= rank; upto += times[++i])
		;
	return v[i];
}

static double block_median(struct pool *p, unsigned block, uint64_t *state)
{
	const double *v = p->v[block];
	uint32_t n = p->n[block];

	memset(p->times, 0, n * sizeof(*p->times));
	for (uint32_t i = 0; i < n; i++)
		p->times[below(state, n)]++;
	return (drawn_at(v, p->times, (n - 1) / 2) + drawn_at(v, p->times, n / 2)) / 2;
}

static double resample(struct pool *p, uint64_t *state)
{
	for (unsigned b = 0; b < p->blocks; b++)
		p->medians[b] = block_median(p, below(state, p->blocks), state);
	qsort(p->medians, p->blocks, sizeof(*p->medians), upward);
	return (p->medians[(p->blocks - 1) / 2] + p->medians[p->blocks / 2]) / 2;
}

struct range bootstrap(const struct blocks *s, const double *series, uint64_t seed)
{
	static double found[RESAMPLES];
	struct pool p = { 0 };
	struct range r = { 0 };

	if (pool_fill(&p, s, series)) {
		for (unsigned i = 0; i < RESAMPLES; i++)
			found[i] = resample(&p, &seed);
		qsort(found, RESAMPLES, sizeof(*found), upward);
		r = (struct range){ true, found[RESAMPLES / 40 - 1],
				    found[RESAMPLES - RESAMPLES / 40] };
	}
	pool_free(&p);
	return r;
}
