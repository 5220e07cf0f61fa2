/* SPDX-License-Identifier: GPL-2.0-only */
/* A reference beside its twin, see twins.h. */
#include "now.h"
#include "run/regimes.h"
#include "time_group.h"
#include "twins.h"
#include "workload/registry.h"

/* What is timed of a group: its reference, the twin, the filler, the chain. */
#define TWINS_CELLS	4

/* A run of one group, with results of its own; large, so there is one. */
static struct {
	struct run run;
	struct group group;
	struct result result[TWINS_CELLS];
	unsigned twin, empty;		/* of those; 0: there is none */
} small;

static void add_cell(const struct run *r, const struct result *of)
{
	struct series s = { .each = plan_batches(r->config), .ticks = r->batches };

	s.ticks += (size_t)small.group.count * small.group.blocks * s.each;
	small.result[small.group.count++] = (struct result){ .cell = of->cell, .series = s };
}

/* Where a block's copies begin in their line: first each offset once, in steps that are
 * soon all over it. */
static void lay_blocks(const struct run *r, struct group *g)
{
	unsigned room = plan_blocks(r->config, r->machine);

	g->blocks = g->first_blocks = room < LISTEN_BLOCKS ? room : LISTEN_BLOCKS;
	for (unsigned b = 0; b < g->blocks; b++)
		g->offset[b] = (uint8_t)(5 * OFFSET_STEP * b % LINE_BYTES);
}

/* The small run of a group.  Return: false if it has not both of them. */
static bool take_group(const struct run *r, const struct group *g)
{
	const struct result *reference = group_reference(g, r->results);
	const struct result *twin = group_find(g, r->results, ROLE_twin, 0, 0);
	const struct result *empty = group_find(g, r->results, ROLE_empty, 0, 0);
	const struct result *chain = group_find(g, r->results, ROLE_chain, 0, 0);

	if (!reference || !twin || (layouts[g->layout].filled && !empty))
		return false;
	small.run = *r;
	small.run.group = &small.group;
	small.run.results = small.result;
	small.run.plan.groups = 1;
	small.group = *g;
	small.group.first = small.group.count = 0;
	lay_blocks(r, &small.group);
	add_cell(r, reference);
	small.twin = small.group.count;
	add_cell(r, twin);
	small.empty = empty && g->state == STATE_warm ? small.group.count : 0;
	if (empty)
		add_cell(r, empty);
	if (chain)
		add_cell(r, chain);
	return true;
}

/* The first op's in that state, in layout line if there is one. */
static bool take_first(const struct run *r, enum state_id state, struct heard *h)
{
	for (unsigned any = 0; any < 2 && !h->has_group; any++)
		for (size_t i = 0; i < r->plan.groups && !h->has_group; i++) {
			const struct group *g = &r->group[i];

			if (g->state != state
			    || workload_of(g->workload)->kind != KIND_OP
			    || (g->layout != LAYOUT_line && !any))
				continue;
			h->has_group = take_group(r, g);
			h->group = i;
		}
	return h->has_group;
}

/* Ticks of a batch, that of the filler taken off, for as many ops as a body has. */
static int64_t ticks_of(unsigned cell, size_t at)
{
	const struct series *s = &small.result[cell].series;
	const struct series *e = small.empty ? &small.result[small.empty].series : NULL;
	int64_t t = ((int64_t)s->ticks[at].n2 - s->ticks[at].n) * MILLION / s->reps;

	return e ? t - ((int64_t)e->ticks[at].n2 - e->ticks[at].n) * MILLION / e->reps : t;
}

/* A step of the TSC beside what the reference takes, as summarise() widens. */
static int64_t twins_grain(const struct run *r, int64_t reference)
{
	uint32_t a = small.result[0].series.reps, b = small.result[small.twin].series.reps;
	uint64_t step = r->before.step > 1 ? r->before.step : 0;

	return ratio_of(grain_of(step, a < b ? a : b), reference);
}

/* Is that batch of the regime that the estimates are of? */
static bool counts(size_t at)
{
	const struct group *g = &small.group;

	return !g->width || regime_counts(&g->regimes, g->width[at].regime);
}

/* What a block says, if anything; grains are added up. */
static void take_block(const struct run *r, unsigned block, struct heard *h)
{
	size_t first = (size_t)block * small.result[0].series.each;
	uint32_t taken = small.group.taken[block], n = 0, kept = 0;
	int64_t *ratio = r->scratch, *reference = r->scratch + taken;

	for (size_t i = first; i < first + taken; i++) {
		int64_t y = ticks_of(0, i);

		kept += counts(i);
		if (y <= 0 || !counts(i))
			continue;
		reference[n] = y;
		ratio[n++] = ratio_of(ticks_of(small.twin, i), y);
	}
	if (!n || (kept < taken && kept < REGIME_BLOCK_LEAST))
		return;
	h->ratio[h->blocks++] = median_of(ratio, n);
	h->grain += twins_grain(r, median_of(reference, n));
}

static bool run_small(struct arena *a, unsigned from, unsigned to, uint64_t began,
		      uint64_t *took, struct run_error *e)
{
	uint64_t now;

	if (from < to && !time_blocks(&small.run, a, &small.group, from, to, e))
		return false;
	if (!clock_now(small.run.machine, &now))
		return run_fail(e, RUN_NO_QUIET);
	*took = now - began;
	return true;
}

/* So many blocks as there is time for: the first says how long one takes. */
static bool time_small(struct arena *a, uint64_t ticks, uint64_t *took, struct run_error *e)
{
	struct group *g = &small.group;
	uint64_t began;

	if (!clock_now(small.run.machine, &began))
		return run_fail(e, RUN_NO_QUIET);
	if (!run_small(a, 0, 1, began, took, e))
		return false;
	if (*took && ticks / *took < g->blocks)
		g->blocks = ticks > *took ? (unsigned)(ticks / *took) : 1;
	return run_small(a, 1, g->blocks, began, took, e);
}

bool time_twins(const struct run *r, struct arena *a, enum state_id state, uint64_t ticks,
		struct heard *h, uint64_t *took, struct run_error *e)
{
	*h = (struct heard){ .has_group = false };
	*took = 0;
	if (!take_first(r, state, h))
		return true;
	if (!time_small(a, ticks, took, e))
		return false;
	h->cell_ticks = *took / small.group.blocks / small.group.count;
	if (small.result[0].refused || small.result[small.twin].refused
	    || (small.empty && small.result[small.empty].refused))
		return true;
	run_regimes(&small.run);
	h->regimes = small.group.regimes;
	for (unsigned b = 0; b < small.group.blocks; b++)
		take_block(r, b, h);
	if (h->blocks)
		h->grain /= h->blocks;
	return true;
}
