/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Order statistics against another way to compute them: qsort(), and ranks by
 * counting instead of by formula.
 */
#include <stdlib.h>
#include <string.h>
#include "cell.h"
#include "tap.h"

#define N_MAX	1000

static struct batch batch[N_MAX];
static int64_t work[N_MAX + 1];
#define CANARY	0x5ca1ab1e0ddba11

static uint64_t seed = 0x2545f4914f6cdd1d;

static uint32_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32);
}

static int ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The middle one, or what lies between the middle two, in 128 bits. */
static int64_t plain_median(int64_t *v, uint32_t n)
{
	qsort(v, n, sizeof(*v), ascending);
	if (n % 2)
		return v[(n - 1) / 2];
#ifdef __SIZEOF_INT128__
	return (int64_t)(((__int128)v[n / 2 - 1] + v[n / 2]) / 2);
#else
	return (v[n / 2 - 1] + v[n / 2]) / 2;
#endif
}

/* The first value that has at least that percentage of all at or below it. */
static int64_t plain_quantile(const int64_t *sorted, uint32_t n, unsigned percent)
{
	for (uint32_t i = 0; i < n; i++)
		if ((uint64_t)(i + 1) * 100 >= (uint64_t)n * percent)
			return sorted[i];
	return sorted[n - 1];
}

static struct summary plain(const struct series *s)
{
	int64_t v[N_MAX];
	struct summary r = { .n = s->count };

	for (uint32_t i = 0; i < s->count; i++)
		v[i] = ((int64_t)s->batch[i].n2 - s->batch[i].n) * 1000
			/ (int64_t)(24 * (uint64_t)s->reps);
	r.median = plain_median(v, s->count);
	r.min = v[0];
	r.max = v[s->count - 1];
	r.p5 = plain_quantile(v, s->count, 5);
	r.p25 = plain_quantile(v, s->count, 25);
	r.p75 = plain_quantile(v, s->count, 75);
	r.p95 = plain_quantile(v, s->count, 95);
	for (uint32_t i = 0; i < s->count; i++)
		v[i] = llabs(v[i] - r.median);
	r.mad = plain_median(v, s->count);
	return r;
}

static bool same(const struct summary *a, const struct summary *b)
{
	return a->n == b->n && a->median == b->median && a->min == b->min
		&& a->p5 == b->p5 && a->p25 == b->p25 && a->p75 == b->p75
		&& a->p95 == b->p95 && a->max == b->max && a->mad == b->mad;
}

static bool agrees(uint32_t n, uint32_t reps)
{
	struct series s = { .reps = reps, .count = n, .batch = batch };
	struct summary want = plain(&s), got;

	work[n] = CANARY;
	got = summarise(&s, work);
	return same(&want, &got) && work[n] == CANARY;
}

/* Kinds of data: what the difference of batch i is. */

static uint32_t kind_equal(uint32_t i) { (void)i; return 2400; }
static uint32_t kind_rising(uint32_t i) { return i * 24; }
static uint32_t kind_falling(uint32_t i) { return (N_MAX - i) * 24; }
static uint32_t kind_outlier(uint32_t i) { return i ? 240 : 4000000000; }
static uint32_t kind_bimodal(uint32_t i) { return i % 2 ? 2400 : 480000; }
static uint32_t kind_mostly_equal(uint32_t i) { return i % 7 ? 2400 : rnd() % 4800; }
static uint32_t kind_small(uint32_t i) { (void)i; return rnd() % 5; }
static uint32_t kind_wide(uint32_t i) { (void)i; return rnd(); }

static const struct {
	const char *name;
	uint32_t (*value)(uint32_t i);
} kinds[] = {
	{ "all equal", kind_equal },
	{ "rising", kind_rising },
	{ "falling", kind_falling },
	{ "one far out", kind_outlier },
	{ "two modes", kind_bimodal },
	{ "mostly equal", kind_mostly_equal },
	{ "few values", kind_small },
	{ "any value", kind_wide },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Positive differences, negative ones, and n that is not 0. */
static void fill(unsigned kind, uint32_t n, int sign)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t v = kinds[kind].value(i);

		batch[i] = sign > 0 ? (struct batch){ 0, v }
			 : sign < 0 ? (struct batch){ v, 0 }
				    : (struct batch){ rnd(), v };
	}
}

static bool kind_agrees(unsigned kind, int sign)
{
	static const uint32_t reps[] = { 1, 3, 64 };

	for (uint32_t n = 1; n <= N_MAX; n = n < 130 ? n + 1 : n + 97)
		for (unsigned r = 0; r < 3; r++) {
			fill(kind, n, sign);
			if (agrees(n, reps[r]))
				continue;
			diag("n %u, reps %u", (unsigned)n, (unsigned)reps[r]);
			return false;
		}
	return true;
}

static void test_kinds(void)
{
	for (unsigned k = 0; k < KINDS; k++) {
		ok(kind_agrees(k, 1), "%s", kinds[k].name);
		ok(kind_agrees(k, -1), "%s, negative", kinds[k].name);
		ok(kind_agrees(k, 0), "%s, from any n", kinds[k].name);
	}
}

/* Numbers worked out by hand: 24 copies, so 24 ticks are 1000 a copy. */

