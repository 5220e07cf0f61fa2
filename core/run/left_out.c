/* SPDX-License-Identifier: GPL-2.0-only */
/* The table's ops that were not timed, see left_out.h. */
#include "run/left_out.h"
#include "lib/sink.h"
#include "plan/table_ops.h"
#include "workload/registry.h"

/* Its cells, of all CPUs. */
struct cells {
	unsigned planned, timed;
	const struct result *left_out;		/* the first; NULL: none */
};

static struct cells cells_of(const struct run *r, enum workload_id w)
{
	struct cells n = { 0, 0, NULL };

	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct result *res = &r->results[i];

		if (res->cell.workload != w || res->cell.role != ROLE_cell)
			continue;
		n.planned++;
		n.timed += !res->refused;
		if (res->left_out && !n.left_out)
			n.left_out = res;
	}
	return n;
}

/* Why the plan has no cell of it. */
static void not_planned(const struct run *r, const struct table_op *op, char *why, size_t room)
{
	bool above = workload_of(op->workload)->ring < r->machine->ring;

	switch (op_skipped(r->config, r->machine, op)) {
	case SKIPPED_dangerous:
		if (above)
			break;		/* naming it would change nothing */
		text_format(why, room, "it is timed only where it is named");
		return;
	case SKIPPED_feature:
		if (op->need < FEATURE_COUNT && !has_feature(r->machine->features, op->need))
			text_format(why, room, "this CPU lacks %s", feature_names[op->need]);
		else
			text_format(why, room, "what it touches cannot be lent here");
		return;
	default:
		break;
	}
	if (above)
		text_format(why, room, "this ring may not run it");
	else
		text_format(why, room, "no cell of it was asked for");
}

/* It was its turn, or was to be, and no batch of it counts: why, by its first group. */
static bool not_measured(const struct run *r, enum workload_id w, char *why, size_t room)
{
	const struct group *first = NULL;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		if (g->workload != w || group_is_left_out(r, g))
			continue;
		if (group_taken(g))
			return false;
		first = first ? first : g;
	}
	return first && (r->pass_ticks || r->failed) && unmeasured_text(first, why, room);
}

bool op_left_out(const struct run *r, const struct table_op *op, char *why, size_t room)
{
	struct cells n;

	if (!workload_is_asked(r->config, op->workload))
		return false;
	n = cells_of(r, op->workload);
	if (!n.planned)
		not_planned(r, op, why, room);
	else if (!n.timed && n.left_out)
		text_format(why, room, "%s", n.left_out->why);
	else
		return n.timed && not_measured(r, op->workload, why, room);
	return true;
}

struct ops_tally run_ops(const struct run *r)
{
	struct ops_tally n = { 0, 0 };
	char why[LEFT_OUT_ROOM];

	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		if (op_left_out(r, &table_ops[i], why, sizeof(why)))
			n.left_out++;
		else if (cells_of(r, table_ops[i].workload).timed)
			n.timed++;
	}
	return n;
}
