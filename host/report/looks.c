/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranks for several looks, see looks.h. */
#include <stdbool.h>
#include "looks.h"

static bool is_look(unsigned blocks, unsigned from, unsigned last)
{
	if (blocks == last || blocks == BLOCKS_MOST)
		return true;
	return blocks >= from && blocks < BLOCKS_MOST && (blocks - from) % BLOCKS_A_LOOK == 0;
}

void see(struct seen *s, unsigned blocks, unsigned size, unsigned from, unsigned last)
{
	if (is_look(blocks, from, last) && size && size <= BLOCKS_MOST
	    && (!s->n || s->sizes[s->n - 1] < size))
		s->sizes[s->n++] = size;
}

/* Paths from no block to @n blocks, those that missed taken out, by how many values lay
 * below the median; only the lower end, for the upper is its mirror. */
unsigned rank_seen(const struct seen *s)
{
	double paths[BLOCKS_MOST + 2] = { 1 }, missed = 0;
	unsigned n = 0, k = 0;

	for (unsigned i = 0; i < s->n; i++) {
		unsigned size = s->sizes[i];
		double may = 0.05 * (0.5 + 0.5 * size / BLOCKS_MOST);

		for (; n < size; n++)
			for (unsigned below = n + 1; below <= n + 1; below--)
				paths[below] = (paths[below]
					+ (below ? paths[below - 1] : 0)) / 2;
		for (k = 0; 2 * k + 1 < n && missed + 2 * paths[k] <= may; k++) {
			missed += 2 * paths[k];
			paths[k] = paths[n - k] = 0;
		}
	}
	return k;
}
