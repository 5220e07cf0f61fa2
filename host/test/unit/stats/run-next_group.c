/* SPDX-License-Identifier: GPL-2.0-only */
/* Which group goes on: what is expected of a cell, and the choice among groups. */
#include "plain.h"
#include "stats/next_group.h"
#include "tap.h"

#define NEVER	LOOKS_NEVER

/* A ratio and its interval, in tenths of a permille from 1. */
static struct comparison cell(int64_t at, int64_t lo, int64_t hi)
{
	return (struct comparison){
		.has_ratio = true, .ratio = MILLION + 100 * at,
		.ratio_95 = { true, MILLION + 100 * lo, MILLION + 100 * hi },
		.difference_95 = { true, 100 * lo, 100 * hi },
		.margin = 10000, .verdict = VERDICT_inconclusive,
	};
}

/* With a margin of 1%, and 16 blocks so far of looks at 16, 24 ... 128. */
static const struct {
	const char *what;
	int64_t at, lo, hi;
	unsigned want;
} cells[] = {
	{ "at 1, half as wide again as may be", 0, -150, 150, 3 },	/* 36 blocks */
	{ "just too wide", 0, -101, 101, 1 },
	{ "lopsided, the wider half counts", 0, -10, 200, 6 },		/* 64 */
	{ "the other half", 0, -200, 10, 6 },
	{ "twice as wide, at a half of it", 50, -150, 250, NEVER },	/* 256 */
	{ "so it is at the margin, which needs less", 90, 60, 120, 1 },	/* 23.04 */
	{ "or the other margin", -90, -120, -60, 1 },
	{ "at the margin itself", 100, 40, 160, 10 },			/* 92.2 */
	{ "beyond it, nearly decided", 200, 90, 400, 1 },
	{ "beyond it, twice too wide", 200, 0, 400, 6 },
	{ "below, twice too wide", -200, -400, 0, 6 },
	{ "below, and may be nothing", -9000, -12000, -6000, NEVER },	/* 3000 / 1000 */
	{ "far beyond, very wide", 2000, -1000, 5000, 3 },		/* 3000 / 1900: 39.9 */
	{ "hopeless", 0, -5000, 5000, NEVER },
};
#define CELLS (sizeof(cells) / sizeof(cells[0]))

static const struct looks looks = { 16 };

static void test_cells(void)
{
	for (unsigned i = 0; i < CELLS; i++) {
		struct comparison c = cell(cells[i].at, cells[i].lo, cells[i].hi);
		unsigned got = looks_wanted(&c, INT64_MAX, looks, 16);

		if (!ok(got == cells[i].want, "%s: %u looks", cells[i].what,
			cells[i].want))
			diag("not %u", got);
	}
}

/* The same with a grain, in tenths of a permille too, which is in the interval. */
static const struct {
	const char *what;
	int64_t at, lo, hi, grain;
	unsigned want;
} coarse[] = {
	{ "no grain: 24", 0, -120, 120, 0, 1 },
	{ "a grain in it: 64", 0, -120, 120, 80, 6 },			/* 40 of 20 */
	{ "a grain beyond the margin: open for ever", 0, -120, 120, 101, 0 },
	{ "about the margin, all of it the grain's", 100, 30, 170, 60, 0 },
	{ "about the other", -100, -170, -30, 60, 0 },
	{ "about it, with a grain that leaves room: 64", 100, 30, 170, 20, 6 },	/* 100 of 50 */
	{ "reaching out of what the grain covers", 100, -30, 230, 60, NEVER },
	{ "beyond what the grain covers: 100", 200, 40, 360, 60, 11 },	/* 100 of 40 */
};

static void test_coarse(void)
{
	for (unsigned i = 0; i < sizeof(coarse) / sizeof(coarse[0]); i++) {
		struct comparison c = cell(coarse[i].at, coarse[i].lo, coarse[i].hi);
		unsigned got;

		c.ratio_grain = 100 * coarse[i].grain;
		got = looks_wanted(&c, INT64_MAX, looks, 16);
		if (!ok(got == coarse[i].want, "grain, %s: %u looks", coarse[i].what,
			coarse[i].want))
			diag("not %u", got);
	}
}

static void test_closed(void)
{
	struct comparison c = cell(0, -150, 150);

	for (enum verdict v = 0; v < VERDICT_COUNT; v++) {
		c.verdict = v;
		ok(!looks_wanted(&c, 0, looks, 16) == (v != VERDICT_inconclusive),
		   "%s: %s", verdict_names[v],
		   v == VERDICT_inconclusive ? "open" : "wants no look");
	}
	c.verdict = VERDICT_inconclusive;
	c.vetoed = true;
	ok(!looks_wanted(&c, 0, looks, 16), "vetoed: wants none");
	c = cell(0, -150, 150);
	ok(looks_wanted(&c, 0, looks, 128) == NEVER, "all blocks: never");
	ok(looks_wanted(&c, 0, (struct looks){ 0 }, 16) == NEVER, "one look: never");
	c.ratio_95.known = c.difference_95.known = false;
	ok(looks_wanted(&c, 0, looks, 4) == 1, "no interval yet: the next look");
}

