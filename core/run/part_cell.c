/* SPDX-License-Identifier: GPL-2.0-only */
/* An op by itself, see part_cell.h. */
#include "run/part_cell.h"

const struct group *part_group(const struct run *r, const struct group *like, unsigned workload)
{
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		if (g->workload == workload && g->backend == like->backend
		    && g->cpu == like->cpu && g->layout == LAYOUT_work
		    && g->state == STATE_warm)
			return g;
	}
	return NULL;
}

const struct result *part_cell(const struct run *r, const struct group *g,
			       const struct cell *as)
{
	for (size_t i = g ? g->first : 0; g && i < g->first + g->count; i++) {
		const struct result *res = &r->results[i];
		const struct cell *c = &res->cell;

		if (c->role == ROLE_cell && !res->refused && c->mode == as->mode
		    && c->convention == as->convention && c->padding == as->padding)
			return res;
	}
	return NULL;
}
