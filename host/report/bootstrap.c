/* SPDX-License-Identifier: GPL-2.0-only */
/* The hierarchical bootstrap, see estimate.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "estimate.h"
#include "sort.h"

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
		sort_upward(v, n);
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

/* Which of n values were drawn in n draws, as a rank among them: both middle ones. */
struct middles {
	uint32_t low, high;
};

/* The value that has a rank, from 0, of those drawn: by counting, for the values are
 * sorted already. */
static uint32_t drawn_at(const uint32_t *times, uint32_t rank)
{
	uint32_t i, upto = times[0];

	for (i = 0; upto <= rank; upto += times[++i])
		;
	return i;
}

static struct middles draw_many(uint32_t *times, uint32_t n, uint64_t *state)
{
	memset(times, 0, n * sizeof(*times));
	for (uint32_t i = 0; i < n; i++)
		times[below(state, n)]++;
	return (struct middles){ drawn_at(times, (n - 1) / 2), drawn_at(times, n / 2) };
}

/* Sixteen counts of at most 15 in one word, 4 bits each. */
#define COUNTS		16
#define COUNT_BITS	4
#define EVERY_COUNT	0x1111111111111111u
#define EVERY_BYTE	0x0101010101010101u

/* How many bytes of it, each at most 15, are above @rank: one has its top bit then, if
 * that much is added. */
static uint32_t above(uint64_t bytes, uint32_t rank)
{
	uint64_t top = bytes + (0x7f - rank) * EVERY_BYTE;

	return (uint32_t)((top >> 7 & EVERY_BYTE) * EVERY_BYTE >> 56);
}

/* The same of sums: count i of @upto is how many drawn are value i or one below.
 * Without a branch, which nothing could predict. */
static uint32_t summed_at(uint64_t upto, uint32_t rank)
{
	uint64_t even = upto & 15 * EVERY_BYTE;
	uint64_t odd = upto >> COUNT_BITS & 15 * EVERY_BYTE;

	return COUNTS - above(even, rank) - above(odd, rank);
}

/* As draw_many(), for fewer than COUNTS: a report has 13 values a block, and this is
 * where the tool's time goes. */
static struct middles draw_few(uint32_t n, uint64_t *state)
{
	uint64_t times = 0, at = *state;

	for (uint32_t i = 0; i < n; i++)
		times += (uint64_t)1 << COUNT_BITS * below(&at, n);
	*state = at;
	/* Sums stay below COUNTS: there is no carry. */
	times *= EVERY_COUNT;
	return (struct middles){ summed_at(times, (n - 1) / 2), summed_at(times, n / 2) };
}

static double block_median(struct pool *p, unsigned block, uint64_t *state)
{
	const double *v = p->v[block];
	uint32_t n = p->n[block];
	struct middles m = n < COUNTS ? draw_few(n, state)
		: draw_many(p->times, n, state);

	return (v[m.low] + v[m.high]) / 2;
}

static double resample(struct pool *p, uint64_t *state)
{
	for (unsigned b = 0; b < p->blocks; b++)
		p->medians[b] = block_median(p, below(state, p->blocks), state);
	sort_upward(p->medians, p->blocks);
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
		sort_upward(found, RESAMPLES);
		r = (struct range){ true, found[RESAMPLES / 40 - 1],
				    found[RESAMPLES - RESAMPLES / 40], 0 };
	}
	pool_free(&p);
	return r;
}