static const struct by_hand {
	const char *what;
	uint32_t count, reps;
	struct batch batch[5];
	struct summary want;
} by_hand[] = {
	{ "no batches", 0, 1, { { 0, 0 } }, { 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "one batch", 1, 1, { { 100, 124 } },
	  { 1, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 0 } },
	{ "two: the mean", 2, 1, { { 0, 24 }, { 0, 72 } },
	  { 2, 2000, 1000, 1000, 1000, 3000, 3000, 3000, 1000 } },
	{ "two: the mean, towards zero", 2, 1, { { 0, 1 }, { 0, 2 } },
	  { 2, 62, 41, 41, 41, 83, 83, 83, 21 } },
	{ "two, negative: towards zero", 2, 1, { { 1, 0 }, { 2, 0 } },
	  { 2, -62, -83, -83, -83, -41, -41, -41, 21 } },
	{ "two of opposite sign", 2, 1, { { 24, 0 }, { 0, 24 } },
	  { 2, 0, -1000, -1000, -1000, 1000, 1000, 1000, 1000 } },
	{ "three", 3, 2, { { 0, 96 }, { 0, 48 }, { 0, 480 } },
	  { 3, 2000, 1000, 1000, 1000, 10000, 10000, 10000, 1000 } },
	{ "most equal: MAD 0", 5, 1,
	  { { 0, 24 }, { 0, 24 }, { 0, 24 }, { 0, 240 }, { 24, 0 } },
	  { 5, 1000, -1000, -1000, 1000, 1000, 10000, 10000, 0 } },
	{ "the largest there can be", 1, 1, { { 0, UINT32_MAX } },
	  { 1, 178956970625, 178956970625, 178956970625, 178956970625,
	    178956970625, 178956970625, 178956970625, 0 } },
	{ "the smallest there can be", 1, 1, { { UINT32_MAX, 0 } },
	  { 1, -178956970625, -178956970625, -178956970625, -178956970625,
	    -178956970625, -178956970625, -178956970625, 0 } },
};
#define BY_HAND (sizeof(by_hand) / sizeof(by_hand[0]))

static void test_by_hand(void)
{
	for (const struct by_hand *h = by_hand; h < by_hand + BY_HAND; h++) {
		struct series s = { h->reps, h->count, h->batch };
		struct summary got = summarise(&s, work);

		if (!ok(same(&got, &h->want), "%s", h->what))
			diag("median %lld, mad %lld", (long long)got.median,
			     (long long)got.mad);
	}
}

static void test_median_of(void)
{
	int64_t one[] = { -7 };
	int64_t v[] = { 5, -5, 0, 3, -3, 1 };

	ok1(median_of(one, 1) == -7);
	ok1(median_of(v, 6) == 0);
	ok(v[0] == -5 && v[1] == -3 && v[2] == 0 && v[3] == 1 && v[4] == 3
	   && v[5] == 5, "and the values are sorted");
}

static bool every_order(void)
{
	/* All 3125 sequences of 5 values from 5. */
	for (unsigned k = 0; k < 3125; k++) {
		int64_t a[5], b[5];

		for (unsigned i = 0, rest = k; i < 5; i++, rest /= 5)
			a[i] = b[i] = (int64_t)(rest % 5) - 2;
		if (median_of(a, 5) != plain_median(b, 5)
		    || memcmp(a, b, sizeof(a)))
			return false;
	}
	return true;
}

static const struct {
	int64_t a, b;
	bool has;
	int64_t want;
} ratios[] = {
	{ 1000, 1000, true, 0 },
	{ 1100, 1000, true, 100 },
	{ 900, 1000, true, -100 },
	{ 2000, 1000, true, 1000 },
	{ 0, 1000, true, -1000 },
	{ -1000, 1000, true, -2000 },
	{ 2001, 2000, true, 1 },	/* a half: away from zero */
	{ 1999, 2000, true, -1 },
	{ 20009, 20000, true, 0 },	/* 0.45 */
	{ 20011, 20000, true, 1 },	/* 0.55 */
	{ 19991, 20000, true, 0 },
	{ 19989, 20000, true, -1 },
	{ 4, 3, true, 333 },
	{ 5, 3, true, 667 },
	{ 2, 3, true, -333 },
	{ 1, 3, true, -667 },
	{ 7, 1, true, 6000 },
	{ 1, 0, false, 0 },
	{ 0, 0, false, 0 },
	{ 1, -1, false, 0 },
	{ -5, -10, false, 0 },
	{ 178956970625, -178956970625, false, 0 },
	{ 178956970625, 1, true, 178956970624000 },
	{ -178956970625, 1, true, -178956970626000 },
};
#define RATIOS (sizeof(ratios) / sizeof(ratios[0]))

static void test_ratios(void)
{
	for (unsigned i = 0; i < RATIOS; i++) {
		int64_t out = CANARY;
		bool has = permille_over(ratios[i].a, ratios[i].b, &out);

		ok(has == ratios[i].has
		   && out == (has ? ratios[i].want : (int64_t)CANARY),
		   "%lld over %lld: %lld", (long long)ratios[i].a,
		   (long long)ratios[i].b, (long long)ratios[i].want);
	}
}

int main(void)
{
	test_by_hand();
	test_kinds();
	test_median_of();
	ok(every_order(), "five values in every order");
	test_ratios();
	return done();
}
