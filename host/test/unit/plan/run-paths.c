/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel paths in a plan: which plans ask for them, and how they are planned. */
#include <stdlib.h>
#include <string.h>
#include "plan/plan.h"
#include "plan/table_ops.h"
#include "workload/path.h"
#include "workload/registry.h"

#define plan tap_plan
#include "sets.h"
#include "tap.h"
#undef plan

#define GROUPS		400
#define CELLS		4000

static struct group group[GROUPS];
static struct result result[CELLS];

static struct plan make(const struct config *c, unsigned ring)
{
	const struct platform m = { .ring = ring, .features = { UINT64_MAX } };
	struct plan p = plan(c, &m, NULL, NULL);

	if (p.groups > GROUPS || p.cells > CELLS)
		return (struct plan){ 0 };
	memset(group, 0, sizeof(group));
	memset(result, 0, sizeof(result));
	return plan(c, &m, group, result);
}

static struct config config_with(enum plan_id id)
{
	struct config c;

	config_preset(&c);
	c.plan = id;
	return c;
}

static void name_op(struct config *c, enum workload_id w)
{
	c->workloads = (struct set){ { 0 } };
	c->from[CONFIG_workloads].from = FROM_FILE;
	set_add(&c->workloads, w);
}

static bool is_path(const struct group *g)
{
	return workload_of(g->workload)->kind == KIND_PATH;
}

static unsigned groups_of_paths(const struct plan *p)
{
	unsigned n = 0;

	for (size_t i = 0; i < p->groups; i++)
		n += is_path(&group[i]);
	return n;
}

/* Before there are rows. */
static void test_asked(void)
{
	static const bool all[] = {
		[PLAN_FULL] = true, [PLAN_PATHS] = true,
	}, named[] = { [PLAN_PATHS] = true };
	unsigned good = 0;

	for (unsigned id = PLAN_DEFAULT; id <= PLAN_PATHS; id++) {
		struct config c = config_with(id);
		const bool alone = paths_are_asked(&c);

		name_op(&c, WORKLOAD_save_fl);
		good += alone == all[id] && paths_are_asked(&c) == named[id];
	}
	ok(good == PLAN_PATHS + 1u,
	   "plans paths and full ask for them, full not where workloads are named");
}

/* Of two paths; what they were compiled to nobody looks at here. */
static void add_paths(void)
{
	static const struct workload rows[2] = {
		{ "one", "one", KIND_PATH, 0, true, IF_OFF, IF_SAME, "one" },
		{ "two", "two", KIND_PATH, 3, true, IF_ANY, IF_SAME, "two" },
	};
	static const struct workload_code code[2 * CONVENTION_COUNT];

	ok(loaded_add("path", rows, 2, code, NULL), "two paths, one of ring 0, one of ring 3");
}

/* Native, called and patched by each convention, a twin and the chain; nothing between
 * copies, and so no empty one. */
static bool is_planned_right(const struct group *g)
{
	unsigned roles[ROLE_COUNT] = { 0 };

	for (size_t i = g->first; i < g->first + g->count; i++)
		roles[result[i].cell.role]++;
	return g->layout == LAYOUT_dense && g->state == STATE_warm
		&& roles[ROLE_cell] == 1 + 2 * 2 && roles[ROLE_twin] == 1
		&& roles[ROLE_chain] == 1 && !roles[ROLE_empty]
		&& group_reference(g, result)->cell.mode == MODE_native;
}

/* Ops that paths run, each by itself, in layout work: so many groups, and a backend has each
 * once. */
static unsigned groups_of_their_ops(const struct plan *p)
{
	struct set seen[BACKEND_COUNT] = { { { 0 } } };
	unsigned n = 0;

	for (size_t i = 0; i < p->groups; i++) {
		const struct group *g = &group[i];

		if (is_path(g) || g->layout != LAYOUT_work || g->state != STATE_warm
		    || set_has(&seen[g->backend], g->workload))
			continue;
		set_add(&seen[g->backend], g->workload);
		n++;
	}
	return n;
}

