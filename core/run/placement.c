/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the blocks of a run with a budget lie, see placement.h. */
#include "lib/rng.h"
#include "placement.h"

/* Whole lines, and none left over. */
_Static_assert(BLOCKS_MAX % LINE_BYTES == 0, "a block more than lines have bytes");

/* The order is another than any block draws from, see rng_of() in time_group.c. */
void place_blocks(struct group *g, uint64_t seed, uint32_t number)
{
	struct rng rng = { seed + ((uint64_t)(1u << 28 | number) << 32) };

	for (unsigned b = 0; b < BLOCKS_MAX; b += LINE_BYTES) {
		for (unsigned i = 0; i < LINE_BYTES; i++)
			g->offset[b + i] = (uint8_t)i;
		rng_shuffle(&rng, &g->offset[b], LINE_BYTES);
	}
}
