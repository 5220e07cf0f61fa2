/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Order statistics and the interval of a median against another way to compute
 * them, and the interval against the truth.
 */
#include <string.h>
#include "plan/cell.h"
#include "plain.h"
#include "stats/stats.h"
#include "tap.h"

#define N_MAX	1000
#define CANARY	0x5ca1ab1e0ddba11

static int64_t work[N_MAX + 1];

static struct spread plain(const int64_t *of, uint32_t n)
{
	int64_t v[N_MAX];
	struct spread r = { .n = n };

	memcpy(v, of, n * sizeof(*v));
	r.median = plain_median(v, n);
	r.min = v[0];
	r.max = v[n - 1];
	r.p5 = plain_quantile(v, n, 5);
	r.p25 = plain_quantile(v, n, 25);
	r.p75 = plain_quantile(v, n, 75);
	r.p95 = plain_quantile(v, n, 95);
	for (uint32_t i = 0; i < n; i++)
		v[i] = plain_clamp(fabsl((long double)v[i] - r.median));
	r.mad = plain_median(v, n);
	return r;
}

static bool same(const struct spread *a, const struct spread *b)
{
	return a->n == b->n && a->median == b->median && a->min == b->min
		&& a->p5 == b->p5 && a->p25 == b->p25 && a->p75 == b->p75
		&& a->p95 == b->p95 && a->max == b->max && a->mad == b->mad;
}

static bool agrees(const int64_t *v, uint32_t n)
{
	struct spread want = plain(v, n), got;

	memcpy(work, v, n * sizeof(*v));
	work[n] = CANARY;
	got = spread_of(work, n);
	return same(&want, &got) && work[n] == CANARY;
}

/* Kinds of data: what value i is. */

static int64_t kind_equal(uint32_t i) { (void)i; return 2400; }
static int64_t kind_rising(uint32_t i) { return i * 24; }
static int64_t kind_falling(uint32_t i) { return (N_MAX - i) * 24; }
static int64_t kind_step(uint32_t i) { return i < 50 ? 24000 : 25000 + rnd() % 99; }
static int64_t kind_spikes(uint32_t i) { return i % 9 ? 240 + rnd() % 7 : 4000000000; }
static int64_t kind_bimodal(uint32_t i) { return i % 2 ? 2400 : 480000; }
static int64_t kind_mostly_equal(uint32_t i) { return i % 7 ? 2400 : rnd() % 4800; }
static int64_t kind_small(uint32_t i) { (void)i; return rnd() % 5; }
static int64_t kind_signs(uint32_t i) { (void)i; return (int32_t)rnd(); }
static int64_t kind_huge(uint32_t i) { (void)i; return rnd64() >> 11; }
static int64_t kind_any(uint32_t i) { (void)i; return rnd64(); }
static int64_t kind_ends(uint32_t i) { (void)i; return rnd() & 1 ? INT64_MAX : INT64_MIN; }
static int64_t kind_top(uint32_t i) { return INT64_MAX - i % 3; }
static int64_t kind_bottom(uint32_t i) { return INT64_MIN + i % 3; }