static bool has_their_ops(const struct plan *p)
{
	struct set ops = { { 0 } };

	for (size_t i = 0; i < p->groups; i++)
		set_add(&ops, group[i].workload);
	return set_has(&ops, WORKLOAD_save_fl) && set_has(&ops, WORKLOAD_restore_fl)
		&& set_has(&ops, WORKLOAD_irq_disable) && set_has(&ops, WORKLOAD_irq_enable);
}

static void test_alone(void)
{
	struct config c = config_with(PLAN_PATHS);
	struct plan p = make(&c, 0);
	unsigned ops;

	ok(groups_of_paths(&p) == 2 && is_planned_right(&group[0])
	   && is_planned_right(&group[1]), "plan paths: a group each, dense and warm");
	ops = groups_of_their_ops(&p);
	ok(has_their_ops(&p) && p.groups == 2 + ops,
	   "the %u ops that they run, each by itself, and nothing else", ops);
	set_add(&c.backends, BACKEND_xen);
	set_add(&c.backends, BACKEND_lguest);
	p = make(&c, 0);
	ok(p.groups == 6 + 3 * ops && groups_of_paths(&p) == 6 && group[0].backend == BACKEND_native
	   && group[1].backend == BACKEND_xen && group[2].backend == BACKEND_lguest
	   && group[3].backend == BACKEND_native && groups_of_their_ops(&p) == 3 * ops,
	   "one a backend");
	c = config_with(PLAN_PATHS);
	c.layouts = these(1u << LAYOUT_line);
	c.states = these(1u << STATE_cold_code);
	p = make(&c, 0);
	ok(p.groups == 2 + ops && is_planned_right(&group[0]) && groups_of_their_ops(&p) == ops,
	   "whatever layouts and states are asked for");
}

/* What ring 3 may not run: the path of ring 0 natively, not by a backend that has its own. */
static void test_ring(void)
{
	struct config c = config_with(PLAN_PATHS);
	struct plan p = make(&c, 3);

	ok(groups_of_paths(&p) == 1 && group[0].workload == WORKLOAD_COUNT + 1
	   && set_has(&p.above, WORKLOAD_COUNT) && p.skipped[SKIPPED_privileged] >= 5,
	   "ring 3: the path that may run there; the other's cells are counted");
	c.backends = these(1u << BACKEND_xen);
	p = make(&c, 3);
	ok(groups_of_paths(&p) == 2 && !group_find(&group[0], result, ROLE_cell, MODE_native,
					CONVENTION_native)
	   && group_find(&group[0], result, ROLE_cell, MODE_inline, CONVENTION_ccall),
	   "and by a backend whose IF is a word in memory");
}

static void test_beside(void)
{
	struct config c = config_with(PLAN_PATHS);
	struct plan p;
	size_t ops;

	name_op(&c, WORKLOAD_save_fl);
	p = make(&c, 0);
	for (ops = 0; ops < p.groups && group[ops].workload == WORKLOAD_save_fl; ops++)
		;
	ok(groups_of_paths(&p) == 2 && ops > 1 && is_path(&group[ops])
	   && has_their_ops(&p),
	   "an op that is named is timed beside them, in %zu groups, and not once more", ops);
	c = config_with(PLAN_PATHS);
	set_add(&c.workloads, WORKLOAD_cpuid);
	p = make(&c, 0);
	ok(groups_of_paths(&p) == 2 && p.groups == 3 + groups_of_their_ops(&p)
	   && group[0].workload == WORKLOAD_cpuid,
	   "all and one of the table's: all is the paths");
	c = config_with(PLAN_FULL);
	p = make(&c, 0);
	ok(groups_of_paths(&p) == 2 && p.groups > 100, "plan full: two of %zu groups", p.groups);
}

int main(void)
{
	struct config c = config_with(PLAN_DEFAULT);
	struct plan p = make(&c, 0);

	ok(p.groups && !groups_of_paths(&p), "without rows there are none");
	test_asked();
	add_paths();
	test_alone();
	test_ring();
	test_beside();
	return done();
}
