/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run came to, see run.h. */
#include "run/run.h"

bool group_is_left_out(const struct run *r, const struct group *g)
{
	for (size_t i = g->first; i < g->first + g->count; i++)
		if (!r->results[i].left_out)
			return false;
	return g->count;
}

bool run_has_groups_of(const struct run *r, unsigned workload)
{
	for (size_t i = 0; i < r->plan.groups; i++)
		if (r->group[i].workload == workload)
			return true;
	return false;
}

unsigned run_empty(const struct run *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.groups; i++)
		switch (group_unmeasured(&r->group[i])) {
		case UNMEASURED_NOT:
		case UNMEASURED_VARIES:
		case UNMEASURED_WAITS:
			break;
		case UNMEASURED_UNTRIED:
		case UNMEASURED_MACHINE:
			n += !group_is_left_out(r, &r->group[i]);
			break;
		}
	return n;
}

unsigned run_modules_missing(const struct run *r)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->modules; i++)
		n += r->module[i].why[0] != '\0';
	return n;
}

unsigned run_refused(const struct run *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.cells; i++)
		n += r->results[i].refused && !r->results[i].left_out;
	return n;
}

unsigned run_left_out(const struct run *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.cells; i++)
		n += r->results[i].left_out;
	return n;
}
