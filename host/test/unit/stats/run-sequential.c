/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looks and their ranks, against every path there is, against the walk in long double,
 * and against the interval of a single look.
 */
#include <string.h>
#include "plain.h"
#include "stats/sequential.h"
#include "stats/stats.h"
#include "tap.h"

/* Schedules. */

static const struct {
	unsigned first, blocks, next;
} schedules[] = {
	{ 0, 0, 0 }, { 0, 16, 0 },
	{ 16, 0, 16 }, { 16, 1, 16 }, { 16, 15, 16 }, { 16, 16, 24 }, { 16, 17, 24 },
	{ 16, 23, 24 }, { 16, 24, 32 }, { 16, 119, 120 }, { 16, 120, 128 },
	{ 16, 127, 128 }, { 16, 128, 0 }, { 16, 200, 0 },
	{ 1, 0, 1 }, { 1, 1, 9 }, { 1, 120, 121 }, { 1, 121, 128 }, { 1, 128, 0 },
	{ 6, 6, 14 }, { 6, 118, 126 }, { 6, 126, 128 }, { 128, 5, 128 },
	{ 128, 128, 0 },
};
#define SCHEDULES (sizeof(schedules) / sizeof(schedules[0]))

static void test_schedules(void)
{
	for (unsigned i = 0; i < SCHEDULES; i++) {
		struct looks l = { schedules[i].first };

		ok(next_look(&l, schedules[i].blocks) == schedules[i].next,
		   "first look at %u, %u there: the next at %u", schedules[i].first,
		   schedules[i].blocks, schedules[i].next);
	}
}

static unsigned regular(unsigned first, unsigned *sizes)
{
	struct looks l = { first };
	unsigned n = 0;

	for (unsigned b = next_look(&l, 0); b; b = next_look(&l, b))
		sizes[n++] = b;
	return n;
}

/* What may be spent: half at once, the rest in equal parts. */
static long double may(unsigned blocks)
{
	return 0.05L * (BLOCKS_MAX + blocks) / (2 * BLOCKS_MAX);
}

/* The chance to miss at any of the looks with those ranks, the slow way: paths by the
 * number of values below, both ends looked at by themselves. */
static long double chance_to_miss(const unsigned *sizes, unsigned n, const uint8_t *rank)
{
	long double in[BLOCKS_MAX + 2] = { 1 }, out = 0;
	unsigned at = 0;

	for (unsigned i = 0; i < n; i++) {
		for (; at < sizes[i]; at++) {
			long double to[BLOCKS_MAX + 2] = { 0 };

			for (unsigned s = 0; s <= at; s++) {
				to[s] += in[s] / 2;
				to[s + 1] += in[s] / 2;
			}
			memcpy(in, to, sizeof(in));
		}
		for (unsigned s = 0; s <= at; s++)
			if (s < rank[i] || s > at - rank[i]) {
				out += in[s];
				in[s] = 0;
			}
	}
	return out;
}

/* No look spends more than it may, and each of them as much as it can. */
static bool ranks_good(const unsigned *sizes, unsigned n)
{
	uint8_t rank[LOOKS_MAX];

	look_ranks(sizes, n, rank);
	for (unsigned i = 0; i < n; i++) {
		uint8_t more[LOOKS_MAX];

		if (chance_to_miss(sizes, i + 1, rank) > may(sizes[i]))
			return false;
		if (2u * rank[i] > sizes[i] || (i && rank[i] < rank[i - 1]))
			return false;
		memcpy(more, rank, sizeof(more));
		more[i]++;
		if (2u * more[i] <= sizes[i]
		    && chance_to_miss(sizes, i + 1, more) <= may(sizes[i]))
			return false;
	}
	return true;
}

static void test_regular(void)
{
	for (unsigned first = 1; first <= BLOCKS_MAX; first++) {
		unsigned sizes[LOOKS_MAX], n = regular(first, sizes);

		if (first <= 20 || first % 20 == 0)
			ok(n < LOOKS_MAX && sizes[n - 1] == BLOCKS_MAX
			   && ranks_good(sizes, n), "first at %u: %u looks, no more than "
			   "may be spent at any, and no less", first, n);
	}
}

/* Looks at any sizes: blocks without a value, and a budget that ends. */
static void test_irregular(void)
{
	unsigned bad = 0;

	for (unsigned again = 0; again < 300; again++) {
		unsigned sizes[LOOKS_MAX], n = 0, at = 0;

		while (n < LOOKS_MAX) {
			at += 1 + (unsigned)rnd() % 14;
			if (at > BLOCKS_MAX)
				break;
			sizes[n++] = at;
		}
		bad += !ranks_good(sizes, n);
	}
	ok(!bad, "300 times any sizes");
}

/* Every order of heads and tails there is of 22 tosses. */
static void test_every_path(void)
{
	static const unsigned sizes[] = { 6, 9, 14, 22 };
	uint8_t rank[4];
	uint32_t missed = 0;

	look_ranks(sizes, 4, rank);
	for (uint32_t path = 0; path < 1u << 22; path++)
		for (unsigned i = 0; i < 4; i++) {
			unsigned s = (unsigned)__builtin_popcount(path
						& ((1u << sizes[i]) - 1));

			if (s < rank[i] || sizes[i] - s < rank[i]) {
				missed++;
				break;
			}
		}
	diag("ranks %u %u %u %u: %u of 4194304", rank[0], rank[1], rank[2], rank[3],
	     missed);
	ok(missed && missed <= 0.05 * (1u << 22)
	   && fabs(missed - (double)chance_to_miss(sizes, 4, rank) * (1u << 22)) < 0.5,
	   "of all orders of 22 tosses so many miss as the walk says");
}

/* What the pages say. */
static void test_preset(void)
{
	static const uint8_t want[] = {
		4, 6, 9, 12, 15, 18, 22, 25, 29, 32, 35, 39, 42, 46, 50
	};
	unsigned sizes[LOOKS_MAX], n = regular(16, sizes);
	uint8_t rank[LOOKS_MAX];

	look_ranks(sizes, n, rank);
	ok(n == sizeof(want) && !memcmp(rank, want, n), "16 blocks first: the ranks");
	diag("16 blocks first: %.3Lf%% in all", 100 * chance_to_miss(sizes, n, rank));
	for (unsigned first = 1; first <= 16; first++) {
		char text[100] = "";

		n = regular(first, sizes);
		look_ranks(sizes, n, rank);
		for (unsigned i = 0; i < n; i++)
			sprintf(text + strlen(text), " %u", rank[i]);
		diag("first at %u:%s", first, text);
	}
}

/* A first look has at most the rank of one that is alone; at 16 blocks it has it. */
static void test_alone(void)
{
	int64_t v[BLOCKS_MAX];
	unsigned bad = 0, equal = 0;

	for (unsigned i = 0; i < BLOCKS_MAX; i++)
		v[i] = i + 1;
	for (unsigned n = 1; n <= 63; n++) {
		struct interval in = interval_of(v, n);
		uint8_t rank;

		look_ranks(&n, 1, &rank);
		bad += rank > (in.known ? in.lo : 0);
		equal += rank == (in.known ? in.lo : 0);
		if (n == 16)
			ok(rank == in.lo, "16 blocks: as wide as a single look's");
	}
	diag("1 to 63 blocks: %u alike", equal);
	ok(!bad, "1 to 63 blocks: never narrower than a single look's");
}

int main(void)
{
	test_schedules();
	test_regular();
	test_irregular();
	test_every_path();
	test_preset();
	test_alone();
	return done();
}
