/* SPDX-License-Identifier: GPL-2.0-only */
/* The odd core out, and kinds of core beside each other, on made-up results. */
#include <stdlib.h>
#include <string.h>
#include "lib/rng.h"
#include "stats/cores.h"
#include "tap.h"

#define P	CORE_performance
#define E	CORE_efficiency
#define MOST	8

/* Each core: its kind, and the ends of its interval; the median is between them.  hi 0:
 * not known. */
static const struct case_of {
	const char *what;
	unsigned n;
	struct { enum core_kind kind; int64_t lo, hi; } core[MOST];
	unsigned odd;			/* right; n: none */
} cases[] = {
	{ "one core", 1, { { P, 10, 12 } }, 1 },
	{ "two cores apart: which of them is odd?", 2, { { P, 10, 12 }, { P, 20, 22 } }, 2 },
	{ "all alike", 4, { { P, 10, 12 }, { P, 11, 13 }, { P, 10, 13 }, { P, 9, 11 } }, 4 },
	{ "one above", 4, { { P, 10, 12 }, { P, 11, 13 }, { P, 20, 23 }, { P, 9, 11 } }, 2 },
	{ "one below", 3, { { P, 1, 2 }, { P, 11, 13 }, { P, 10, 13 } }, 0 },
	{ "ends that touch", 3, { { P, 10, 12 }, { P, 11, 13 }, { P, 13, 20 } }, 3 },
	{ "all apart: none is the odd one", 3, { { P, 1, 2 }, { P, 3, 4 }, { P, 5, 6 } }, 3 },
	{ "two on each side", 4, { { P, 1, 2 }, { P, 1, 2 }, { P, 5, 6 }, { P, 5, 6 } }, 4 },
	{ "of two kinds: the kinds differ, no core is odd", 6,
	  { { P, 10, 12 }, { P, 11, 13 }, { P, 10, 13 }, { E, 20, 22 }, { E, 21, 22 },
	    { E, 20, 23 } }, 6 },
	{ "one of its kind is compared with nobody", 4,
	  { { P, 10, 12 }, { P, 11, 13 }, { P, 10, 13 }, { E, 20, 22 } }, 4 },
	{ "odd within its kind", 6,
	  { { P, 10, 12 }, { P, 11, 13 }, { P, 10, 13 }, { E, 20, 22 }, { E, 41, 42 },
	    { E, 20, 23 } }, 4 },
	{ "not known is left out", 4,
	  { { P, 10, 12 }, { P, 11, 13 }, { P, 90, 0 }, { P, 20, 21 } }, 3 },
	{ "too few that are known", 4,
	  { { P, 10, 12 }, { P, 1, 0 }, { P, 9, 0 }, { P, 20, 21 } }, 4 },
};

static void fill(struct core_taken *t, const struct case_of *k)
{
	for (unsigned i = 0; i < k->n; i++) {
		bool known = k->core[i].hi;

		t[i] = (struct core_taken){
			.cpu = i, .kind = k->core[i].kind,
			.median = known ? (k->core[i].lo + k->core[i].hi) / 2
				: k->core[i].lo,
			.median_95 = { known, k->core[i].lo, k->core[i].hi },
		};
	}
}

static void test_odd(void)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct core_taken t[MOST];

		fill(t, &cases[i]);
		ok(odd_core(t, cases[i].n) == cases[i].odd, "%s", cases[i].what);
	}
}

static void test_kinds(void)
{
	static const struct case_of both = { "", 6,
		{ { P, 9, 11 }, { E, 18, 20 }, { P, 10, 12 }, { E, 19, 25 }, { P, 11, 13 },
		  { E, 20, 20 } }, 6 };
	struct core_taken t[MOST];
	struct kinds_apart k;

	fill(t, &both);
	k = kinds_apart(t, 6, E, P);
	ok(k.known && k.apart && k.ratio == 1818182,
	   "efficiency beside performance: %lld millionths", (long long)k.ratio);
	k = kinds_apart(t, 6, P, E);
	ok(k.known && k.apart && k.ratio == 550000, "the other way round");
	t[1].median_95.lo = 12 * 1;
	k = kinds_apart(t, 6, E, P);
	ok(k.known && !k.apart, "an interval that reaches the other kind's: not apart");
	ok(!kinds_apart(t, 1, E, P).known, "one kind alone");
	t[0].median = t[2].median = t[4].median = 0;
	ok(!kinds_apart(t, 6, E, P).known, "nothing to divide by");
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The interval of a median of 16 blocks that are drawn alike. */
static struct core_taken draw(struct rng *rng, unsigned cpu, int64_t shift)
{
	int64_t block[16];

	for (unsigned i = 0; i < 16; i++) {
		block[i] = 20 * MILLION + shift;
		for (unsigned k = 0; k < 4; k++)
			block[i] += (int64_t)(rng_next(rng) % 100000);
	}
	qsort(block, 16, sizeof(block[0]), by_value);
	return (struct core_taken){ .cpu = cpu, .kind = P, .median = block[8],
				    .median_95 = interval_of(block, 16) };
}

/* How often is one of @n alike taken for odd, and one that is not found? */
static void test_chances(unsigned n)
{
	struct rng rng = { 99 };
	unsigned found_alike = 0, found = 0;

	for (unsigned run = 0; run < 2000; run++) {
		struct core_taken t[MOST];

		for (unsigned i = 0; i < n; i++)
			t[i] = draw(&rng, i, 0);
		found_alike += odd_core(t, n) < n;
		t[n - 1] = draw(&rng, n - 1, MILLION);	/* 5% */
		found += odd_core(t, n) == n - 1;
	}
	ok(found_alike < 20, "%u cores alike, 2000 times: one taken for odd %u times", n,
	   found_alike);
	ok(found > 1950, "one that is 5%% slower: found %u times", found);
}

int main(void)
{
	test_odd();
	test_kinds();
	test_chances(3);
	test_chances(8);
	return done();
}
