/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is predicted of a run by a few blocks, against what a run then reaches, on made-up
 * blocks; and by hand.
 */
#include <string.h>
#include "plain.h"
#include "stats/resolution.h"
#include "stats/sequential.h"
#include "stats/stats.h"
#include "tap.h"

#define LISTENED	24
#define FIRST		16
#define MARGIN		(MILLION / 100)

/* The rank at the last of all looks of a run with so many blocks. */
static unsigned rank_at(unsigned blocks)
{
	const struct looks looks = { FIRST };
	unsigned size[LOOKS_MAX], n = 0;
	uint8_t rank[LOOKS_MAX];

	for (unsigned at = 0; (at = next_look(&looks, at)) && at <= blocks; )
		size[n++] = at;
	look_ranks(size, n, rank);
	return rank[n - 1];
}

/* Ratios of two that are the same, as blocks give them. */

static double even(void) { return 2 * uniform() - 1; }
static double laplace(void) { return (rnd() & 1 ? 1 : -1) * -log(uniform()); }
static double spiked(void) { return normal() + (uniform() < 0.1 ? 20 * uniform() : 0); }
static double two_modes(void) { return 0.2 * normal() + (uniform() < 0.3 ? 3 : 0); }

static const struct kind {
	const char *name;
	double (*draw)(void);
	double within;		/* that factor, 9 of 10; 0: of their median alone */
} kinds[] = {
	{ "normal", normal, 2.2 },
	{ "even", even, 2.2 },
	{ "Laplace", laplace, 2.2 },
	{ "a tenth spikes", spiked, 2.2 },
	{ "two modes", two_modes, 0 },
};

static void draw(const struct kind *k, int64_t *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		v[i] = MILLION + (int64_t)(10000 * k->draw());
}

/* Half of the interval that a run of so many blocks reaches. */
static int64_t reached(const struct kind *k, unsigned blocks, unsigned rank)
{
	int64_t v[BLOCKS_MAX];

	draw(k, v, blocks);
	median_of(v, blocks);		/* sorts */
	return (v[blocks - rank] - v[rank - 1]) / 2;
}

#define RUNS	2000

static void test_kind(const struct kind *k, unsigned blocks)
{
	static int64_t predicted[RUNS], real[RUNS], factor[RUNS];
	unsigned rank = rank_at(blocks);
	double of_median, inside = 0;

	for (unsigned i = 0; i < RUNS; i++) {
		int64_t v[LISTENED];

		draw(k, v, LISTENED);
		predicted[i] = resolution_of(v, LISTENED, blocks, rank, 0, MARGIN).half_width;
		real[i] = reached(k, blocks, rank);
		factor[i] = ratio_of(predicted[i], real[i]);
		inside += !k->within || (factor[i] * k->within >= MILLION
					 && factor[i] <= k->within * MILLION);
	}
	of_median = (double)plain_median(predicted, RUNS) / plain_median(real, RUNS);
	ok(of_median > 0.85 && of_median < 1.15 && inside >= 0.9 * RUNS,
	   "%s: %u blocks, rank %u", k->name, blocks, rank);
	plain_median(factor, RUNS);
	diag("median %.2f of what is reached; 9 of 10 from %.2f to %.2f", of_median,
	     factor[RUNS / 20] / 1e6, factor[RUNS - RUNS / 20] / 1e6);
}

/* The same values, a run of as many blocks: what interval_of() would say of them. */
static void test_same_size(void)
{
	int64_t v[FIRST], sorted[FIRST];
	struct interval in;
	struct resolution r;

	for (unsigned i = 0; i < FIRST; i++)
		v[i] = MILLION + (int64_t)(rnd() % 30000);
	memcpy(sorted, v, sizeof(v));
	median_of(sorted, FIRST);
	in = interval_of(sorted, FIRST);
	r = resolution_of(v, FIRST, FIRST, 4, 0, MARGIN);
	ok(r.known && r.half_width == (in.hi - in.lo + 1) / 2, "as many blocks, the same ones");
}

/* 1, 2.. 9 thousandths above 1; of 9 blocks rank 3 is the third, of 19 as well lies at
 * 6 / 20 of 10. */
static void test_by_hand(void)
{
	int64_t v[9];
	struct resolution r;

	for (unsigned i = 0; i < 9; i++)
		v[8 - i] = MILLION + 1000 * (int64_t)(i + 1);
	r = resolution_of(v, 9, 19, 6, 0, MARGIN);
	ok(r.known && r.half_width == 2000 && r.spread == 2000
	   && r.smallest == MARGIN + 2000 && r.same, "by hand");
	for (unsigned i = 0; i < 9; i++)
		v[i] = MILLION + 1000 * (int64_t)(i + 1);
	r = resolution_of(v, 9, 19, 5, 0, 2499);
	ok(r.half_width == 2500 && !r.same && r.smallest == 4999, "between two values");
	for (unsigned i = 0; i < 9; i++)
		v[i] = MILLION + 1000 * (int64_t)(i + 1);
	r = resolution_of(v, 9, 19, 5, 300, MARGIN);
	ok(r.half_width == 2800, "and a grain");
	for (unsigned i = 0; i < 9; i++)
		v[i] = MILLION;
	r = resolution_of(v, 9, 128, 50, 0, MARGIN);
	ok(r.known && !r.half_width && !r.spread && r.same && r.smallest == MARGIN,
	   "all alike: the margin, and no less");
}

static void test_edges(void)
{
	int64_t v[9] = { INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, 0, INT64_MAX,
			 INT64_MAX, INT64_MAX, INT64_MAX };
	struct resolution r = resolution_of(v, 9, 16, 4, 0, MARGIN);

	ok(r.known && r.half_width == INT64_MAX && r.smallest == INT64_MAX && !r.same,
	   "as far apart as there are numbers");
	ok(!resolution_of(v, RESOLUTION_LEAST - 1, 16, 4, 0, MARGIN).known, "too few values");
	ok(!resolution_of(v, 9, 5, 0, 0, MARGIN).known, "no interval, nothing to predict");
	ok(!resolution_of(v, 9, 5, 4, 0, MARGIN).known, "nor with a rank beyond the middle");
	for (unsigned i = 0; i < 9; i++)
		v[i] = (int64_t)i;
	r = resolution_of(v, 9, 1000, 1, 0, MARGIN);
	ok(r.known && r.half_width == 4, "beyond the first and the last there is nothing");
}

int main(void)
{
	static const unsigned sizes[] = { FIRST, 32, 64, BLOCKS_MAX };

	test_by_hand();
	test_same_size();
	test_edges();
	for (unsigned k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			test_kind(&kinds[k], sizes[i]);
	return done();
}
