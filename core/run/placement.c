/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the blocks of later rounds lie, see placement.h. */
#include "lib/rng.h"
#include "placement.h"

/* What is drawn from next: places that have not been used, of the kind whose turn it
 * is. */
struct places {
	uint8_t at[LINE_BYTES];
	unsigned count, next;
};

static bool in_first_pass(const struct group *g, unsigned offset)
{
	for (unsigned b = 0; b < g->first_blocks; b++)
		if (g->offset[b] == offset)
			return true;
	return false;
}

/* Turn 0: steps that are left; 1: what lies between; then all. */
static void draw(struct places *p, const struct group *g, unsigned turn, struct rng *rng)
{
	p->count = p->next = 0;
	for (unsigned offset = 0; offset < LINE_BYTES; offset++) {
		bool step = offset % OFFSET_STEP == 0;

		if (turn > 1 || (step == !turn && !in_first_pass(g, offset)))
			p->at[p->count++] = (uint8_t)offset;
	}
	rng_shuffle(rng, p->at, p->count);
}

uint8_t placement(const struct group *g, unsigned block, uint64_t seed)
{
	struct places p = { .count = 0 };
	struct rng rng = { seed };
	unsigned turn = 0;

	for (unsigned b = g->first_blocks; ; b++, p.next++) {
		while (p.next == p.count)
			draw(&p, g, turn++, &rng);
		if (b == block)
			return p.at[p.next];
	}
}