/* By the difference: @at of it and its interval, with or without a ratio above 0. */
static const struct {
	const char *what;
	int64_t at, lo, hi, floor, ratio_lo;
	unsigned want;
} differences[] = {
	{ "nearly beyond the floor", 200, 90, 400, 100, 0, 1 },
	{ "twice too wide", 200, 0, 400, 100, 0, 6 },
	{ "within the floor", 50, -100, 200, 100, 0, NEVER },
	{ "no floor", 200, 90, 400, INT64_MAX, 0, NEVER },
	{ "less, and takes something", -200, -400, 0, 100, 1, 6 },
	{ "less, and may take nothing", -200, -400, 0, 100, 0, NEVER },
	{ "the ends of numbers", INT64_MAX, INT64_MIN, INT64_MAX, 0, 0, 1 },
};
#define DIFFERENCES (sizeof(differences) / sizeof(differences[0]))

static void test_differences(void)
{
	for (unsigned i = 0; i < DIFFERENCES; i++) {
		struct comparison c = {
			.has_ratio = true, .ratio = MILLION, .by_difference = true,
			.ratio_95 = { differences[i].ratio_lo, differences[i].ratio_lo,
				      INT64_MAX },
			.difference = differences[i].at,
			.difference_95 = { true, differences[i].lo, differences[i].hi },
			.margin = 10000, .verdict = VERDICT_inconclusive,
		};
		unsigned got = looks_wanted(&c, differences[i].floor, looks, 16);

		if (!ok(got == differences[i].want, "by the difference, %s: %u looks",
			differences[i].what, differences[i].want))
			diag("not %u", got);
	}
}

/* No numbers, however odd, make it trap or leave the table. */
static void test_any(void)
{
	unsigned bad = 0;

	for (unsigned i = 0; i < 100000; i++) {
		struct comparison c = {
			.has_ratio = rnd() & 1, .ratio = rnd64() >> rnd() % 63,
			.ratio_95 = { rnd() & 1, rnd64() >> rnd() % 63,
				      rnd64() >> rnd() % 63 },
			.difference = rnd64() >> rnd() % 63,
			.difference_95 = { rnd() & 3, rnd64() >> rnd() % 63,
					   rnd64() >> rnd() % 63 },
			.margin = (rnd64() & INT64_MAX) >> rnd() % 63,
			.by_difference = rnd() & 1, .verdict = VERDICT_inconclusive,
		};
		struct contender g = { .looks = { rnd() % 17 }, .blocks = rnd() % 140 };
		unsigned n = 0;

		contend(&g, &c, (rnd64() & INT64_MAX) >> rnd() % 63);
		for (unsigned k = 1; k <= LOOKS_NEVER; k++)
			n += g.open[k];
		bad += n != 1 || g.open[0];
	}
	ok(!bad, "any numbers: counted once");
}

/* Groups of 16 blocks: their ticks, and one list of verdicts. */
static struct contender group(uint64_t ticks, unsigned at, uint16_t n)
{
	struct contender g = { .looks = { 16 }, .blocks = 16, .look_ticks = ticks };

	g.open[at] = n;
	return g;
}

static void test_choice(void)
{
	struct contender g[3] = {
		group(1000, 3, 1), group(1000, 1, 1), group(1000, 2, 1) };

	ok(choose_group(g, 0, 9999) == 0, "no groups: none");
	ok(choose_group(g, 3, 9999) == 1, "the nearest to a decision first");
	g[1].look_ticks = 2500;
	ok(choose_group(g, 3, 9999) == 2, "by time: not where a look takes longer");
	g[0].open[3] = 4;
	ok(choose_group(g, 3, 9999) == 0, "four in three looks before one in two");
	ok(choose_group(g, 3, 999) == 3, "no time for a look: none");
	ok(choose_group(g, 3, 1000) == 0, "just time enough");
	g[0].blocks = BLOCKS_MAX;
	ok(choose_group(g, 3, 9999) == 2, "all its blocks: not that one");
	g[2].open[2] = 0;
	ok(choose_group(g, 3, 9999) == 1, "nothing open: not that one");
	g[1].looks.first = 0;
	ok(choose_group(g, 3, 9999) == 3, "one look: none goes on");
	g[0] = group(1000, LOOKS_NEVER, 1);
	g[1] = group(9000, 2, 1);
	ok(choose_group(g, 2, 99999) == 1, "what is to be expected before what is not");
	g[1].open[2] = 0;
	ok(choose_group(g, 2, 99999) == 0, "which is tried, last");
	g[0] = g[1] = group(1000, 2, 1);
	ok(choose_group(g, 2, 9999) == 0, "of equals the first");
	g[0].blocks = 24;
	ok(choose_group(g, 2, 9999) == 1, "or with fewer blocks");
	g[0] = group(0, 2, 1);
	ok(choose_group(g, 1, 0) == 0, "whose cost is not known goes on");
	g[0] = group(UINT64_MAX, 1, UINT16_MAX);
	g[1] = group(UINT64_MAX, 2, UINT16_MAX);
	for (unsigned i = 1; i <= LOOKS_NEVER; i++)
		g[1].open[i] = UINT16_MAX;
	ok(choose_group(g, 2, UINT64_MAX) < 2, "the largest numbers");
}

int main(void)
{
	test_cells();
	test_coarse();
	test_closed();
	test_differences();
	test_any();
	test_choice();
	return done();
}
