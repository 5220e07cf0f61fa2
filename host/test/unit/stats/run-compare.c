/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Comparing in pairs against another way to compute it, in long double; verdicts
 * at their edges; what pairs are for.
 */
#include <string.h>
#include "plain.h"
#include "stats/stats.h"
#include "tap.h"

#define OFFSETS	16
#define EACH_MAX	64
#define PAIRS_MAX	(OFFSETS * EACH_MAX)
#define CANARY		0x5ca1ab1e0ddba11

static int64_t x[PAIRS_MAX], y[PAIRS_MAX], work[PAIRS_MAX + OFFSETS + 1];
static uint32_t first[OFFSETS], each[OFFSETS];

/* Blocks of n[] pairs, one after the other. */
static struct pairs blocks_of(unsigned blocks, const uint32_t *n)
{
	for (uint32_t b = 0, at = 0; b < blocks; at += n[b++]) {
		first[b] = at;
		each[b] = n[b];
	}
	return (struct pairs){ blocks, first, each, x, y, 0, { 0 } };
}

static struct pairs even_blocks(unsigned blocks, uint32_t n)
{
	uint32_t all[OFFSETS];

	for (unsigned b = 0; b < OFFSETS; b++)
		all[b] = n;
	return blocks_of(blocks, all);
}

/* The other way: values in a pool that remembers whose they are. */

static int upward(const void *a, const void *b)
{
	long double l = *(const long double *)a, r = *(const long double *)b;

	return (l > r) - (l < r);
}

