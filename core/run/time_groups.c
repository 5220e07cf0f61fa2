/* SPDX-License-Identifier: GPL-2.0-only */
/* The first pass over a plan's groups, see time_groups.h. */
#include "go_on.h"
#include "pace.h"
#include "placement.h"
#include "time_group.h"
#include "time_groups.h"

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

/* A block of every group. */
static bool sweep(struct pace *p, unsigned block)
{
	for (size_t i = p->first; i < p->end; i++) {
		pace_say(p, false);
		if (!pace_block(p, &p->run->group[i], block))
			return false;
	}
	return true;
}

/* How many sweeps there is time for, where one took so long. */
static unsigned sweeps_that_fit(const struct pace *p, uint64_t one)
{
	uint64_t left = pace_left(p);
	unsigned most = p->run->config->offsets;

	return !one || left / one >= most - 1 ? most : 1 + (unsigned)(left / one);
}

static void place_all(const struct pace *p)
{
	for (size_t i = p->first; i < p->end; i++)
		place_blocks(&p->run->group[i], p->run->seed, (uint32_t)i);
}

static void cut_all(const struct pace *p, unsigned blocks)
{
	struct rounds *b = &p->run->rounds;

	for (size_t i = p->first; i < p->end; i++)
		p->run->group[i].blocks = p->run->group[i].first_blocks = blocks;
	if (!b->first_blocks || blocks < b->first_blocks)
		b->first_blocks = blocks;
}

static bool first_pass_in_time(struct pace *p)
{
	uint64_t before = p->used, one;
	unsigned blocks, b;

	place_all(p);
	if (!sweep(p, 0))
		return false;
	one = p->used - before;
	blocks = sweeps_that_fit(p, one);
	for (b = 1; b < blocks && pace_left(p) && pace_left(p) >= one; b++)
		if (!sweep(p, b))
			return false;
	cut_all(p, b);
	return true;
}

static void say_groups(const struct run *r, size_t done)
{
	const struct run_progress p = {
		.done = (unsigned)done, .of = (unsigned)r->plan.groups,
	};

	r->machine->progress(r->machine->ctx, &p);
}

static bool time_all(struct run *r, struct arena *a, struct run_error *e)
{
	for (size_t i = 0; i < r->plan.groups; i++) {
		struct group *g = &r->group[i];

		say_groups(r, i);
		if (!time_blocks(r, a, g, 0, g->blocks, e) && !group_is_over(g))
			return false;
		if (r->timing && !run_is_counted(r))
			return true;	/* its counts are not equal */
	}
	say_groups(r, r->plan.groups);
	return true;
}

/* Those of a CPU.  The first one's time began with the run.  One that is over ends its
 * part alone: what was timed there stays. */
static bool time_cpu(struct run *r, struct arena *a, unsigned cpu, struct run_error *e)
{
	unsigned cpus = r->plan.cpus ? r->plan.cpus : 1;
	struct rounds *b = &r->rounds;
	struct pace p = {
		.run = r, .arena = a, .e = e, .before = cpu, .cpus = cpus,
		.first = r->plan.groups / cpus * cpu,
		.end = r->plan.groups / cpus * (cpu + 1),
		.began = b->began,
	};
	bool ok = pace_look(&p);

	if (ok && cpu) {
		p.began += p.used;
		p.used = 0;
	}
	ok = ok && first_pass_in_time(&p) && go_on_with_open(&p);
	b->used_ticks += p.used;
	b->decided += p.decided;
	b->open += p.open;
	return ok || group_is_over(&r->group[p.first]);
}

static bool time_in_budget(struct run *r, struct arena *a, struct run_error *e)
{
	unsigned cpu = 0;

	do {
		if (!time_cpu(r, a, cpu, e))
			return false;
	} while (++cpu < r->plan.cpus);
	return true;
}

bool time_groups(struct run *r, struct arena *a, struct run_error *e)
{
	bool ok;

	r->rounds.ran = r->budget_ticks && r->clock.id == CLOCK_tsc;
	ok = r->rounds.ran ? time_in_budget(r, a, e) : time_all(r, a, e);
	for (size_t i = 0; i < r->plan.groups; i++)
		add_quality(&r->quality, &r->group[i].quality);
	return ok;
}
