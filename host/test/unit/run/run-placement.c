/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the blocks of later rounds lie: every byte of a cache line once, then again. */
#include <string.h>
#include "../../../../core/run/placement.h"
#include "tap.h"

static struct group laid(unsigned offsets)
{
	struct group g = { .blocks = 0 };

	group_lay_blocks(&g, offsets);
	return g;
}

static void place_all(struct group *g, uint64_t seed)
{
	while (g->blocks < BLOCKS_MAX) {
		g->offset[g->blocks] = placement(g, g->blocks, seed);
		g->blocks++;
	}
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

static unsigned steps(const struct group *g, unsigned from, unsigned to)
{
	unsigned n = 0;

	for (unsigned b = from; b < to; b++)
		n += g->offset[b] % OFFSET_STEP == 0;
	return n;
}

static void test_places(unsigned offsets)
{
	struct group g = laid(offsets);
	unsigned outside = 0;

	place_all(&g, 7);
	for (unsigned b = 0; b < BLOCKS_MAX; b++)
		outside += g.offset[b] >= LINE_BYTES;
	ok(!outside && !repeated(&g, 0, LINE_BYTES),
	   "%u offsets: every byte of a line once", offsets);
	ok(!repeated(&g, LINE_BYTES, BLOCKS_MAX), "and then once more");
	ok(steps(&g, 0, OFFSETS_MAX) == OFFSETS_MAX
	   && !steps(&g, OFFSETS_MAX, LINE_BYTES), "first those at steps that are left");
}

static void test_seed(void)
{
	struct group a = laid(16), b = laid(16), c = laid(16);

	place_all(&a, 7);
	place_all(&b, 7);
	place_all(&c, 8);
	ok(!memcmp(a.offset, b.offset, sizeof(a.offset)), "the same seed: the same places");
	ok(memcmp(a.offset, c.offset, sizeof(a.offset)), "another: others");
	ok(memcmp(a.offset + LINE_BYTES, a.offset, LINE_BYTES),
	   "an order of its own the second time");
}

int main(void)
{
	for (unsigned offsets = 1; offsets <= OFFSETS_MAX; offsets++)
		test_places(offsets);
	test_seed();
	return done();
}
