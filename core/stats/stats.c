/* SPDX-License-Identifier: GPL-2.0-only */
/* Order statistics in integers, see stats.h. */
#include "stats/stats.h"

static void sift(int64_t *v, uint32_t from, uint32_t n)
{
	for (;;) {
		uint32_t child = 2 * from + 1;
		int64_t t;

		if (child >= n)
			return;
		if (child + 1 < n && v[child + 1] > v[child])
			child++;
		if (v[from] >= v[child])
			return;
		t = v[from];
		v[from] = v[child];
		v[child] = t;
		from = child;
	}
}

/* Heapsort: no recursion, no memory, no bad case. */
static void sort(int64_t *v, uint32_t n)
{
	uint32_t i;

	for (i = n / 2; i-- > 0; )
		sift(v, i, n);
	for (i = n; i-- > 1; ) {
		int64_t t = v[0];

		v[0] = v[i];
		v[i] = t;
		sift(v, 0, i);
	}
}

/* Half of a sum that may need 65 bits.  If it does, both are of one sign, so
 * that halving them one by one rounds towards zero as well. */
static int64_t mean(int64_t a, int64_t b)
{
	int64_t sum;

	if (!__builtin_add_overflow(a, b, &sum))
		return sum / 2;
	return a / 2 + b / 2 + (a % 2 + b % 2) / 2;
}

int64_t median_of(int64_t *v, uint32_t n)
{
	sort(v, n);
	return n & 1 ? v[n / 2] : mean(v[n / 2 - 1], v[n / 2]);
}

/* Value at rank ceil(n * percent / 100), counted from 1. */
static int64_t quantile(const int64_t *v, uint32_t n, uint32_t percent)
{
	uint32_t rank = (uint32_t)(((uint64_t)n * percent + 99) / 100);

	return v[rank ? rank - 1 : 0];
}

static int64_t distance(int64_t a, int64_t b)
{
	int64_t d;

	return __builtin_sub_overflow(a > b ? a : b, a > b ? b : a, &d)
		? INT64_MAX : d;
}

struct spread spread_of(int64_t *v, uint32_t n)
{
	struct spread r = { .n = n };
	uint32_t i;

	if (!n)
		return r;
	r.median = median_of(v, n);
	r.min = v[0];
	r.p5 = quantile(v, n, 5);
	r.p25 = quantile(v, n, 25);
	r.p75 = quantile(v, n, 75);
	r.p95 = quantile(v, n, 95);
	r.max = v[n - 1];
	for (i = 0; i < n; i++)
		v[i] = distance(v[i], r.median);
	r.mad = median_of(v, n);
	return r;
}

/* Twice the sum of C(n, 0) .. C(n, k - 1) may be 1/20 of 2^n, which must have 64
 * bits; a term times n then has them too. */
#define EXACT_MAX	63

static uint32_t rank_exact(uint32_t n)
{
	uint64_t room = (UINT64_C(1) << n) / 40, term = 1;
	uint32_t k = 0;

	while (term <= room) {
		room -= term;
		term = term * (n - k) / (k + 1);
		k++;
	}
	return k;
}

static uint64_t square_root(uint64_t v)
{
	uint64_t root = 0;

	for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= v)
			root += bit;
	return root;
}

/* The normal distribution's k with its correction for continuity, rounded down:
 * (n + 1 - 1.96 sqrt(n)) / 2, where 3.841459 is the square of 1.959964. */
static uint32_t rank_normal(uint32_t n)
{
	uint64_t root = square_root(UINT64_C(3841459) * n);

	return (uint32_t)((1000 * ((uint64_t)n + 1) - root - 1) / 2000);
}

struct interval interval_at(const int64_t *sorted, uint32_t n, uint32_t rank)
{
	if (!rank)
		return (struct interval){ false, 0, 0 };
	return (struct interval){ true, sorted[rank - 1], sorted[n - rank] };
}

struct interval interval_of(const int64_t *sorted, uint32_t n)
{
	return interval_at(sorted, n, n <= EXACT_MAX ? rank_exact(n) : rank_normal(n));
}

int64_t interval_width(struct interval in)
{
	int64_t wide;

	return __builtin_sub_overflow(in.hi, in.lo, &wide) ? INT64_MAX : wide;
}
