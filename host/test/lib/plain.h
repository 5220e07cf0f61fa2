/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Statistics written another way than core's, to compare it with: qsort(), ranks
 * by counting, binomials by Pascal's triangle, long double (whose 64 bits hold
 * the sum of two int64_t, and 2^64).
 */
#ifndef PLAIN_H
#define PLAIN_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static uint64_t plain_seed = 0x2545f4914f6cdd1d;

static inline uint32_t rnd(void)
{
	plain_seed ^= plain_seed << 13;
	plain_seed ^= plain_seed >> 7;
	plain_seed ^= plain_seed << 17;
	return (uint32_t)(plain_seed >> 32);
}

static inline int64_t rnd64(void)
{
	uint64_t high = rnd();

	return (int64_t)(high << 32 | rnd());
}

/* In (0, 1). */
static inline double uniform(void)
{
	return (rnd() + 0.5) / 4294967296.0;
}

static inline double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

static inline int plain_ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static inline int64_t plain_clamp(long double v)
{
	return v >= 0x1p63L ? INT64_MAX : v < -0x1p63L ? INT64_MIN : (int64_t)v;
}

/* The middle one, or what lies between the middle two. */
static inline int64_t plain_median(int64_t *v, uint32_t n)
{
	qsort(v, n, sizeof(*v), plain_ascending);
	return (int64_t)(((long double)v[(n - 1) / 2] + v[n / 2]) / 2);
}

/* The first value that has at least that percentage of all at or below it. */
static inline int64_t plain_quantile(const int64_t *sorted, uint32_t n,
				     unsigned percent)
{
	for (uint32_t i = 0; i < n; i++)
		if ((uint64_t)(i + 1) * 100 >= (uint64_t)n * percent)
			return sorted[i];
	return sorted[n - 1];
}

/* row[j] becomes C(n, j) / 2^n from C(n - 1, j) / 2^(n - 1). */
static inline void pascal_next(long double *row, uint32_t n)
{
	row[n] = row[n - 1] / 2;
	for (uint32_t j = n - 1; j > 0; j--)
		row[j] = (row[j] + row[j - 1]) / 2;
	row[0] /= 2;
}

/* The largest k for which what is left out on both sides is 5% at most; what
 * remains goes to @holds.  0 if there is none. */
static inline uint32_t pascal_rank(const long double *row, long double *holds)
{
	long double out = 0;
	uint32_t k = 0;

	while (2 * (out + row[k]) <= 0.05L)
		out += row[k++];
	*holds = 1 - 2 * out;
	return k;
}

#endif
