/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel paths in the table, see path_report.h. */
#include "path_report.h"
#include "workload/registry.h"
#include "workload/set.h"

/* "; ops: irq_disable 1, irq_enable 1." */
static void put_ops(const struct path_ops *ops, struct sink *s)
{
	const char *before = "; ops: ";

	for (unsigned op = 0; op < OP_COUNT && ops->known; op++) {
		if (!ops->of[op])
			continue;
		sink_printf(s, "%s%s %u", before, op_info[op].name, (unsigned)ops->of[op]);
		before = ", ";
	}
	sink_printf(s, ".\n");
}

void path_notes(const struct run *r, struct sink *s)
{
	struct set said = { { 0 } };

	for (size_t i = 0; i < r->plan.groups; i++) {
		const unsigned w = r->group[i].workload;
		const struct workload *wl = workload_of(w);

		if (wl->kind != KIND_PATH || set_has(&said, w))
			continue;
		if (set_is_empty(&said))
			sink_printf(s, "A path is a row of its own; its numbers are of one unit, with the "
				    "loop around units in them.\n");
		set_add(&said, w);
		sink_printf(s, "%s: %s", wl->column, wl->what);
		put_ops(&r->path_ops[path_of(wl)], s);
	}
}