static const struct {
	const char *name;
	int64_t (*value)(uint32_t i);
} kinds[] = {
	{ "all equal", kind_equal },
	{ "rising", kind_rising },
	{ "falling", kind_falling },
	{ "a step", kind_step },
	{ "spikes", kind_spikes },
	{ "two modes", kind_bimodal },
	{ "mostly equal: MAD 0", kind_mostly_equal },
	{ "few values", kind_small },
	{ "both signs", kind_signs },
	{ "2^52", kind_huge },
	{ "any value", kind_any },
	{ "the two ends", kind_ends },
	{ "the largest", kind_top },
	{ "the smallest", kind_bottom },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool kind_agrees(unsigned kind, bool negated)
{
	int64_t v[N_MAX];

	for (uint32_t n = 1; n <= N_MAX; n = n < 130 ? n + 1 : n + 97) {
		for (uint32_t i = 0; i < n; i++) {
			v[i] = kinds[kind].value(i);
			v[i] = negated ? -(v[i] + 1) : v[i];
		}
		if (agrees(v, n))
			continue;
		diag("n %u", (unsigned)n);
		return false;
	}
	return true;
}

static void test_kinds(void)
{
	for (unsigned k = 0; k < KINDS; k++) {
		ok(kind_agrees(k, false), "%s", kinds[k].name);
		ok(kind_agrees(k, true), "%s, negative", kinds[k].name);
	}
}

/* Numbers worked out by hand. */
static const struct by_hand {
	const char *what;
	uint32_t n;
	int64_t v[5];
	struct spread want;
} by_hand[] = {
	{ "no values", 0, { 0 }, { 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
	{ "one", 1, { 1000 }, { 1, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 0 } },
	{ "two: the mean", 2, { 3000, 1000 },
	  { 2, 2000, 1000, 1000, 1000, 3000, 3000, 3000, 1000 } },
	{ "two: the mean, towards zero", 2, { 41, 84 },
	  { 2, 62, 41, 41, 41, 84, 84, 84, 21 } },
	{ "two, negative: towards zero", 2, { -41, -84 },
	  { 2, -62, -84, -84, -84, -41, -41, -41, 21 } },
	{ "two of opposite sign", 2, { -1000, 1000 },
	  { 2, 0, -1000, -1000, -1000, 1000, 1000, 1000, 1000 } },
	{ "three", 3, { 2000, 1000, 10000 },
	  { 3, 2000, 1000, 1000, 1000, 10000, 10000, 10000, 1000 } },
	{ "most equal: MAD 0", 5, { 1000, 1000, 1000, 10000, -1000 },
	  { 5, 1000, -1000, -1000, 1000, 1000, 10000, 10000, 0 } },
};
#define BY_HAND (sizeof(by_hand) / sizeof(by_hand[0]))

static void test_by_hand(void)
{
	for (const struct by_hand *h = by_hand; h < by_hand + BY_HAND; h++) {
		struct spread got;

		memcpy(work, h->v, sizeof(h->v));
		got = spread_of(work, h->n);
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

/* The interval.  Of the values 0, 1, 2.. its lower end is the rank. */

#define RANKS_MAX	1000000
static int64_t ranks[RANKS_MAX];

/* k, or 0 where there is none or the two ends are not alike. */
static uint32_t rank_of(uint32_t n)
{
	struct interval in = interval_of(ranks, n);

	if (!in.known || in.lo + in.hi != (int64_t)n - 1)
		return 0;
	return (uint32_t)in.lo + 1;
}

#define ROW_MAX		2000
static uint32_t exact[ROW_MAX + 1];
static long double holds[ROW_MAX + 1];

static void exact_ranks(void)
{
	static long double row[ROW_MAX + 1];

	row[0] = 1;
	for (uint32_t n = 1; n <= ROW_MAX; n++) {
		pascal_next(row, n);
		exact[n] = pascal_rank(row, &holds[n]);
	}
}

static void test_ranks(void)
{
	unsigned wrong = 0, off = 0, short_by_1 = 0;

	for (uint32_t n = 0; n < 6; n++)
		ok(!interval_of(ranks, n).known, "no interval of %u", (unsigned)n);
	for (uint32_t n = 6; n <= 63; n++)
		wrong += rank_of(n) != exact[n];
	ok(!wrong, "6 to 63 values: the exact rank");
	for (uint32_t n = 64; n <= ROW_MAX; n++) {
		off += exact[n] - rank_of(n) > 1;
		short_by_1 += rank_of(n) != exact[n];
	}
	ok(!off, "64 to %u values: exact, or 1 smaller", ROW_MAX);
	diag("1 smaller for %u of %u", short_by_1, ROW_MAX - 63);
	ok1(rank_of(6) == 1 && rank_of(8) == 1 && rank_of(9) == 2);
	ok1(rank_of(16) == 4 && rank_of(62) == 23);
}

/* Of n tosses, the chance of k - 1 heads or fewer, by logarithms. */
static long double tail(uint32_t n, uint32_t k)
{
	long double sum = 0;

	for (uint32_t j = k; j-- > 0; ) {
		long double term = expl(lgammal(n + 1.0L) - lgammal(j + 1.0L)
					- lgammal(n - j + 1.0L) - n * logl(2));
		sum += term;
		if (term < sum * 1e-12L)
			break;
	}
	return sum;
}

static void test_large_ranks(void)
{
	static const uint32_t many[] = {
		2001, 4096, 10000, 16383, 65536, 99999, 262144, 524287, 1000000,
	};

	for (unsigned i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
		uint32_t n = many[i], k = rank_of(n);

		ok(k && 2 * tail(n, k) <= 0.05L && 2 * tail(n, k + 2) > 0.05L,
		   "%u values: rank %u", (unsigned)n, (unsigned)k);
	}
}

/* What the interval is for: how often does it hold the true median? */

static double skewed(void) { return -log(uniform()); }		/* median ln 2 */
static double spiked(void)					/* symmetric, wide */
{
	return uniform() < 0.1 ? 1000 * normal() : normal();
}
static double two_modes(void) { return (rnd() & 1 ? 3 : -3) + normal(); }

static const struct {
	const char *name;
	double (*draw)(void), median;
} truths[] = {
	{ "normal", normal, 0 },
	{ "skewed", skewed, M_LN2 },
	{ "spikes", spiked, 0 },
	{ "two modes", two_modes, 0 },
};

#define SETS	1500

/* So many are drawn once, and sets are drawn from those: their own median, which is near
 * the truth's, is what an interval must hold. */
#define POPULATION	65536
static int64_t population[POPULATION];

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t populate(unsigned truth)
{
	for (unsigned i = 0; i < POPULATION; i++)
		population[i] = llround(truths[truth].draw() * 1e9);
	qsort(population, POPULATION, sizeof(population[0]), by_value);
	return population[POPULATION / 2];
}

static unsigned times_held(int64_t median, uint32_t n)
{
	int64_t v[N_MAX];
	unsigned held = 0;

	for (unsigned s = 0; s < SETS; s++) {
		struct interval in;

		for (uint32_t i = 0; i < n; i++)
			v[i] = population[rnd() % POPULATION];
		median_of(v, n);
		in = interval_of(v, n);
		held += in.lo <= median && median <= in.hi;
	}
	return held;
}

/* A fraction of SETS trials is known to 4.5 of its standard deviations, which
 * 272 fractions leave by chance once in 500 seeds; the seed is fixed. */
static void test_coverage(unsigned truth)
{
	int64_t median = populate(truth);
	unsigned bad = 0, all = 0, sets = 0, below = 0;

	for (unsigned i = 0; i < POPULATION; i++)
		below += population[i] < llround(truths[truth].median * 1e9);

	for (uint32_t n = 6; n <= 1000; n += n < 64 ? 1 : 234) {
		double want = (double)holds[n];
		unsigned held = times_held(median, n);
		double off = fabs((double)held / SETS - want);

		all += held;
		sets += SETS;
		if (off <= 4.5 * sqrt(want * (1 - want) / SETS) + 0.002 * (n > 63)
		    && held < 0.999 * SETS)
			continue;
		diag("%u values: %u of %u, not %.4f", (unsigned)n, held, SETS, want);
		bad++;
	}
	diag("%s: %.2f%% over 6 to 1000 values", truths[truth].name,
	     100.0 * all / sets);
	ok(below > 0.49 * POPULATION && below < 0.51 * POPULATION,
	   "%s: of what is drawn half is below its median", truths[truth].name);
	ok(!bad && all >= 0.95 * sets && all < 0.985 * sets,
	   "%s: the true median lies in the interval as often as it must",
	   truths[truth].name);
}

int main(void)
{
	for (uint32_t i = 0; i < RANKS_MAX; i++)
		ranks[i] = i;
	exact_ranks();
	test_by_hand();
	test_kinds();
	test_median_of();
	ok(every_order(), "five values in every order");
	test_ranks();
	test_large_ranks();
	for (unsigned t = 0; t < sizeof(truths) / sizeof(truths[0]); t++)
		test_coverage(t);
	return done();
}