static long double middle(long double *v, uint32_t n)
{
	qsort(v, n, sizeof(*v), upward);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* lo[0] and hi[0] are the exact interval's ends; [1] is one rank further out,
 * which is as good where there are more than 63 values. */
struct plain_estimate {
	uint32_t n;
	bool known;
	long double value, lo[2], hi[2];
};

static void plain_interval(struct plain_estimate *e, const long double *sorted,
			   uint32_t n)
{
	static long double row[PAIRS_MAX + 1], holds;
	uint32_t k;

	row[0] = 1;
	for (uint32_t i = 1; i <= n; i++)
		pascal_next(row, i);
	k = pascal_rank(row, &holds);
	e->known = k > 0;
	for (uint32_t further = 0; k && further < 2; further++) {
		uint32_t out = k - 1 - (n > 63 ? further : 0);

		e->lo[further] = fminl(sorted[out], e->value);
		e->hi[further] = fmaxl(sorted[n - 1 - out], e->value);
	}
}

/* The nearest there is in 64 bits; a ratio's ends are alike. */
static long double within(long double v, long double least)
{
	return fminl(fmaxl(v, least), INT64_MAX);
}

static struct plain_estimate plain(const struct pairs *p, bool ratios)
{
	static long double all[PAIRS_MAX], medians[OFFSETS];
	struct plain_estimate e = { 0 };
	uint32_t blocks = 0;

	for (unsigned b = 0; b < p->blocks; b++) {
		long double v[EACH_MAX];
		uint32_t n = 0;

		for (uint32_t i = p->first[b]; i < p->first[b] + p->n[b]; i++) {
			if (ratios && p->y[i] <= 0)
				continue;
			v[n++] = ratios
				? within(p->x[i] * 1e6L / p->y[i], -INT64_MAX)
				: within((long double)p->x[i] - p->y[i], INT64_MIN);
			all[e.n++] = v[n - 1];
		}
		if (n)
			medians[blocks++] = middle(v, n);
	}
	if (!e.n)
		return e;
	e.value = middle(medians, blocks);
	middle(all, e.n);
	if (blocks >= 6)
		plain_interval(&e, medians, blocks);
	else
		plain_interval(&e, all, e.n);
	return e;
}

/* Rounded ratios, and the mean of two of them: within 2, or where a number is
 * beyond 2^50, within 2^-50 of it. */
static bool close_to(int64_t got, long double want)
{
	return fabsl(got - want) <= 2 + fabsl(want) * 0x1p-50L;
}

static bool same(int64_t value, struct interval in, const struct plain_estimate *e,
		 const char *what)
{
	bool good = close_to(value, e->value) && in.known == e->known;

	if (in.known)
		good &= (close_to(in.lo, e->lo[0]) && close_to(in.hi, e->hi[0]))
			|| (close_to(in.lo, e->lo[1]) && close_to(in.hi, e->hi[1]));
	if (!good)
		diag("%s %lld [%d %lld %lld], not %Lf [%d %Lf %Lf]", what,
		     (long long)value, in.known, (long long)in.lo,
		     (long long)in.hi, e->value, e->known, e->lo[0], e->hi[0]);
	return good;
}

static enum verdict plain_verdict(const struct comparison *c)
{
	long double m = c->margin, lo = c->ratio_95.lo, hi = c->ratio_95.hi;

	if (!c->has_ratio || !c->ratio_95.known)
		return VERDICT_inconclusive;
	if (lo > 1e6L + m)
		return VERDICT_slower;
	if (hi < 1e6L - m)
		return lo < 1 ? VERDICT_inconclusive : VERDICT_faster;
	if (fmaxl(fabsl(lo - 1e6L), fabsl(hi - 1e6L)) <= m && m <= 1e5L)
		return VERDICT_same;
	return m <= 1e5L && hi - lo <= floorl(m / 2) ? VERDICT_margin
		: VERDICT_inconclusive;
}

static bool agrees(const struct pairs *p, int64_t margin)
{
	struct plain_estimate r = plain(p, true), d = plain(p, false);
	uint32_t words = d.n + p->blocks;
	bool has = r.n && 50.0 * r.n >= 49.0 * d.n;
	struct comparison c;

	work[words] = CANARY;
	c = compare(p, margin, work);
	if (work[words] != CANARY || c.by_difference || c.has_ratio != has || c.margin != margin
	    || c.verdict != plain_verdict(&c))
		return false;
	if (!has && (c.ratio || c.ratio_95.known))
		return false;
	return same(c.difference, c.difference_95, &d, "difference")
		&& (!has || same(c.ratio, c.ratio_95, &r, "ratio"));
}

/* Kinds of pairs: what pair i of n is. */

#define KIND(name) static void name(uint32_t i, uint32_t n, int64_t *a, int64_t *b)

KIND(equal) { (void)i; (void)n; *a = *b = 24000000; }
KIND(noise)
{
	(void)i; (void)n;
	*a = 25000000 + rnd() % 1000000;
	*b = 24000000 + rnd() % 1000000;
}
KIND(spikes)
{
	noise(i, n, a, b);
	if (rnd() % 9 == 0)
		*a += 4000000000000;
	if (rnd() % 9 == 0)
		*b += 4000000000000;
}
KIND(bimodal)
{
	noise(i, n, a, b);
	*a *= 1 + rnd() % 2;
	*b *= 1 + rnd() % 2;
}
KIND(mostly_equal)
{
	noise(i, n, a, b);
	if (rnd() % 7)
		*a = *b = 24000000;
}
KIND(linear)
{
	noise(i, n, a, b);
	*a += *a * i / n / 2;
	*b += *b * i / n / 2;
}
KIND(step)
{
	noise(i, n, a, b);
	if (i > n / 3) {
		*a += *a / 3;
		*b += *b / 3;
	}
}
KIND(below) { noise(i, n, b, a); }
KIND(negative) { noise(i, n, a, b); *a = -*a; }
KIND(few_without) { noise(i, n, a, b); *b = rnd() % 12 ? *b : -*b; }
KIND(many_without) { noise(i, n, a, b); *b = rnd() % 3 ? *b : 0; }
KIND(huge)
{
	(void)i; (void)n;
	*a = (int64_t)1 << 52 | rnd64() >> 12;
	*b = ((int64_t)1 << 52) - (rnd() & 0xffff);
}
KIND(wide)
{
	(void)i; (void)n;
	*a = rnd64() >> rnd() % 63;
	*b = rnd64() >> rnd() % 63 & INT64_MAX;
}
KIND(ends)
{
	(void)i; (void)n;
	*a = rnd() & 1 ? INT64_MAX : INT64_MIN;
	*b = rnd() & 1 ? INT64_MAX : rnd() & 1 ? 1 : INT64_MIN;
}
#undef KIND

static const struct {
	const char *name;
	void (*pair)(uint32_t i, uint32_t n, int64_t *a, int64_t *b);
} kinds[] = {
	{ "all equal", equal }, { "noise", noise }, { "spikes", spikes },
	{ "two modes", bimodal }, { "mostly equal", mostly_equal },
	{ "a linear drift", linear }, { "a step", step }, { "x below y", below },
	{ "negative x", negative }, { "few y without a ratio", few_without },
	{ "many y without a ratio", many_without }, { "2^52", huge },
	{ "any width", wide }, { "the two ends", ends },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const struct shape {
	unsigned blocks;
	uint32_t n[OFFSETS];
} shapes[] = {
	{ 0, { 0 } }, { 1, { 0 } }, { 1, { 1 } }, { 1, { 5 } }, { 1, { 6 } },
	{ 1, { 64 } }, { 2, { 3, 30 } }, { 3, { 5, 0, 1 } }, { 4, { 9, 8, 7, 6 } },
	{ 5, { 64, 64, 64, 64, 64 } }, { 5, { 1, 1, 1, 1, 1 } },
	{ 6, { 20, 20, 20, 20, 20, 20 } }, { 6, { 20, 20, 0, 20, 20, 20 } },
	{ 7, { 0, 1, 2, 3, 4, 5, 6 } }, { 6, { 0, 0, 0, 0, 0, 0 } },
	{ 16, { 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13 } },
	{ 16, { 0, 64, 1, 12, 13, 14, 0, 2, 3, 13, 13, 9, 8, 7, 6, 5 } },
};
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static bool kind_agrees(unsigned kind, const struct shape *s)
{
	static const int64_t margins[] = { 10000, 0, 500000, 2000000, INT64_MAX };

	for (unsigned again = 0; again < 20; again++) {
		struct pairs p = blocks_of(s->blocks, s->n);

		for (uint32_t b = 0; b < s->blocks; b++)
			for (uint32_t i = 0; i < s->n[b]; i++)
				kinds[kind].pair(i, s->n[b], &x[first[b] + i],
						 &y[first[b] + i]);
		if (!agrees(&p, margins[again % 5]))
			return false;
	}
	return true;
}

static void test_kinds(void)
{
	for (unsigned k = 0; k < KINDS; k++) {
		unsigned bad = 0;

		for (const struct shape *s = shapes; s < shapes + SHAPES; s++)
			if (!kind_agrees(k, s)) {
				diag("shape %u", (unsigned)(s - shapes));
				bad++;
			}
		ok(!bad, "%s: in every shape of blocks", kinds[k].name);
	}
}

/* One ratio: of one pair. */
static int64_t stated_ratio(int64_t a, int64_t b)
{
	struct pairs p = even_blocks(1, 1);

	x[0] = a;
	y[0] = b;
	return compare(&p, 0, work).ratio;
}

static const struct { int64_t a, b, want; } ratios[] = {
	{ 1, 1, 1000000 }, { 1, 3, 333333 }, { 2, 3, 666667 }, { -2, 3, -666667 },
	{ 1, 2000000, 1 }, { 1, 2000001, 0 }, { -1, 2000000, -1 },
	{ 3, 2000000, 2 }, { 0, 7, 0 },
	{ INT64_MAX, INT64_MAX, 1000000 }, { INT64_MIN, INT64_MAX, -1000000 },
	{ INT64_MAX - 1, INT64_MAX, 1000000 }, { INT64_MAX / 2, INT64_MAX, 500000 },
	{ (int64_t)1 << 52, 1, INT64_MAX }, { -((int64_t)1 << 52), 1, -INT64_MAX },
	{ INT64_MIN, 1, -INT64_MAX }, { 1, INT64_MAX, 0 },
	{ 0x10147ae147ae14, (int64_t)1 << 52, 1005000 },
	{ 9223372036854, 1, 9223372036854000000 },
	{ 9223372036855, 1, INT64_MAX },
};
#define RATIOS (sizeof(ratios) / sizeof(ratios[0]))

static void test_ratios(void)
{
	unsigned bad = 0;

	for (unsigned i = 0; i < RATIOS; i++) {
		int64_t got = stated_ratio(ratios[i].a, ratios[i].b);

		if (!ok(got == ratios[i].want, "%lld / %lld is %lld",
			(long long)ratios[i].a, (long long)ratios[i].b,
			(long long)ratios[i].want))
			diag("%lld", (long long)got);
	}
	for (unsigned i = 0; i < 200000; i++) {
		int64_t a = rnd64() >> rnd() % 63;
		int64_t b = (rnd64() & INT64_MAX) >> rnd() % 62 | 1;
		long double want = roundl(a * 1e6L / b);

		if (fabsl(want) < 0x1p60L)
			bad += fabsl(stated_ratio(a, b) - want) > 1;
	}
	ok(!bad, "200000 ratios of numbers of 1 to 63 bits: to a millionth");
}

/* Verdicts at their edges: six pairs, so the interval is the whole of them. */
static enum verdict verdict(int64_t lo, int64_t hi, int64_t margin)
{
	struct pairs p = even_blocks(1, 6);

	for (unsigned i = 0; i < 6; i++) {
		x[i] = i % 2 ? lo : hi;
		y[i] = MILLION;
	}
	return compare(&p, margin, work).verdict;
}

static const struct {
	int64_t lo, hi, margin;
	enum verdict want;
} edges[] = {
	{ 1000000, 1000000, 0, VERDICT_same },
	{ 1000000, 1000001, 0, VERDICT_inconclusive },
	{ 1000001, 1000001, 0, VERDICT_slower },
	{ 999999, 999999, 0, VERDICT_faster },
	{ 990000, 1010000, 10000, VERDICT_same },
	{ 989999, 1010000, 10000, VERDICT_inconclusive },
	{ 990000, 1010001, 10000, VERDICT_inconclusive },
	{ 1010000, 1010000, 10000, VERDICT_same },
	{ 1010000, 1010001, 10000, VERDICT_margin },
	{ 1005001, 1010001, 10000, VERDICT_margin },
	{ 1005000, 1010001, 10000, VERDICT_inconclusive },
	{ 1010000, 1015000, 10000, VERDICT_margin },
	{ 1010000, 1015001, 10000, VERDICT_inconclusive },
	{ 1005001, 1010001, 9999, VERDICT_inconclusive },
	{ 1000000, 1000001, 1, VERDICT_same },
	{ 1000001, 1000002, 1, VERDICT_inconclusive },
	{ 1080000, 1120000, 80000, VERDICT_margin },
	{ 1080000, 1120001, 80000, VERDICT_inconclusive },
	{ 1100001, 1100002, 100001, VERDICT_inconclusive },
	{ 1010001, 1010001, 10000, VERDICT_slower },
	{ 1010001, 9000000, 10000, VERDICT_slower },
	{ 990000, 990000, 10000, VERDICT_same },
	{ 989999, 990000, 10000, VERDICT_margin },
	{ 989999, 994999, 10000, VERDICT_margin },
	{ 989999, 995000, 10000, VERDICT_inconclusive },
	{ 985000, 990000, 10000, VERDICT_margin },
	{ 984999, 990000, 10000, VERDICT_inconclusive },
	{ 989999, 989999, 10000, VERDICT_faster },
	{ 1, 989999, 10000, VERDICT_faster },
	{ 0, 989999, 10000, VERDICT_inconclusive },
	{ -5, 989999, 10000, VERDICT_inconclusive },
	{ 500000, 2000000, 10000, VERDICT_inconclusive },
	{ 900000, 1100000, 100000, VERDICT_same },
	{ 900000, 1100000, 100001, VERDICT_inconclusive },
	{ 1000000, 1000000, 1000000, VERDICT_inconclusive },
	{ 2000001, 2000001, 1000000, VERDICT_slower },
	{ -1, -1, 1000000, VERDICT_inconclusive },
	{ INT64_MIN, INT64_MIN, 10000, VERDICT_inconclusive },
	{ 1000000, 1000000, INT64_MAX, VERDICT_inconclusive },
	{ INT64_MAX, INT64_MAX, INT64_MAX, VERDICT_inconclusive },
	{ INT64_MIN, INT64_MIN, INT64_MAX, VERDICT_inconclusive },
};
#define EDGES (sizeof(edges) / sizeof(edges[0]))

static void test_edges(void)
{
	for (unsigned i = 0; i < EDGES; i++) {
		enum verdict got = verdict(edges[i].lo, edges[i].hi,
					   edges[i].margin);

		ok(got == edges[i].want, "%lld..%lld with a margin of %lld: %s",
		   (long long)edges[i].lo, (long long)edges[i].hi,
		   (long long)edges[i].margin, verdict_names[edges[i].want]);
	}
}

/* With a grain of so many millionths: what is narrow is so without it, and what is at the
 * margin is so with it. */
static const struct {
	int64_t lo, hi, grain;
	enum verdict want;
} grains[] = {
	{ 1008000, 1012000, 0, VERDICT_margin },
	{ 1008000, 1012000, 1500, VERDICT_margin },	/* 7000 wide in all, 4000 before */
	{ 1007500, 1012500, 2500, VERDICT_margin },	/* 10000 in all, 5000 before */
	{ 1007500, 1012500, 2501, VERDICT_inconclusive },
	{ 1007500, 1012501, 2000, VERDICT_inconclusive },
	{ 1011000, 1012000, 1000, VERDICT_margin },	/* only the grain reaches it */
	{ 1011001, 1012000, 1000, VERDICT_slower },
	{ 998000, 1002000, 2000, VERDICT_same },
	{ 1000000, 1000000, 12000, VERDICT_inconclusive },
};

static void test_grain(void)
{
	for (unsigned k = 0; k < sizeof(grains) / sizeof(grains[0]); k++) {
		struct pairs p = even_blocks(1, 6);
		struct comparison c;

		for (unsigned i = 0; i < 6; i++) {
			x[i] = i % 2 ? grains[k].lo : grains[k].hi;
			y[i] = MILLION;
		}
		p.grain = grains[k].grain;
		c = compare(&p, 10000, work);
		ok(c.verdict == grains[k].want && c.ratio_grain == grains[k].grain
		   && c.grain == grains[k].grain
		   && c.ratio_95.lo == grains[k].lo - grains[k].grain,
		   "%lld..%lld with a grain of %lld: %s", (long long)grains[k].lo,
		   (long long)grains[k].hi, (long long)grains[k].grain,
		   verdict_names[grains[k].want]);
		ok(is_coarse(&c) == (grains[k].grain > 0 && 2 * grains[k].grain
				     >= grains[k].hi - grains[k].lo), "coarse, or not");
	}
}

/* @without of 50 pairs have no ratio. */
static struct comparison lacking(unsigned without)
{
	struct pairs p = even_blocks(1, 50);

	for (unsigned i = 0; i < 50; i++) {
		x[i] = 2 * MILLION;
		y[i] = i < without ? -(int64_t)i : MILLION;
	}
	return compare(&p, 10000, work);
}

static void test_lacking(void)
{
	struct comparison c = lacking(1);

	ok(c.has_ratio && c.ratio == 2 * MILLION && c.verdict == VERDICT_slower,
	   "one in fifty without a ratio: there is one");
	c = lacking(2);
	ok(!c.has_ratio && !c.ratio && !c.ratio_95.known
	   && c.verdict == VERDICT_inconclusive && c.difference_95.known,
	   "more than that: there is none, the difference stays");
	c = lacking(50);
	ok(!c.has_ratio && c.verdict == VERDICT_inconclusive, "all: none");
}

static int64_t difference_floor_beside(bool known, int64_t lo, int64_t hi, int64_t y,
				       int64_t margin)
{
	struct comparison c = { .difference_95 = { known, lo, hi } };

	return difference_floor_of(&c, y, margin);
}

static int64_t difference_floor_with(bool known, int64_t lo, int64_t hi)
{
	return difference_floor_beside(known, lo, hi, 0, 10000);
}

/* The precision, of y. */
static void test_least_floor(void)
{
	ok1(difference_floor_beside(true, -2, 1, 200, 10000) == 2);
	ok1(difference_floor_beside(true, -2, 1, 201, 10000) == 3);
	ok1(difference_floor_beside(true, -2, 1, 300, 10000) == 3);
	ok1(difference_floor_beside(true, -4, 1, 300, 10000) == 4);
	ok1(difference_floor_beside(true, 0, 0, 1, 1) == 1);
	ok1(difference_floor_beside(true, 0, 0, 1, 0) == 0);
	ok1(difference_floor_beside(true, 0, 0, -300, 10000) == 0);
	ok1(difference_floor_beside(true, 0, 0, INT64_MIN, 10000) == 0);
	ok1(difference_floor_beside(true, 0, 0, 123456789012345678, 10000)
	    == 1234567890123457);
	ok1(difference_floor_beside(true, 0, 0, INT64_MAX, MILLION) == INT64_MAX);
	ok1(difference_floor_beside(true, 0, 0, INT64_MAX, 2 * MILLION) == INT64_MAX);
	ok1(difference_floor_beside(false, 0, 0, 300, 10000) == INT64_MAX);
}

static void test_difference_floor(void)
{
	ok1(difference_floor_with(true, -2, 1) == 2);
	ok1(difference_floor_with(true, -1, 2) == 2);
	ok1(difference_floor_with(true, 1, 2) == 2);
	ok1(difference_floor_with(true, -2, -1) == 2);
	ok1(difference_floor_with(true, 0, 0) == 0);
	ok1(difference_floor_with(true, INT64_MIN, 0) == INT64_MAX);
	ok1(difference_floor_with(false, 0, 0) == INT64_MAX);
}

/* By the difference: what the ratio's interval, verdict and margin are, the
 * difference's interval, the floor, and what is said. */
#define NONE	{ false, 0, 0 }
#define WIDE	{ true, 900000, 1100001 }
#define NOT_WIDE { true, 900000, 1100000 }
#define SAME	VERDICT_same
#define FASTER	VERDICT_faster
#define SLOWER	VERDICT_slower
#define UNSAID	VERDICT_inconclusive

static const struct {
	const char *what;
	struct interval ratio;
	int64_t margin;
	enum verdict by_ratio;
	struct interval difference;
	int64_t floor;
	enum verdict want;
	bool by_difference;
} differences[] = {
	{ "no ratio", NONE, INT64_MAX, UNSAID, { true, 36, 40 }, 1, SLOWER, true },
	{ "above the floor by one", NONE, 10000, UNSAID, { true, 6, 40 }, 5, SLOWER, true },
	{ "at the floor", NONE, 10000, UNSAID, { true, 5, 40 }, 5, UNSAID, true },
	{ "below minus the floor", WIDE, 10000, UNSAID, { true, -40, -6 }, 5, FASTER, true },
	{ "at minus the floor", WIDE, 10000, UNSAID, { true, -40, -5 }, 5, UNSAID, true },
	{ "within the floor: never same", NONE, 10000, UNSAID, { true, 0, 0 }, 5, UNSAID, true },
	{ "about 0", NONE, 10000, UNSAID, { true, -40, 40 }, 5, UNSAID, true },
	{ "a floor of 0, above", NONE, 10000, UNSAID, { true, 1, 1 }, 0, SLOWER, true },
	{ "a floor of 0, at it", NONE, 10000, UNSAID, { true, 0, 1 }, 0, UNSAID, true },
	{ "a floor of 0, below", WIDE, 10000, UNSAID, { true, -1, -1 }, 0, FASTER, true },
	{ "no floor", NONE, 10000, UNSAID, { true, 36, 40 }, INT64_MAX, UNSAID, true },
	{ "no floor, the largest", NONE, 10000, UNSAID, { true, INT64_MAX, INT64_MAX },
	  INT64_MAX, UNSAID, true },
	{ "no floor, the smallest", NONE, 10000, UNSAID, { true, INT64_MIN, INT64_MIN },
	  INT64_MAX, UNSAID, true },
	{ "no interval", NONE, 10000, UNSAID, { false, 36, 40 }, 1, UNSAID, true },
	{ "the largest floor", WIDE, 10000, UNSAID, { true, INT64_MIN, -INT64_MAX },
	  INT64_MAX - 1, FASTER, true },
	{ "a ratio wider than 20%", WIDE, 10000, UNSAID, { true, 6, 40 }, 5, SLOWER, true },
	{ "of 20%", NOT_WIDE, 10000, UNSAID, { true, 6, 40 }, 5, UNSAID, false },
	{ "the widest", { true, INT64_MIN, INT64_MAX }, 10000, UNSAID, { true, 6, 40 }, 5,
	  SLOWER, true },
	{ "a margin of 10%", NOT_WIDE, 100000, UNSAID, { true, 6, 40 }, 5, UNSAID, false },
	{ "of more", NOT_WIDE, 100001, UNSAID, { true, 6, 40 }, 5, SLOWER, true },
	{ "none", NOT_WIDE, INT64_MAX, UNSAID, { true, -40, -6 }, 5, FASTER, true },
	{ "the same by the ratio", NOT_WIDE, 100000, SAME, { true, 6, 40 }, 5, SAME, false },
	{ "slower by it", WIDE, 10000, SLOWER, { true, -40, -6 }, 5, SLOWER, false },
	{ "less, and no ratio", NONE, 10000, UNSAID, { true, -40, -6 }, 5, UNSAID, true },
	{ "less, and a ratio from 0 on", { true, 0, 300000 }, 10000, UNSAID,
	  { true, -40, -6 }, 5, UNSAID, true },
	{ "less, and just above 0", { true, 1, 300000 }, 10000, UNSAID,
	  { true, -40, -6 }, 5, FASTER, true },
	{ "more, and a ratio from 0 on", { true, -3, 90000000 }, 10000, UNSAID,
	  { true, 6, 40 }, 5, SLOWER, true },
	{ "faster by it", WIDE, 10000, FASTER, { true, -4, 4 }, 5, FASTER, false },
};
#undef NONE
#undef WIDE
#undef NOT_WIDE
#undef SAME
#undef FASTER
#undef SLOWER
#undef UNSAID
#define DIFFERENCES (sizeof(differences) / sizeof(differences[0]))

static void test_differences(void)
{
	for (unsigned i = 0; i < DIFFERENCES; i++) {
		struct comparison c = {
			.has_ratio = differences[i].ratio.known,
			.ratio_95 = differences[i].ratio,
			.difference_95 = differences[i].difference,
			.margin = differences[i].margin,
			.verdict = differences[i].by_ratio,
		};

		judge_difference(&c, differences[i].floor);
		ok(c.verdict == differences[i].want
		   && c.by_difference == differences[i].by_difference,
		   "by the difference: %s: %s", differences[i].what,
		   verdict_names[differences[i].want]);
	}
}

/* A twin that is apart leaves no verdict; any other changes nothing. */
static void test_veto(void)
{
	for (enum verdict twin = 0; twin < VERDICT_COUNT; twin++)
		for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
			struct comparison c = { .verdict = v, .ratio = 7 };
			struct comparison aa = { .verdict = twin };
			bool apart = twin == VERDICT_faster || twin == VERDICT_slower;

			veto(&c, &aa);
			ok(c.vetoed == apart && c.ratio == 7
			   && c.verdict == (apart ? VERDICT_inconclusive : v)
			   && is_decided(v) == (v != VERDICT_inconclusive),
			   "%s beside a twin that is %s", verdict_names[v],
			   verdict_names[twin]);
		}
}

/* Looks at many blocks of one pair each, some of which have none: from the rank that
 * look_ranks() has for the sizes there were. */
static bool looks_agree(unsigned blocks, unsigned from)
{
	static uint32_t at[BLOCKS_MAX], n[BLOCKS_MAX];
	struct pairs p = { blocks, at, n, x, y, 0, { from } };
	unsigned sizes[LOOKS_MAX], looks = 0, with = 0, next = from;
	int64_t v[BLOCKS_MAX];
	uint8_t rank[LOOKS_MAX] = { 0 };
	struct comparison c;

	for (unsigned b = 0; b < blocks; b++) {
		at[b] = with;
		n[b] = rnd() % 5 > 0;
		y[with] = MILLION;
		x[with] = v[with] = MILLION + rnd() % 100000;
		with += n[b];
		if (b + 1 != next && b + 1 != blocks)
			continue;
		if (with && (!looks || with > sizes[looks - 1]))
			sizes[looks++] = with;
		next += b + 1 == next ? LOOK_BLOCKS : 0;
		next = next > BLOCKS_MAX ? BLOCKS_MAX : next;
	}
	look_ranks(sizes, looks, rank);
	qsort(v, with, sizeof(*v), plain_ascending);
	c = compare(&p, 10000, work);
	if (!looks || !rank[looks - 1])
		return !c.ratio_95.known && c.verdict == VERDICT_inconclusive;
	return c.blocks == with && c.ratio_95.known && c.difference_95.known
		&& c.ratio_95.lo == v[rank[looks - 1] - 1]
		&& c.ratio_95.hi == v[with - rank[looks - 1]]
		&& c.difference_95.lo == c.ratio_95.lo - MILLION;
}

static void test_looks(void)
{
	unsigned bad = 0;

	for (unsigned i = 0; i < 3000; i++) {
		unsigned from = 1 + rnd() % 20, blocks = from + rnd() % (BLOCKS_MAX - 19);

		bad += !looks_agree(blocks, from);
	}
	ok(!bad, "looks, and blocks that are left out: the interval has its rank");
	ok(looks_agree(128, 16) && looks_agree(3, 3) && looks_agree(127, 16),
	   "all blocks, few, and between two looks");
}

static const struct {
	int64_t a, b, want;
} quotients[] = {
	{ 1000, 1000, 1000000 }, { 1100, 1000, 1100000 }, { 0, 1000, 0 },
	{ -1000, 1000, -1000000 },
	{ 1, 2000000, 1 }, { -1, 2000000, -1 },	/* a half: away from zero */
	{ 9, 20000000, 0 },		/* 0.45 */
	{ 11, 20000000, 1 },		/* 0.55 */
	{ -9, 20000000, 0 }, { -11, 20000000, -1 },
	{ 1, 3, 333333 }, { 2, 3, 666667 }, { -2, 3, -666667 }, { 7, 1, 7000000 },
	{ 178956970625, 1, 178956970625000000 }, { -178956970625, 1, -178956970625000000 },
	{ INT64_MIN, INT64_MAX, -1000000 },
	{ INT64_MAX, 1, INT64_MAX }, { INT64_MIN, 1, -INT64_MAX },
};

static void test_ratio_of(void)
{
	for (unsigned i = 0; i < sizeof(quotients) / sizeof(quotients[0]); i++)
		ok(ratio_of(quotients[i].a, quotients[i].b) == quotients[i].want,
		   "%lld / %lld: %lld",
		   (long long)quotients[i].a, (long long)quotients[i].b,
		   (long long)quotients[i].want);
}

/* Why pairs: what slows both alike leaves x / y where it was, but the least x and
 * the least y come from different moments. */

#define N	200

static double steady(unsigned i) { (void)i; return 1; }
static double line(unsigned i) { return 1.5 - 0.5 * i / N; }
static double two_speeds(unsigned i) { return i < N - 3 ? 1.3 : 1; }

struct moved { double pairs, least; };

static struct moved estimate_under(double (*drift)(unsigned), uint64_t seed)
{
	struct pairs p = even_blocks(4, N / 4);
	int64_t least_x = INT64_MAX, least_y = INT64_MAX;

	plain_seed = seed;
	for (unsigned i = 0; i < N; i++) {
		/* Noise only ever adds: half the batches meet some. */
		double a = 1.05 * (1 + fmax(0, 0.1 * normal()));
		double b = 1 + fmax(0, 0.1 * normal());

		x[i] = llround(24e6 * a * drift(i));
		y[i] = llround(24e6 * b * drift(i));
		least_x = x[i] < least_x ? x[i] : least_x;
		least_y = y[i] < least_y ? y[i] : least_y;
	}
	return (struct moved){ compare(&p, 10000, work).ratio / 1e6,
			       (double)least_x / least_y };
}

static void test_drift(const char *what, double (*drift)(unsigned), double moves)
{
	double pairs = 0, least = 0;

	for (unsigned s = 1; s <= 200; s++) {
		uint64_t seed = s * 0x9e3779b97f4a7c15;
		struct moved a = estimate_under(steady, seed);
		struct moved b = estimate_under(drift, seed);

		pairs = fmax(pairs, fabs(a.pairs - b.pairs));
		least = fmax(least, fabs(a.least - b.least));
	}
	diag("%s: by pairs up to %.6f, by least of each up to %.4f", what, pairs,
	     least);
	ok(pairs < 2e-6 && least > moves,
	   "%s: the ratio of pairs stays, that of the least of each moves", what);
}

/* Offsets shift the ratio: does the interval hold what it is over all offsets? */
static void test_offsets(unsigned blocks, double at_least)
{
	struct pairs p = even_blocks(blocks, 13);
	unsigned held = 0, sets = 2000;

	for (unsigned s = 0; s < sets; s++) {
		struct comparison c;

		for (unsigned b = 0; b < blocks; b++) {
			double shift = 1.02 + 0.02 * normal();

			for (unsigned i = 13 * b; i < 13 * (b + 1); i++) {
				y[i] = llround(24e6 * (1 + 0.01 * normal()));
				x[i] = llround(24e6 * (shift + 0.01 * normal()));
			}
		}
		c = compare(&p, 10000, work);
		held += c.ratio_95.lo <= 1020000 && 1020000 <= c.ratio_95.hi;
	}
	diag("%u offsets: %.1f%%", blocks, 100.0 * held / sets);
	ok(held >= at_least * sets && held < 0.999 * sets,
	   "%u offsets that shift the ratio: the interval holds the truth", blocks);
}

int main(void)
{
	test_ratio_of();
	test_kinds();
	test_ratios();
	test_edges();
	test_grain();
	test_lacking();
	test_difference_floor();
	test_least_floor();
	test_differences();
	test_veto();
	test_looks();
	test_drift("a linear drift", line, 0.01);
	test_drift("two speeds", two_speeds, 0.05);
	test_offsets(6, 0.95);
	test_offsets(10, 0.95);
	test_offsets(16, 0.95);
	return done();
}
