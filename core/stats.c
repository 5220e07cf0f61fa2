/* SPDX-License-Identifier: GPL-2.0-only */
/* Order statistics in integers, see cell.h. */
#include "cell.h"

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

static int64_t sorted_median(const int64_t *v, uint32_t n)
{
	return n & 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

int64_t median_of(int64_t *v, uint32_t n)
{
	sort(v, n);
	return sorted_median(v, n);
}

/* Value at rank ceil(n * percent / 100), counted from 1. */
static int64_t quantile(const int64_t *v, uint32_t n, uint32_t percent)
{
	uint32_t rank = (uint32_t)(((uint64_t)n * percent + 99) / 100);

	return v[rank ? rank - 1 : 0];
}

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* Thousandths of a tick for one op. */
static int64_t per_op(const struct batch *b, uint32_t reps)
{
	return ((int64_t)b->n2 - (int64_t)b->n) * 1000
		/ ((int64_t)WORKLOAD_N * reps);
}

struct summary summarise(const struct series *s, int64_t *work)
{
	struct summary r = { .n = s->count };
	uint32_t i;

	if (!s->count)
		return r;
	for (i = 0; i < s->count; i++)
		work[i] = per_op(&s->batch[i], s->reps);
	r.median = median_of(work, s->count);
	r.min = work[0];
	r.p5 = quantile(work, s->count, 5);
	r.p25 = quantile(work, s->count, 25);
	r.p75 = quantile(work, s->count, 75);
	r.p95 = quantile(work, s->count, 95);
	r.max = work[s->count - 1];
	for (i = 0; i < s->count; i++)
		work[i] = distance(work[i], r.median);
	r.mad = median_of(work, s->count);
	return r;
}

bool permille_over(int64_t a, int64_t b, int64_t *out)
{
	int64_t scaled = (a - b) * 1000;

	if (b <= 0)
		return false;
	*out = (scaled + (scaled < 0 ? -b / 2 : b / 2)) / b;
	return true;
}
