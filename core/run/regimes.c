/* SPDX-License-Identifier: GPL-2.0-only */
/* The regimes of a run's batches, see regimes.h. */
#include "run/regimes.h"
#include "measure/width_probe.h"

static bool asks(const struct run *r)
{
	return r->width && !r->machine->emulated && r->clock.id == CLOCK_tsc
		&& r->before.step <= PROBE_STEP_MOST;
}

struct width_taken *run_width(const struct run *r, struct group *g, unsigned block)
{
	size_t each = plan_batches(r->config);
	size_t room = each * plan_blocks(r->config, r->machine);

	if (!asks(r))
		return NULL;
	g->width = r->width + (size_t)(g - r->group) * room;
	g->width_each = (uint32_t)each;
	return g->width + block * each;
}

/* The published width is of the boot CPU's model, and says nothing of the small cores
 * beside it. */
static uint32_t published(const struct run *r, const struct group *g)
{
	return g->on && g->on->kind == CORE_efficiency ? 0 : r->published.milli;
}

static struct width_taken *of_block(const struct group *g, unsigned block)
{
	return g->width + (size_t)block * g->width_each;
}

/* Of one group, where they were taken. */
static void add_widths(const struct run *r, struct group *g, struct widths *w)
{
	if (!g->width)
		return;
	for (; g->width_blocks < g->blocks; g->width_blocks++)
		width_bins(of_block(g, g->width_blocks), g->taken[g->width_blocks],
			   &width_unit, r->scratch);
	for (unsigned b = 0; b < g->blocks; b++)
		widths_add(w, of_block(g, b), g->taken[b]);
}

static void sort_group(const struct group *g, struct regimes *found)
{
	for (unsigned b = 0; g->width && b < g->blocks; b++)
		regimes_sort(found, of_block(g, b), g->taken[b]);
}

/* Those of the groups of the first one's CPU. */
static struct regimes find(const struct run *r, const struct group *first)
{
	struct widths w = { .n = 0 };
	struct regimes found;

	for (size_t i = 0; i < r->plan.groups; i++)
		if (r->group[i].cpu == first->cpu)
			add_widths(r, &r->group[i], &w);
	found = regimes_find(&w, first->regimes.bin, published(r, first));
	for (size_t i = 0; i < r->plan.groups; i++)
		if (r->group[i].cpu == first->cpu)
			sort_group(&r->group[i], &found);
	regimes_choose(&found);
	return found;
}

static bool differ(const struct regimes *a, const struct regimes *b)
{
	return a->bin != b->bin || a->used != b->used;
}

bool run_regimes(struct run *r)
{
	bool changed = false;

	for (size_t i = 0; i < r->plan.groups; i++) {
		struct group *g = &r->group[i];
		struct regimes was = g->regimes;

		if (i && g[-1].cpu == g->cpu)
			g->regimes = g[-1].regimes;
		else
			g->regimes = find(r, g);
		changed |= differ(&was, &g->regimes);
	}
	return changed;
}
