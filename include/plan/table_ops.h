/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of the table's ops a configuration asks for, and by what they are planned.
 *
 * An op of table.def is planned by the keys that are given.  What is not given is for it,
 * in every plan, what plan ops presets: conventions native and ccall, modes native,
 * indirect and best, backend native, layout dense, state warm.
 */
#ifndef TABLE_OPS_H
#define TABLE_OPS_H

#include "config/config.h"
#include "measure/platform.h"
#include "plan/skipped.h"
#include "workload/table.h"

/* @c with these presets; keys that are given stay. */
struct config config_of_ops(const struct config *c);

/* In plan ops: a configuration becomes what it is planned by, and says so. */
static inline void config_settle(struct config *c)
{
	if (c->plan == PLAN_OPS)
		*c = config_of_ops(c);
}

/* The configuration that a workload is planned by: @c, or @ops, which is @c's
 * config_of_ops(): in plan ops for all of them, else for those of table.def alone. */
static inline const struct config *config_for(const struct config *c, const struct config *ops,
					      const struct workload *wl)
{
	return c->plan == PLAN_OPS || workload_is_tables(wl) ? ops : c;
}

/**
 * workload_is_asked - is it asked for?
 * @w: of workload_end() those there are.
 *
 * Those of modules are asked for by their module, and paths by the plan.  Where workloads
 * have all: in plan ops the ops of table.def instead of these, in plan paths none, in plan
 * full both.  What is named besides all is asked for too: it is of table.def.
 */
bool workload_is_asked(const struct config *c, unsigned w);

/* Are kernel paths asked for?  Then there have to be rows of them: paths_add(). */
bool paths_are_asked(const struct config *c);

/* Why none of its cells is planned; SKIPPED_COUNT: it may be.  The same of all CPUs. */
enum skipped op_skipped(const struct config *c, const struct platform *m,
			const struct table_op *op);

/* May it run on that CPU of the machine's list?  Else its cells are planned, so that all
 * CPUs have as many, and left out. */
bool op_may_run_on(const struct platform *m, const struct table_op *op, unsigned cpu);

#endif
