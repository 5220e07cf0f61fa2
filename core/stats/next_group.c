/* SPDX-License-Identifier: GPL-2.0-only */
/* Which group goes on, see next_group.h. */
#include "stats/next_group.h"
#include "lib/mul_div.h"

/* Of blocks: no more than that is ever asked for. */
#define NEVER	UINT64_MAX

static int64_t distance(int64_t from, int64_t to)
{
	int64_t d;

	return __builtin_sub_overflow(to, from, &d) ? INT64_MAX : d;
}

/* Blocks with which what is @wide is @gap wide, of @blocks now; @grain of both stays. */
static uint64_t blocks_for(unsigned blocks, int64_t wide, int64_t gap, int64_t grain)
{
	uint64_t once;

	wide = distance(grain, wide);
	gap = distance(grain, gap);
	if (gap <= 0)
		return NEVER;
	if (wide <= gap)
		return blocks;
	once = mul_div(blocks, (uint64_t)wide, (uint64_t)gap);
	return once == NEVER ? NEVER : mul_div(once, (uint64_t)wide, (uint64_t)gap);
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Half the margin wide but for the grain, and the margin with it. */
static uint64_t blocks_at_margin(const struct comparison *c, int64_t margin,
				 unsigned blocks)
{
	int64_t both = distance(-c->ratio_grain, c->ratio_grain);
	int64_t wide = distance(both, distance(c->ratio_95.lo, c->ratio_95.hi));
	int64_t left = distance(both, margin);

	return blocks_for(blocks, wide, left < margin / 2 ? left : margin / 2, 0);
}

/* Both ends within the margin, one beyond it, or narrow and at it. */
static uint64_t blocks_by_ratio(const struct comparison *c, unsigned blocks)
{
	int64_t r = c->ratio, lo = c->ratio_95.lo, hi = c->ratio_95.hi;
	int64_t margin = c->margin > MARGIN_SAME_MOST ? MARGIN_SAME_MOST : c->margin;
	int64_t below = MILLION - margin, above = MILLION + margin, g = c->ratio_grain;
	uint64_t at_margin = blocks_at_margin(c, margin, blocks);

	if (r > above)
		return least(at_margin, blocks_for(blocks, distance(lo, r),
						   distance(above, r), g));
	if (r < below)
		return least(at_margin,
			     most(blocks_for(blocks, distance(r, hi), distance(r, below), g),
				  blocks_for(blocks, distance(lo, r), r, g)));
	return least(at_margin,
		     most(blocks_for(blocks, distance(r, hi), distance(r, above), g),
			  blocks_for(blocks, distance(lo, r), distance(below, r), g)));
}

static uint64_t blocks_by_difference(const struct comparison *c, int64_t floor,
				     unsigned blocks)
{
	int64_t d = c->difference, lo = c->difference_95.lo, hi = c->difference_95.hi;

	if (floor == INT64_MAX)
		return NEVER;
	if (d >= 0)
		return blocks_for(blocks, distance(lo, d), distance(floor, d), c->grain);
	/* Faster is only what is known to take something. */
	if (!c->ratio_95.known || c->ratio_95.lo <= 0)
		return NEVER;
	return blocks_for(blocks, distance(d, hi), distance(d, -floor), c->grain);
}

static uint64_t blocks_wanted(const struct comparison *c, int64_t floor, unsigned blocks)
{
	uint64_t by_ratio = c->ratio_95.known ? blocks_by_ratio(c, blocks) : NEVER;

	/* Too few blocks so far: there is no telling. */
	if (!c->difference_95.known)
		return blocks;
	return c->by_difference
		? least(by_ratio, blocks_by_difference(c, floor, blocks)) : by_ratio;
}

static bool within(int64_t v, int64_t middle, int64_t away)
{
	return distance(middle, v) <= away && distance(v, middle) <= away;
}

/* Wherever the blocks' interval, without the grain, shrinks to: the grain reaches beyond
 * an end of what is the same, on both sides of it, and is no narrow thing at it. */
static bool grain_forbids(const struct comparison *c)
{
	int64_t g = c->ratio_grain, m = c->margin, lo, hi;

	/* In millionths; and where it is more the ratio is not what is asked. */
	if (!g || !c->ratio_95.known || m > MARGIN_SAME_MOST || g > MARGIN_SAME_MOST
	    || 2 * g < m || c->by_difference || !is_coarse(c))
		return false;
	lo = c->ratio_95.lo + g;
	hi = c->ratio_95.hi - g;
	if (g > m && within(lo, MILLION, m + g) && within(hi, MILLION, m + g))
		return true;
	return (within(lo, MILLION + m, g) && within(hi, MILLION + m, g))
		|| (within(lo, MILLION - m, g) && within(hi, MILLION - m, g));
}

unsigned looks_wanted(const struct comparison *c, int64_t floor, struct looks looks,
		      unsigned blocks)
{
	uint64_t wanted = blocks_wanted(c, floor, blocks);
	unsigned n = 1;

	if (is_decided(c->verdict) || c->vetoed || grain_forbids(c))
		return 0;
	for (unsigned b = next_look(&looks, blocks); b; b = next_look(&looks, b), n++)
		if (b >= wanted)
			return n;
	return LOOKS_NEVER;
}

void contend(struct contender *g, const struct comparison *c, int64_t floor)
{
	unsigned n = looks_wanted(c, floor, g->looks, g->blocks);

	if (n && g->open[n] < UINT16_MAX)
		g->open[n]++;
}

/* Verdicts per time. */
struct yield {
	uint64_t verdicts, ticks;
};

static bool better(struct yield a, struct yield b)
{
	return a.verdicts * b.ticks > b.verdicts * a.ticks;
}

/* So that products have 64 bits: verdicts and looks have 26.  It is a minute or more. */
static uint64_t bounded(uint64_t look_ticks)
{
	const uint64_t largest = UINT64_C(1) << 37;

	return !look_ticks ? 1 : least(look_ticks, largest);
}

static struct yield yield_of(const struct contender *g)
{
	struct yield all = { 0, 1 }, best = all;

	for (unsigned n = 1; n <= LOOKS_NEVER; n++) {
		unsigned looks = n == LOOKS_NEVER ? 2 * LOOKS_MAX : n;

		all.verdicts += g->open[n];
		all.ticks = looks * bounded(g->look_ticks);
		if (better(all, best))
			best = all;
	}
	return best;
}

size_t choose_group(const struct contender *g, size_t n, uint64_t left)
{
	struct yield best = { 0, 1 };
	size_t chosen = n;

	for (size_t i = 0; i < n; i++) {
		struct yield y = yield_of(&g[i]);

		if (!y.verdicts || !next_look(&g[i].looks, g[i].blocks)
		    || g[i].look_ticks > left)
			continue;
		if (better(y, best) || (!better(best, y)
					&& g[i].blocks < g[chosen].blocks)) {
			best = y;
			chosen = i;
		}
	}
	return chosen;
}
