/* SPDX-License-Identifier: GPL-2.0-only */
/* The first pass over a plan's groups, and rounds of those that are open; see time_groups.h. */
#include "lib/mul_div.h"
#include "now.h"
#include "placement.h"
#include "run/summary.h"
#include "time_group.h"
#include "time_groups.h"

/* One run's order. */
struct order {
	struct run *run;
	struct arena *arena;
	struct run_error *e;
};

static void add_quality(struct quality *to, const struct quality *q)
{
	to->tried += q->tried;
	for (unsigned i = 0; i < DROPPED_COUNT; i++)
		to->dropped[i] += q->dropped[i];
	to->windows += q->windows;
	to->overran += q->overran;
	if (q->largest_gap > to->largest_gap)
		to->largest_gap = q->largest_gap;
	if (q->gap_bound > to->gap_bound)
		to->gap_bound = q->gap_bound;
	to->gap_own += q->gap_own;
	if (q->longest_window > to->longest_window)
		to->longest_window = q->longest_window;
}

/* Steps of a bar that shows a budget. */
#define PROGRESS_STEPS	1000

static void say_progress(const struct run *r, bool all)
{
	const struct rounds *b = &r->rounds;
	uint64_t used = b->used_ticks < r->budget_ticks ? b->used_ticks : r->budget_ticks;
	struct run_progress p = {
		.of = PROGRESS_STEPS, .budget = true,
		.done = (unsigned)mul_div(used, PROGRESS_STEPS - 1, r->budget_ticks),
		.decided = b->decided, .open = b->open,
		.left_s = (unsigned)mul_div(r->budget_ticks - used,
					    plan_budget_s(r->config, r->machine),
					    r->budget_ticks),
	};

	if (all)
		p.done = p.of;
	r->machine->progress(r->machine->ctx, &p);
}

static void say_groups(const struct run *r, size_t done)
{
	const struct run_progress p = {
		.done = (unsigned)done, .of = (unsigned)r->plan.groups,
	};

	r->machine->progress(r->machine->ctx, &p);
}

/* Looks at the clock.  One that ran backwards has used all of the budget. */
static bool keep_time(struct order *o)
{
	struct rounds *b = &o->run->rounds;
	uint64_t now;

	if (!clock_now(o->run->machine, &now))
		return run_fail(o->e, RUN_NO_QUIET);
	b->used_ticks = now - b->began;
	if (b->used_ticks >> 63)
		b->used_ticks = o->run->budget_ticks;
	return true;
}

static bool has_time(const struct run *r, uint64_t ticks)
{
	return r->rounds.used_ticks < r->budget_ticks
		&& r->budget_ticks - r->rounds.used_ticks >= ticks;
}

static bool time_block(struct order *o, struct group *g, unsigned block)
{
	return time_blocks(o->run, o->arena, g, block, block + 1, o->e) && keep_time(o);
}

/* A block of every group. */
static bool sweep(struct order *o, unsigned block)
{
	struct run *r = o->run;

	for (size_t i = 0; i < r->plan.groups; i++) {
		say_progress(r, false);
		if (!time_block(o, &r->group[i], block))
			return false;
	}
	return true;
}

/* How many sweeps there is time for, after one that took so long. */
static unsigned sweeps_that_fit(const struct run *r, uint64_t one)
{
	uint64_t left = has_time(r, 0) ? r->budget_ticks - r->rounds.used_ticks : 0;
	unsigned most = r->config->offsets;

	return !one || left / one >= most - 1 ? most : 1 + (unsigned)(left / one);
}

/* All groups have so many blocks; those that were timed stay what they are. */
static void lay_all(struct run *r, unsigned blocks)
{
	for (size_t i = 0; i < r->plan.groups; i++)
		group_lay_blocks(&r->group[i], blocks);
}

static void cut_all(struct run *r, unsigned blocks)
{
	for (size_t i = 0; i < r->plan.groups; i++)
		r->group[i].blocks = r->group[i].first_blocks = blocks;
}

