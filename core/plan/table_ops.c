/* SPDX-License-Identifier: GPL-2.0-only */
/* The table's ops in a plan, see table_ops.h. */
#include "plan/table_ops.h"
#include "backend/backends.h"
#include "measure/layout.h"
#include "measure/state.h"
#include "patch/mode.h"
#include "workload/registry.h"

#define ONE(member)	((struct set){ { 1u << (member) } })

static void preset(const struct config *c, enum config_key key, struct set *set,
		   struct set to)
{
	if (c->from[key].from == FROM_PRESET)
		*set = to;
}

struct config config_of_ops(const struct config *c)
{
	struct config ops = *c;
	struct set compiled = ONE(CONVENTION_native), reached = ONE(MODE_native);

	set_add(&compiled, CONVENTION_ccall);
	set_add(&reached, MODE_indirect);
	set_add(&reached, MODE_best);
	preset(c, CONFIG_conventions, &ops.conventions, compiled);
	preset(c, CONFIG_modes, &ops.modes, reached);
	preset(c, CONFIG_backends, &ops.backends, ONE(BACKEND_native));
	preset(c, CONFIG_layouts, &ops.layouts, ONE(LAYOUT_dense));
	preset(c, CONFIG_states, &ops.states, ONE(STATE_warm));
	return ops;
}

bool workload_is_asked(const struct config *c, unsigned w)
{
	const struct workload *wl = workload_of(w);
	bool all = config_has_all(c, CONFIG_workloads);

	if (w >= WORKLOAD_COUNT)
		return true;
	if (all && c->plan == PLAN_OPS)
		return table_op_of(wl);
	if (all && c->plan == PLAN_PATHS)
		return workload_is_tables(wl) && set_has(&c->workloads, w);
	return set_has(&c->workloads, w)
		|| (all && c->plan == PLAN_FULL && workload_is_tables(wl));
}

bool paths_are_asked(const struct config *c)
{
	return c->plan == PLAN_PATHS
		|| (c->plan == PLAN_FULL && config_has_all(c, CONFIG_workloads));
}

enum skipped op_skipped(const struct config *c, const struct platform *m,
			const struct table_op *op)
{
	const struct workload *wl = &workloads[op->workload];

	if (op->hazard == HAZARD_dangerous && !set_has(&c->workloads, op->workload))
		return SKIPPED_dangerous;
	/* Of an op that needs ring 0 the machine lends what it touches. */
	if (workload_is_tables(wl) && wl->ring < 3 && m->ring < 3 && !m->lend)
		return SKIPPED_feature;
	if (op->need < FEATURE_COUNT && !has_feature(m->features, op->need))
		return SKIPPED_feature;
	return SKIPPED_COUNT;
}

bool op_may_run_on(const struct platform *m, const struct table_op *op, unsigned cpu)
{
	return op->where != WHERE_boot || !m->cpu || m->cpu[cpu].boot;
}
