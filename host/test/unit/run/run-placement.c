/* SPDX-License-Identifier: GPL-2.0-only */
/* Where blocks lie with a budget: every byte of a cache line once, then again; in an order
 * of each group's own, of which any beginning is a sample of the line. */
#include <string.h>
#include "../../../../core/run/placement.h"
#include "tap.h"

#define GROUPS	4096
#define FIRST	16

static struct group placed(uint64_t seed, uint32_t number)
{
	struct group g = { .blocks = 5, .first_blocks = 5 };

	place_blocks(&g, seed, number);
	return g;
}

/* How many of those blocks have an offset that one before them, of these, has. */
static unsigned repeated(const struct group *g, unsigned from, unsigned to)
{
	unsigned n = 0;

	for (unsigned b = from; b < to; b++)
		for (unsigned a = from; a < b; a++)
			n += g->offset[a] == g->offset[b];
	return n;
}

static void test_places(void)
{
	unsigned outside = 0, twice = 0, again = 0, alike = 0, counts = 0;

	for (uint32_t i = 0; i < 100; i++) {
		struct group g = placed(7, i);

		for (unsigned b = 0; b < BLOCKS_MAX; b++)
			outside += g.offset[b] >= LINE_BYTES;
		twice += repeated(&g, 0, LINE_BYTES);
		again += repeated(&g, LINE_BYTES, BLOCKS_MAX);
		alike += !memcmp(g.offset + LINE_BYTES, g.offset, LINE_BYTES);
		counts += g.blocks != 5 || g.first_blocks != 5;
	}
	ok(!outside && !twice, "every byte of a line once before any twice");
	ok(!again && !alike, "then once more, in another order");
	ok(!counts, "how many blocks there are is not its matter");
}

static void test_seed(void)
{
	struct group a = placed(7, 3), b = placed(7, 3), c = placed(8, 3);
	unsigned alike = 0;

	ok(!memcmp(a.offset, b.offset, sizeof(a.offset)), "the same seed: the same places");
	ok(memcmp(a.offset, c.offset, FIRST), "another: others");
	memset(b.offset, 0xff, sizeof(b.offset));
	memset(b.taken, 1, sizeof(b.taken));
	place_blocks(&b, 7, 3);
	ok(!memcmp(a.offset, b.offset, sizeof(a.offset)), "whatever was there and was taken");
	for (uint32_t i = 0; i < 100; i++)
		for (uint32_t k = 0; k < i; k++) {
			struct group g = placed(7, i), h = placed(7, k);

			alike += !memcmp(g.offset, h.offset, FIRST);
		}
	ok(!alike, "no two of 100 groups have the same");
}

/* The first pass, over many groups: each block is at each byte about equally often, so
 * neither the pass nor a time in it speaks for some places only. */
static void test_sample(void)
{
	unsigned had[FIRST][LINE_BYTES] = { { 0 } }, steps = 0, rare = 0, often = 0;

	for (uint32_t i = 0; i < GROUPS; i++) {
		struct group g = placed(1, i);

		for (unsigned b = 0; b < FIRST; b++) {
			had[b][g.offset[b]]++;
			steps += g.offset[b] % 4 == 0;
		}
	}
	/* Of 64 on average with a deviation of 8: six of them away. */
	for (unsigned b = 0; b < FIRST; b++)
		for (unsigned at = 0; at < LINE_BYTES; at++) {
			rare += had[b][at] < 16;
			often += had[b][at] > 112;
		}
	ok(!rare && !often, "any block is at any byte, about equally often");
	ok(steps > FIRST * GROUPS * 24 / 100 && steps < FIRST * GROUPS * 26 / 100,
	   "a quarter of a first pass is at multiples of 4: %u of %u", steps, FIRST * GROUPS);
}

int main(void)
{
	test_places();
	test_seed();
	test_sample();
	return done();
}
