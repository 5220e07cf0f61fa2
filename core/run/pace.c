/* SPDX-License-Identifier: GPL-2.0-only */
/* The groups of one CPU, and the time that there is for them; see pace.h. */
#include "lib/mul_div.h"
#include "now.h"
#include "pace.h"
#include "time_group.h"

/* Steps of a CPU, of a bar that shows a budget. */
#define PROGRESS_STEPS	1000

bool pace_look(struct pace *p)
{
	uint64_t now;

	if (!clock_now(p->run->machine, &now))
		return run_fail(p->e, RUN_NO_QUIET);
	p->used = now - p->began;
	if (p->used >> 63)
		p->used = p->run->budget_ticks;
	return true;
}

uint64_t pace_left(const struct pace *p)
{
	return p->used < p->run->budget_ticks ? p->run->budget_ticks - p->used : 0;
}

bool pace_block(struct pace *p, struct group *g, unsigned block)
{
	uint64_t before = p->used;

	if (!time_blocks(p->run, p->arena, g, block, block + 1, p->e) || !pace_look(p))
		return false;
	g->spent_ticks += p->used - before;
	return true;
}

void pace_say(const struct pace *p, bool all)
{
	const struct run *r = p->run;
	uint64_t left = pace_left(p), used = r->budget_ticks - left;
	const struct run_progress says = {
		.of = PROGRESS_STEPS * p->cpus, .budget = true,
		.done = PROGRESS_STEPS * p->before
			+ (all ? PROGRESS_STEPS
			   : (unsigned)mul_div(used, PROGRESS_STEPS - 1, r->budget_ticks)),
		.decided = p->decided, .open = p->open,
		.left_s = (unsigned)mul_div(left, plan_budget_s(r->config, r->machine),
					    r->budget_ticks),
	};

	r->machine->progress(r->machine->ctx, &says);
}
