/* SPDX-License-Identifier: GPL-2.0-only */
/* Ranks for repeated looks, see sequential.h. */
#include "stats/sequential.h"

unsigned next_look(const struct looks *looks, unsigned blocks)
{
	unsigned next = looks->first;

	if (!next || blocks >= BLOCKS_MAX)
		return 0;
	if (blocks >= next)
		next += ((blocks - next) / LOOK_BLOCKS + 1) * LOOK_BLOCKS;
	return next < BLOCKS_MAX ? next : BLOCKS_MAX;
}

/* Certainty, in the unit of chances.  Two of them still have 64 bits. */
#define ONE	(UINT64_C(1) << 62)

/* chance[s]: that of n tosses s were heads and no look has missed, for s up to n / 2.
 * Both ends are alike: n - s heads have the same. */
struct walk {
	unsigned n;
	uint64_t missed;		/* chance that a look has */
	uint64_t chance[BLOCKS_MAX / 2 + 1];
};

static void toss(struct walk *w)
{
	/* One head more than half of an odd number is one less than the other half. */
	if (w->n++ % 2)
		w->chance[w->n / 2] = w->chance[w->n / 2 - 1];
	for (unsigned s = (w->n - 1) / 2; s > 0; s--)
		w->chance[s] = (w->chance[s] + w->chance[s - 1] + 1) / 2;
	w->chance[0] = (w->chance[0] + 1) / 2;
}

/* Of a chance to miss of 5%, what may be used up when there are n blocks. */
static uint64_t may_be_spent(unsigned n)
{
	return ONE / 20 / (2 * BLOCKS_MAX) * (BLOCKS_MAX + n);
}

/* The largest rank there is room for.  Who has missed walks no further. */
static unsigned look(struct walk *w)
{
	uint64_t room = may_be_spent(w->n) - w->missed;
	unsigned k = 0;

	/* Both ends at once; never the middle. */
	while (2 * k + 1 < w->n && 2 * w->chance[k] <= room) {
		room -= 2 * w->chance[k];
		w->missed += 2 * w->chance[k];
		w->chance[k++] = 0;
	}
	return k;
}

void look_ranks(const unsigned *sizes, unsigned n, uint8_t *rank)
{
	struct walk w = { .chance = { ONE } };

	for (unsigned i = 0; i < n; i++) {
		while (w.n < sizes[i])
			toss(&w);
		rank[i] = (uint8_t)look(&w);
	}
}
