/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel paths in the table, see path_report.h. */
#include "path_report.h"
#include "workload/registry.h"
#include "workload/set.h"

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
		sink_printf(s, "%s: %s.\n", wl->column, wl->what);
	}
}