/* The first block lies at the same place however many there are. */
static bool first_pass_in_time(struct order *o)
{
	struct run *r = o->run;
	uint64_t before = r->rounds.used_ticks, one;
	unsigned blocks, b;

	if (!sweep(o, 0))
		return false;
	one = r->rounds.used_ticks - before;
	blocks = sweeps_that_fit(r, one);
	if (blocks < r->config->offsets)
		lay_all(r, blocks);
	for (b = 1; b < blocks && has_time(r, one); b++)
		if (!sweep(o, b))
			return false;
	cut_all(r, b);
	r->rounds.first_blocks = b;
	return true;
}

static bool first_pass(struct order *o)
{
	struct run *r = o->run;

	for (size_t i = 0; i < r->plan.groups; i++) {
		struct group *g = &r->group[i];

		say_groups(r, i);
		if (!time_blocks(r, o->arena, g, 0, g->blocks, o->e))
			return false;
		if (r->timing && r->clock.id != CLOCK_instructions)
			return true;	/* its counts are not equal */
	}
	say_groups(r, r->plan.groups);
	return true;
}

static bool is_compared(const struct result *res)
{
	return res->has_vs && !res->refused && res->ticks.n;
}

/* Comparisons of a group that are not decided. */
static unsigned open_in(const struct run *r, const struct group *g)
{
	unsigned n = 0;

	for (size_t i = g->first; i < g->first + g->count; i++)
		n += is_compared(&r->results[i])
			&& r->results[i].vs.verdict == VERDICT_inconclusive
			&& !r->results[i].vs.vetoed;
	return n;
}

static void count_decided(struct run *r)
{
	struct rounds *b = &r->rounds;
	unsigned all = 0;

	b->open = 0;
	for (size_t i = 0; i < r->plan.groups; i++)
		b->open += open_in(r, &r->group[i]);
	for (size_t i = 0; i < r->plan.cells; i++)
		all += is_compared(&r->results[i]);
	b->decided = all - b->open;
}

static void look(struct run *r, struct group *g)
{
	const struct summary_rules rules = summary_rules_of(r);

	g->looks_from = g->first_blocks;
	summarise(g, r->results, &rules);
	g->looks++;
	r->rounds.looks++;
}

/* The open group that goes on; NULL: there is none that may. */
static struct group *choose(const struct run *r)
{
	struct group *next = NULL;

	for (size_t i = 0; i < r->plan.groups; i++) {
		struct group *g = &r->group[i];

		if (g->blocks < plan_blocks(r->config, r->machine) && open_in(r, g)
		    && (!next || g->blocks < next->blocks))
			next = g;
	}
	return next;
}

/* So many blocks more, or what there is time for. */
static bool go_on(struct order *o, struct group *g)
{
	struct run *r = o->run;
	/* Another than any block draws from, see rng_of() in time_group.c. */
	uint64_t seed = r->seed + ((1u << 28 | (uint64_t)(g - r->group)) << 32);
	unsigned room = plan_blocks(r->config, r->machine);

	for (unsigned i = 0; i < LOOK_BLOCKS && g->blocks < room && has_time(r, 1); i++) {
		unsigned b = g->blocks++;

		g->offset[b] = placement(g, b, seed);
		if (!time_block(o, g, b))
			return false;
	}
	return true;
}

static bool run_rounds(struct order *o)
{
	struct run *r = o->run;
	struct group *g;

	for (size_t i = 0; i < r->plan.groups; i++)
		look(r, &r->group[i]);
	count_decided(r);
	while (has_time(r, 1) && (g = choose(r))) {
		say_progress(r, false);
		if (!go_on(o, g))
			return false;
		look(r, g);
		count_decided(r);
	}
	say_progress(r, true);
	return true;
}

bool time_groups(struct run *r, struct arena *a, struct run_error *e)
{
	struct order o = { r, a, e };
	bool ok;

	r->rounds.ran = r->budget_ticks && r->clock.id == CLOCK_tsc;
	ok = r->rounds.ran ? keep_time(&o) && first_pass_in_time(&o) && run_rounds(&o)
		: first_pass(&o);
	for (size_t i = 0; i < r->plan.groups; i++)
		add_quality(&r->quality, &r->group[i].quality);
	return ok;
}
