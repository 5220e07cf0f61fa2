/* SPDX-License-Identifier: GPL-2.0-only */
/* What there is to say of the table's ops, see ops_table.h. */
#include "ops_table.h"
#include "lib/number.h"
#include "lib/string.h"
#include "op_report.h"
#include "workload/registry.h"

/* Said by group: "Not measured". */
static bool is_unmeasured(const struct op_row *row)
{
	char why[UNMEASURED_ROOM];

	return row->group && unmeasured_text(row->group, why, sizeof(why))
		&& string_equal(why, row->why);
}

static bool is_said(const struct run *r, const struct environment *env, unsigned before,
		    const char *why)
{
	struct op_row row;

	for (unsigned i = 0; i < before; i++)
		if (op_row_of(r, env, i, &row) && row.left_out
		    && string_equal(row.why, why))
			return true;
	return false;
}

/* More names than this hide what else is on a screen. */
#define NAMES_MOST	8

/* Are they of a table that takes the screen, and too many to be named before it? */
static bool is_many(const struct run *r, const struct environment *env, const char *why,
		    unsigned *n)
{
	struct op_row row;

	*n = 0;
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		*n += op_row_of(r, env, i, &row) && row.left_out
			&& string_equal(row.why, why);
	return has_table_ops_alone(r) && *n > NAMES_MOST;
}

/* A line a reason, with the ops that it holds for. */
static void put_left_out(const struct run *r, const struct environment *env, struct sink *s)
{
	struct op_row row, like;
	unsigned n;

	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		if (!op_row_of(r, env, i, &row) || !row.left_out || is_unmeasured(&row)
		    || is_said(r, env, i, row.why))
			continue;
		if (is_many(r, env, row.why, &n)) {
			sink_printf(s, "left out, %s: %u ops, see the report\n", row.why, n);
			continue;
		}
		sink_printf(s, "left out, %s: %s", row.why,
			    workload_of(row.op->workload)->name);
		for (unsigned k = i + 1; k < TABLE_ROWS; k++)
			if (op_row_of(r, env, k, &like) && like.left_out
			    && string_equal(like.why, row.why))
				sink_printf(s, ", %s",
					    workload_of(like.op->workload)->name);
		sink_printf(s, "\n");
	}
}

static const char *unit(enum op_unit u)
{
	return u == OP_UNIT_tsc ? " ticks" : "";
}

/* "7", "40-60", "over 1000". */
static void figure(char *to, size_t room, const struct op_reference *ref)
{
	char least[24], most[24];

	micro_text(least, sizeof(least), (int64_t)ref->least * 1000,
		   ref->least % 1000 ? 1 : 0);
	micro_text(most, sizeof(most), (int64_t)ref->most * 1000, ref->most % 1000 ? 1 : 0);
	if (!ref->most)
		text_format(to, room, "over %s%s", least, unit(ref->unit));
	else if (ref->least == ref->most)
		text_format(to, room, "%s%s", least, unit(ref->unit));
	else
		text_format(to, room, "%s-%s%s", least, most, unit(ref->unit));
}

static void put_figure(const struct result *res, const struct op_reference *ref, bool first,
		       struct sink *s)
{
	char ours[24], theirs[64];
	bool ticks = ref->unit == OP_UNIT_tsc || !res->has_cycles;

	figure(theirs, sizeof(theirs), ref);
	if (first)
		sink_printf(s, "On record for %s, core cycles, ours (theirs, of what): ",
			    ref->uarch);
	sink_printf(s, "%s%s %s%s (%s, %s)", first ? "" : ", ",
		    workload_of(res->cell.workload)->name,
		    micro_text(ours, sizeof(ours), ticks ? res->ticks.median : res->cycles, 1),
		    ticks ? " ticks" : "", theirs, ref->what);
}

/* Of the ops, and of pairs of them. */
static void put_figures(const struct run *r, const struct environment *env, struct sink *s)
{
	struct set done = { { 0 } };
	struct op_reference ref;
	bool any = false;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];
		const struct result *res = group_find(g, r->results, ROLE_cell, MODE_native,
						      CONVENTION_native);

		if (g->layout != LAYOUT_dense || g->state != STATE_warm || !res
		    || !res->ticks.n || set_has(&done, g->workload)
		    || !op_reference_of(&env->cpu, workload_of(g->workload)->name, &ref))
			continue;
		set_add(&done, g->workload);
		put_figure(res, &ref, !any, s);
		any = true;
	}
	if (any)
		sink_printf(s, ".\n");
}

void ops_table_notes(const struct run *r, const struct environment *env, struct sink *s)
{
	bool below = env->hypervisor[0] || hidden_by(r, env);

	put_left_out(r, env, s);
	if (!has_table_ops(r) && below && has_record(r) && op_rows_of(r, env).rows) {
		exits_say(r, env, s);
		sink_printf(s, ".\n");
	}
	if (has_record(r))
		put_figures(r, env, s);
	if (has_table_ops(r)) {
		record_say(r, env, s);
		sink_printf(s, ".\n");
	}
}
