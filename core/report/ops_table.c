/* SPDX-License-Identifier: GPL-2.0-only */
/* The table's ops as a table, see ops_table.h. */
#include "arch.h"
#include "ops_table.h"
#include "lib/number.h"
#include "lib/string.h"
#include "op_report.h"
#include "workload/registry.h"

/* Two halves of 38 columns, and 2 between. */
#define HALF_ROOM	48

/* Five columns: decimals go before digits, thousands before those. */
static const char *five(char *to, size_t room, int64_t micro)
{
	if (micro >= 99999500000 || micro <= -9999500000) {
		micro_text(to, room, micro / 1000, 0);
		text_format(to + string_length(to), room - string_length(to), "k");
		return to;
	}
	return micro_text(to, room, micro, micro >= 999950000 || micro <= -99950000 ? 0 : 1);
}

static const char *number(char *to, size_t room, const struct result *res)
{
	if (res && res->counted)
		text_format(to, room, "%u", (unsigned)res->instructions);
	else if (res && res->ticks.n)
		five(to, room, res->ticks.median);
	else
		text_format(to, room, "-");
	return to;
}

/* How table.c makes its source; NULL: not by a shape. */
static const char *const shapes[TABLE_ROWS] = {
#define TABLE(name, column, shape, ...)	[TABLE_ROW_##name] = #shape,
#define INSTRUCTION(...)
#define TABLE_TOO(...)
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
};

/* Is this the architecture where a word is half of an entry? */
#define CALLED_32_timed	false
#define CALLED_32_trap	true
#define CALLED_32	ARCH_X64(CALLED_32)

/* Is native a call of the function, by a register, and not its instructions inline? */
static bool is_called(const struct op_row *row)
{
	const char *shape = shapes[row->op - table_ops];
	size_t n = shape ? string_length(shape) : 0;

	return (n > 7 && string_equal(shape + n - 7, "_called"))
		|| (n > 4 && string_equal(shape + n - 4, "_tss"))
		|| (CALLED_32 && n > 10 && string_equal(shape + n - 10, "_called_32"));
}

static const char *const exits_words[EXITS_COUNT] = {
	[EXITS_no] = "no", [EXITS_yes] = "yes", [EXITS_unknown] = "?",
	[EXITS_not_judged] = "-",
};

static void half(char *to, const struct op_row *row)
{
	char n[24], i[24], p[24], c[28];

	text_format(c, sizeof(c), "%s%s", number(n, sizeof(n), row->native),
		    is_called(row) ? "c" : "");
	text_format(to, HALF_ROOM, "%-16s %5s %5s %5s %-3s",
		    workload_of(row->op->workload)->column, c, number(i, sizeof(i), row->indirect),
		    number(p, sizeof(p), row->patched), exits_words[row->exits]);
}

/* The next of those that were timed, from there on. */
static unsigned next_timed(const struct run *r, const struct environment *env, unsigned at,
			   struct op_row *row)
{
	while (at < TABLE_ROWS && !(op_row_of(r, env, at, row) && row->timed))
		at++;
	return at;
}

static void put_halves(const struct run *r, const struct environment *env, unsigned timed,
		       struct sink *s)
{
	unsigned left = 0, right = 0, rows = (timed + 1) / 2;
	char l[HALF_ROOM], h[HALF_ROOM];
	struct op_row row;

	for (unsigned k = 0; k < rows; k++, right++)
		right = next_timed(r, env, right, &row);
	for (unsigned k = 0; k < rows; k++, left++, right++) {
		left = next_timed(r, env, left, &row);
		half(l, &row);
		h[0] = '\0';
		right = next_timed(r, env, right, &row);
		if (right < TABLE_ROWS)
			half(h, &row);
		sink_printf(s, "%s%s%s\n", l, h[0] ? "  " : "", h);
	}
}

static void put_head(const struct run *r, unsigned timed, struct sink *s)
{
	char head[HALF_ROOM];

	text_format(head, sizeof(head), "%-16s %5s %5s %5s %-3s",
		    run_is_counted(r) ? "op, instructions" : "op, TSC ticks", "nativ",
		    "indir", "patch", "ex.");
	sink_printf(s, "%s%s%s\n", head, timed > 1 ? "  " : "", timed > 1 ? head : "");
}

/* From the lower to the upper quartile, in thousandths of the median. */
static uint64_t spread_permille(const struct result *res)
{
	int64_t width = res->ticks.p75 - res->ticks.p25, median = res->ticks.median;

	return median > 0 && width > 0 ? (uint64_t)(width / (median / 1000 + 1)) : 0;
}

/* How many batches there are of each, and how far they lie apart: said once. */
static void put_spread(const struct run *r, const struct environment *env, struct sink *s)
{
	uint32_t least = UINT32_MAX, most = 0;
	unsigned within = 0, n = 0;
	uint64_t worst = 0;
	const char *name = "";
	struct op_row row;

	for (unsigned i = 0; (i = next_timed(r, env, i, &row)) < TABLE_ROWS; i++) {
		uint64_t spread = spread_permille(row.native);

		least = row.native->ticks.n < least ? row.native->ticks.n : least;
		most = row.native->ticks.n > most ? row.native->ticks.n : most;
		within += spread <= 20;
		n++;
		if (spread >= worst) {
			worst = spread;
			name = workload_of(row.op->workload)->name;
		}
	}
	sink_printf(s, "n: %u to %u batches each; the middle half of native's lies within 2%% "
		    "of the median for %u of %u ops, within %u%% for the worst, %s.\n",
		    (unsigned)least, (unsigned)most, within, n,
		    (unsigned)(worst / 10 + 1), name);
}

static void put_legend(const struct run *r, struct sink *s)
{
	sink_printf(s, "%s of one op, its arguments' loads among them: native, inline as the "
		    "compiler has it (c: a call of its function, by a register); indirect, by "
		    "a call through the table; patched, the best that fits in place of the "
		    "call. ex.: does it exit to a hypervisor?\n",
		    run_is_counted(r) ? "Instructions" : "TSC ticks, medians,");
}

void ops_table(const struct run *r, const struct environment *env, struct sink *s)
{
	unsigned timed = op_rows_of(r, env).timed;

	if (!has_table_ops(r) || !timed)
		return;
	put_legend(r, s);
	if (!run_is_counted(r))
		put_spread(r, env, s);
	put_head(r, timed, s);
	put_halves(r, env, timed, s);
}

/* ---- what there is to say of them */

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

/* A line a reason, with the ops that it holds for. */
static void put_left_out(const struct run *r, const struct environment *env, struct sink *s)
{
	struct op_row row, like;

	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		if (!op_row_of(r, env, i, &row) || !row.left_out
		    || is_said(r, env, i, row.why))
			continue;
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
		sink_printf(s, "On record for %s, core cycles, ours (theirs): ", ref->uarch);
	sink_printf(s, "%s%s %s%s (%s)", first ? "" : ", ",
		    workload_of(res->cell.workload)->name,
		    micro_text(ours, sizeof(ours), ticks ? res->ticks.median : res->cycles, 1),
		    ticks ? " ticks" : "", theirs);
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
		sink_printf(s, ". What each includes is in the report.\n");
}

void ops_table_notes(const struct run *r, const struct environment *env, struct sink *s)
{
	bool below = env->hypervisor[0] || hidden_by(r, env);

	put_left_out(r, env, s);
	if (has_table_ops(r) || (below && has_record(r) && op_rows_of(r, env).rows)) {
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
