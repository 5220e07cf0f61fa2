/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranks of repeated looks: the report tool's, in double, are core's, in integers. */
#include "tap.h"
#include "stats/sequential.h"
#include "../../../report/looks.c"

/* A look at each of those sizes, rising. */
static bool agree(const unsigned *sizes, unsigned n)
{
	struct seen seen = { .n = 0 };
	uint8_t rank[LOOKS_MAX];

	look_ranks(sizes, n, rank);
	for (unsigned i = 0; i < n; i++) {
		seen.sizes[seen.n++] = sizes[i];
		if (rank_seen(&seen) != rank[i]) {
			diag("%u looks, the last at %u: %u and %u", i + 1, sizes[i],
			     rank_seen(&seen), rank[i]);
			return false;
		}
	}
	return true;
}

/* At @first blocks, then every LOOK_BLOCKS more, as next_look() has it. */
static bool scheduled(unsigned first)
{
	struct looks looks = { first };
	unsigned sizes[LOOKS_MAX], n = 0;

	for (unsigned at = next_look(&looks, 0); at; at = next_look(&looks, at))
		sizes[n++] = at;
	return agree(sizes, n);
}

static void test_schedules(void)
{
	unsigned first = 1;

	while (first <= BLOCKS_MAX && scheduled(first))
		first++;
	ok(first > BLOCKS_MAX, "from every number of blocks: the same ranks");
}

/* Any steps: blocks may have no value, and a budget ends anywhere. */
static void test_any(void)
{
	uint32_t at = 1;
	unsigned t, n;

	for (t = 0; t < 2000; t++) {
		unsigned sizes[LOOKS_MAX], size = 0;

		for (n = 0; n < LOOKS_MAX; n++) {
			at = at * 1664525 + 1013904223;
			size += 1 + (at >> 16) % 12;
			if (size > BLOCKS_MAX)
				break;
			sizes[n] = size;
		}
		if (!agree(sizes, n))
			break;
	}
	ok(t == 2000, "at 2000 lists of any sizes: the same ranks");
}

/* When is a look? */
static void test_see(void)
{
	bool same = true;

	for (unsigned first = 1; first <= BLOCKS_MAX; first++) {
		struct looks looks = { first };
		struct seen seen = { .n = 0 };
		unsigned next = next_look(&looks, 0), k = 0;

		for (unsigned b = 1; b <= BLOCKS_MAX; b++)
			see(&seen, b, b, first, BLOCKS_MAX);
		for (; next && same; next = next_look(&looks, next), k++)
			same = k < seen.n && seen.sizes[k] == next;
		same &= k == seen.n;
	}
	ok(same, "looks are at the blocks that core looks at");
	ok(BLOCKS_MOST == BLOCKS_MAX && BLOCKS_A_LOOK == LOOK_BLOCKS,
	   "so many at most, and so many more each time");
}

int main(void)
{
	test_schedules();
	test_any();
	test_see();
	return done();
}
