/* SPDX-License-Identifier: GPL-2.0-only */
/* A run from its beginning to its end, see run_all.h. */
#include "backend_in_force.h"
#include "check_cells.h"
#include "count.h"
#include "count_path_ops.h"
#include "listen.h"
#include "run/regimes.h"
#include "run/run_all.h"
#include "run/summary.h"
#include "now.h"
#include "time_groups.h"

/* Where each cell's raw counts go. */
static void lay_out(struct run *r)
{
	uint32_t each = plan_batches(r->config);
	size_t room = (size_t)each * plan_blocks(r->config, r->machine);
	struct batch *at = r->batches;

	for (size_t i = 0; i < r->plan.cells; i++) {
		struct series *s = &r->results[i].series;

		*s = (struct series){ .each = each, .ticks = at };
		at += room;
		if (!r->machine->cycles)
			continue;
		s->cycles = at;
		at += room;
	}
}

/* A clock that cannot be trusted ends a run before it begins. */
static bool watch(struct run *r, uint64_t ticks, struct gaps *g, struct run_error *e)
{
	if (!watch_gaps(r->machine, ticks, g))
		return run_fail(e, RUN_NO_QUIET);
	if (g->stopped)
		return run_fail(e, RUN_CLOCK_STOPPED);
	if (g->backwards)
		return run_fail(e, "the TSC ran backwards: nothing can be timed by it");
	return true;
}

static bool listen_and_time(struct run *r, struct arena *a, struct run_error *e)
{
	if (run_is_counted(r)) {
		count_leave_out(r);
		return time_groups(r, a, e);
	}
	if (!listen_to_twins(r, a, e))
		return false;
	if (r->on_listened)
		r->on_listened(r);
	return time_groups(r, a, e);
}

/* The clock counts instructions, but not equally: all of it once more, as times. */
static bool time_instead(struct run *r, struct arena *a, struct run_error *e)
{
	count_end(r);
	r->before = (struct gaps){ 0 };
	lay_out(r);
	if (!watch(r, listen_watch(r), &r->before, e))
		return false;
	r->pass_ticks = run_pass_ticks(r->config, r->machine, r->before.step);
	return listen_and_time(r, a, e);
}

static bool run_patched(struct run *r, struct run_error *e)
{
	struct arena a;

	if (!paths_count_ops(r, e) || !check_cells(r, e))
		return false;
	r->pass_ticks = run_pass_ticks(r->config, r->machine, r->before.step);
	if (!arena_open(&a, r->machine, r->text, r->nops, r->arena_memory))
		return run_fail(e, "the memory for bodies cannot be written");
	if (!listen_and_time(r, &a, e))
		return false;
	return run_is_counted(r) || !r->timing || time_instead(r, &a, e);
}

/* The trampolines are as they were built at the end, on every path. */
static bool run_timed(struct run *r, struct run_error *e)
{
	struct run_error second;
	bool ok;

	if (r->budget_ticks && !clock_now(r->machine, &r->rounds.began))
		return run_fail(e, RUN_NO_QUIET);
	/* A gap changes no count of instructions. */
	if (!run_is_counted(r) && !watch(r, listen_watch(r), &r->before, e))
		return false;
	ok = run_patched(r, e);
	if (!run_restore_text(r, r->trampolines, ok ? e : &second))
		ok = false;
	return ok && (run_is_counted(r) || watch(r, r->gap_watch, &r->after, e));
}

bool run_all(struct run *r, struct run_error *e)
{
	struct paravirt_ops ops_before = paravirt_ops;
	struct paravirt_ops callee_before = paravirt_callee;
	struct summary_rules rules;
	bool ok;

	count_begin(r);
	lay_out(r);
	if (run_is_counted(r))
		r->before.step = r->clock.step;
	ok = run_timed(r, e);
	paravirt_ops = ops_before;
	paravirt_callee = callee_before;
	r->failed = ok ? NULL : e->text;
	run_regimes(r);
	rules = summary_rules_of(r);
	for (size_t i = 0; i < r->plan.groups; i++)
		summarise(&r->group[i], r->results, &rules);
	if (run_is_counted(r))
		count_compare(r);
	else
		listen_reached(r);
	return ok;
}
