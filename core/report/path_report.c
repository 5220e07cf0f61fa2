/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel paths in the table, see path_report.h. */
#include "backend/backends.h"
#include "lib/number.h"
#include "path_report.h"
#include "report/seed_table.h"
#include "run/path_cost.h"
#include "table_box.h"
#include "workload/registry.h"

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

/* Of instructions: what its ops add, and what is left of the difference for the code around
 * them. */
static void put_counted(const struct path_cost *c, struct sink *s)
{
	const long long unit = c->unit.more, ops = c->ops.more;

	if (unit == ops)
		sink_printf(s, "%+lld: its ops, all of it\n", unit);
	else
		sink_printf(s, "%+lld: its ops %+lld, the code around them %+lld\n", unit, ops,
			    unit - ops);
}

#define MORE_ROOM	64
static const char *more_text(char to[MORE_ROOM], const struct path_more *m)
{
	char lo[24], hi[24];

	if (!m->more_95.known)
		text_format(to, MORE_ROOM, "%s (no interval)",
			    micro_text(lo, sizeof(lo), m->more, 1));
	else
		text_format(to, MORE_ROOM, "%s to %s", micro_text(lo, sizeof(lo), m->more_95.lo, 1),
			    micro_text(hi, sizeof(hi), m->more_95.hi, 1));
	return to;
}

static void put_timed(const struct path_cost *c, struct sink *s)
{
	char unit[MORE_ROOM], ops[MORE_ROOM];
	const bool known = c->unit.more_95.known && c->ops.more_95.known;

	sink_printf(s, "%s, its ops %s%s\n", more_text(unit, &c->unit), more_text(ops, &c->ops),
		    !known ? "" : path_cost_agrees(c) ? ": the intervals meet"
		    : ": the ops do not explain it");
}

static void put_cost(const struct run *r, const struct group *g, const struct result *res,
		     struct sink *s)
{
	const struct path_cost c = path_cost(r, g, res);

	if (!c.unit.known)
		return;
	sink_printf(s, "  %-10s %-6s %-8s ", workload_of(g->workload)->column,
		    conventions[res->cell.convention].name,
		    res->cell.mode == MODE_indirect ? "paravirt" : "patched");
	if (!c.ops.known)
		sink_printf(s, "its ops are not all timed by themselves\n");
	else if (res->counted)
		put_counted(&c, s);
	else
		put_timed(&c, s);
}

/* Why each row of the seed's columns is more than native. */
static void put_costs(const struct run *r, struct sink *s)
{
	bool any = false;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		for (size_t k = g->first; k < g->first + g->count; k++) {
			const struct result *res = &r->results[k];

			if (workload_of(g->workload)->kind != KIND_PATH
			    || g->backend != BACKEND_native || !table_in_columns(&res->cell)
			    || res->cell.mode == MODE_native || res->refused)
				continue;
			if (!any)
				sink_printf(s, "A unit's %s above native, and what its ops add by "
					    "themselves, in layout work:\n",
					    res->counted ? "instructions" : "ticks (95%)");
			any = true;
			put_cost(r, g, res, s);
		}
	}
}

/* The mail's row of each path; SEED_ROW_COUNT: it has none. */
static enum seed_row_id seed_row_of(enum path_id p)
{
#define SEED_none	SEED_ROW_COUNT
	static const uint8_t row_of[PATH_COUNT] = {
#define PATH(name, column, ring, user, seen, after, units, row, what) SEED_##row,
#include "list/path.def"
#undef PATH
	};
#undef SEED_none

	return row_of[p];
}

/* What a cell takes more than native, in millionths of native; false: it is not known. */
static bool share_of(const struct result *res, const struct result *native, int64_t *share)
{
	if (!res || !native)
		return false;
	if (res->counted && native->counted && native->instructions)
		*share = ((int64_t)res->instructions - (int64_t)native->instructions) * MILLION
			/ native->instructions;
	else
		*share = res->vs.ratio - MILLION;
	return res->counted || (res->has_vs && res->vs.has_ratio);
}

/* Beside the mail's percentages: by the seed's convention, native.  @any: there was one. */
static void put_mail(const struct run *r, const struct group *g, bool *any, struct sink *s)
{
	const enum seed_row_id row = seed_row_of(path_of(workload_of(g->workload)));
	const struct result *native = group_find(g, r->results, ROLE_cell, MODE_native,
						 CONVENTION_native);
	char then[2][24], here[2][24];
	struct seed_row_then mail;
	int64_t calls, patched;

	if (row == SEED_ROW_COUNT || g->backend != BACKEND_native
	    || !share_of(group_find(g, r->results, ROLE_cell, MODE_indirect, CONVENTION_seed),
			 native, &calls)
	    || !share_of(group_find(g, r->results, ROLE_cell, MODE_inline, CONVENTION_seed),
			 native, &patched))
		return;
	mail = seed_row_then(row);
	if (!*any)
		sink_printf(s, "Beside the 2006 mail, call seed:\n");
	*any = true;
	sink_printf(s, "  %s: paravirt %s%%, patched %s%% more %s than native; as mailed, time of "
		    "the whole benchmark: %s%% and %s%%\n", workload_of(g->workload)->column,
		    micro_text(here[0], sizeof(here[0]), calls * 100, 1),
		    micro_text(here[1], sizeof(here[1]), patched * 100, 1),
		    native->counted ? "instructions" : "time",
		    micro_text(then[0], sizeof(then[0]), mail.paravirt * 1000, 1),
		    micro_text(then[1], sizeof(then[1]), mail.patched * 1000, 1));
}

static void put_mails(const struct run *r, struct sink *s)
{
	bool any = false;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		if (workload_of(g->workload)->kind == KIND_PATH)
			put_mail(r, g, &any, s);
	}
}

/* The path that the plan has behind @w, the first one for 0; workload_end(): there is none. */
static unsigned next_path(const struct run *r, unsigned w)
{
	do
		w++;
	while (w < workload_end()
	       && (workload_of(w)->kind != KIND_PATH || !run_has_groups_of(r, w)));
	return w;
}

void path_notes(const struct run *r, struct sink *s)
{
	const unsigned first = next_path(r, 0);

	if (first < workload_end())
		sink_printf(s, "A path is a row of its own; its numbers are of one unit, with the "
			    "loop around units in them.\n");
	for (unsigned w = first; w < workload_end(); w = next_path(r, w)) {
		const struct workload *wl = workload_of(w);

		sink_printf(s, "%s: %s", wl->column, wl->what);
		put_ops(&r->path_ops[path_of(wl)], s);
	}
	put_costs(r, s);
	put_mails(r, s);
}

static void put_path(struct json *j, const struct run *r, unsigned w)
{
	const struct workload *wl = workload_of(w);
	const struct path_ops *ops = &r->path_ops[path_of(wl)];

	json_open(j, NULL, "{");
	json_text(j, "op", wl->name);
	json_text(j, "unit", wl->what);
	json_bool(j, "ring3", path_user(path_of(wl))->len);
	json_number(j, "units_n", path_units(path_of(wl)));
	if (ops->known) {
		json_open(j, "ops", "{");
		for (unsigned op = 0; op < OP_COUNT; op++)
			if (ops->of[op])
				json_number(j, op_info[op].name, ops->of[op]);
		json_close(j, "}");
	}
	json_close(j, "}");
}

void paths_json(const struct run *r, struct json *j)
{
	const unsigned first = next_path(r, 0);

	if (first >= workload_end())
		return;
	json_open(j, "paths", "[");
	for (unsigned w = first; w < workload_end(); w = next_path(r, w))
		put_path(j, r, w);
	json_close(j, "]");
}
