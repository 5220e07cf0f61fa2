/* SPDX-License-Identifier: GPL-2.0-only */
/* The table's ops as a table, see ops_table.h. */
#include "arch.h"
#include "ops_table.h"
#include "lib/line_wrap.h"
#include "lib/number.h"
#include "lib/string.h"
#include "op_report.h"
#include "report/fit.h"
#include "workload/registry.h"

/* An op: its name, three numbers, a mark and a letter; a blank between two of them. */
#define CELL_COLUMNS	32
#define CELL_ROOM	(CELL_COLUMNS + 16)
#define PER_ROW_MAX	3

_Static_assert(PER_ROW_MAX * (CELL_COLUMNS + 1) - 1 <= WRAP_MOST, "a row is not broken");

unsigned ops_table_columns(unsigned screen)
{
	return screen > WRAP_MOST ? WRAP_MOST : WRAP_COLUMNS;
}

/* Four columns: decimals go before digits, thousands and millions before those. */
static const char *four(char *to, size_t room, int64_t micro)
{
	static const struct { int64_t below, unit; unsigned decimals; const char *name; } as[] = {
		{ 99500000, 1, 1, "" }, { 9995000000, 1, 0, "" },
		{ 995000000000, 1000, 0, "k" }, { 9950000000000, 1000000, 1, "M" },
		{ INT64_MAX, 1000000, 0, "M" },
	};
	int64_t size = micro < 0 ? -micro * 10 : micro;		/* a sign takes one */
	unsigned i = 0;
	size_t n;

	while (size >= as[i].below && as[i].below != INT64_MAX)
		i++;
	micro_text(to, room, micro / as[i].unit, as[i].decimals);
	n = string_length(to);
	text_format(to + n, room - n, "%s", as[i].name);
	return to;
}

static const char *number(char *to, size_t room, const struct result *res)
{
	if (res && res->counted && res->instructions < 10000)
		text_format(to, room, "%u", (unsigned)res->instructions);
	else if (res && res->counted)
		four(to, room, (int64_t)res->instructions * 1000000);
	else if (res && res->ticks.n)
		four(to, room, res->ticks.median);
	else
		text_format(to, room, "-");
	return to;
}

/* c: native is a call too; d: what is patched is a direct call. */
static char mark_of(const struct op_row *row)
{
	if (op_calls_native(row->op))
		return 'c';
	return row->patched && row->patched->counts.outcome[PATCHED_CALL] ? 'd' : ' ';
}

static const char exits_letters[EXITS_COUNT] = {
	[EXITS_no] = 'n', [EXITS_yes] = 'y', [EXITS_unknown] = '?', [EXITS_not_judged] = '-',
};

/* ---- which ops stand where */

enum place { PLACE_none, PLACE_row, PLACE_nothing, PLACE_no_site };

static enum place place_of(const struct op_row *row)
{
	struct fit_form f;

	if (!row->timed)
		return PLACE_none;
	if (row->op->op == OP_COUNT)
		return PLACE_no_site;
	f = fit_form(backends[BACKEND_native], ARCH_ISA, row->op->op, 0);
	return f.known && !f.bytes ? PLACE_nothing : PLACE_row;
}

/* Those of one place, in order. */
struct placed {
	unsigned n;
	uint8_t row[TABLE_ROWS];
};

static struct placed placed(const struct run *r, const struct environment *env,
			    enum place place)
{
	struct placed p = { 0 };
	struct op_row row;

	for (unsigned i = 0; i < TABLE_ROWS; i++)
		if (op_row_of(r, env, i, &row) && place_of(&row) == place)
			p.row[p.n++] = (uint8_t)i;
	return p;
}

/* ---- the rows */

static void cell(char *to, const struct op_row *row)
{
	char n[24], i[24], p[24];

	text_format(to, CELL_ROOM, "%-14.14s %4s %4s %4s%c %c",
		    workload_of(row->op->workload)->column,
		    number(n, sizeof(n), row->native), number(i, sizeof(i), row->indirect),
		    number(p, sizeof(p), row->patched), mark_of(row),
		    exits_letters[row->exits]);
}

static void put_head(const struct run *r, unsigned per_row, struct sink *s)
{
	for (unsigned k = 0; k < per_row; k++)
		sink_printf(s, "%s%-14s %4s %4s %4s %2s", k ? " " : "",
			    run_is_counted(r) ? "op, instr." : "op, TSC ticks", "nat", "ind",
			    "pat", "ex");
	sink_printf(s, "\n");
}

/* Down the first column, then down the next. */
static void put_rows(const struct run *r, const struct environment *env, unsigned columns,
		     struct sink *s)
{
	const struct placed all = placed(r, env, PLACE_row);
	unsigned per_row = (columns + 1) / (CELL_COLUMNS + 1), rows;
	char text[CELL_ROOM];
	struct op_row row;

	if (!all.n)
		return;
	per_row = per_row < all.n ? per_row : all.n;
	rows = (all.n + per_row - 1) / per_row;
	put_head(r, per_row, s);
	for (unsigned k = 0; k < rows; k++) {
		for (unsigned i = k; i < all.n; i += rows) {
			op_row_of(r, env, all.row[i], &row);
			cell(text, &row);
			sink_printf(s, "%s%s", i == k ? "" : " ", text);
		}
		sink_printf(s, "\n");
	}
}

/* ---- what needs no row */

/* And a key, where what is last has room for it. */
static void put_nothing(const struct run *r, const struct environment *env, struct sink *s)
{
	const struct placed all = placed(r, env, PLACE_nothing);
	char n[24], i[24], p[24];
	struct op_row row;

	for (unsigned k = 0; k < all.n; k++) {
		op_row_of(r, env, all.row[k], &row);
		sink_printf(s, "%s%s=%s/%s/%s%s", k ? ", " : "Natively nothing, nat/ind/pat: ",
			    workload_of(row.op->workload)->column,
			    number(n, sizeof(n), row.native),
			    number(i, sizeof(i), row.indirect),
			    number(p, sizeof(p), row.patched), k + 1 < all.n ? "" : ". ");
	}
	/* The legend is before the rows, and may have left the screen. */
	sink_printf(s, "d direct call, c nat calls too; ex: exits y, n, ? unknown, "
		    "- not judged\n");
}

static void put_no_site(const struct run *r, const struct environment *env, struct sink *s)
{
	const struct placed all = placed(r, env, PLACE_no_site);
	struct op_row row;
	char n[24];

	for (unsigned k = 0; k < all.n; k++) {
		op_row_of(r, env, all.row[k], &row);
		sink_printf(s, "%s%s %s %c%s", k ? ", " : "No call site: ",
			    workload_of(row.op->workload)->name,
			    number(n, sizeof(n), row.native), exits_letters[row.exits],
			    k + 1 < all.n ? "" : "\n");
	}
}

/* What is timed only where it is named is no op alone: its state says what is in it. */
static void put_states(const struct run *r, const struct environment *env, struct sink *s)
{
	struct op_row row;

	for (unsigned i = 0; i < TABLE_ROWS; i++)
		if (op_row_of(r, env, i, &row) && row.timed
		    && row.op->hazard == HAZARD_dangerous)
			sink_printf(s, "%s: %s.\n", workload_of(row.op->workload)->name,
				    row.op->state);
}

/* Which exit, by name; of the others how many. */
static void put_exits(const struct run *r, const struct environment *env, struct sink *s)
{
	struct op_rows all = op_rows_of(r, env);

	if (run_is_counted(r) || r->machine->emulated || !env->hypervisor[0]) {
		exits_say(r, env, s);
		sink_printf(s, ".\n");
		return;
	}
	sink_printf(s, "exits here (%s): ", env->hypervisor);
	exits_names_say(r, env, EXITS_yes, s);
	sink_printf(s, "%s; no exit: %u; not known: %u.\n",
		    all.exits[EXITS_yes] ? "" : "none is known",
		    all.exits[EXITS_no], all.exits[EXITS_unknown]);
}

/* ---- how to read it */

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
	unsigned within = 0, n = 0, without = 0;
	uint64_t worst = 0;
	const char *name = "";
	struct op_row row;

	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		uint64_t spread;

		if (!op_row_of(r, env, i, &row) || !row.native || !row.native->ticks.n)
			continue;
		least = row.native->ticks.n < least ? row.native->ticks.n : least;
		most = row.native->ticks.n > most ? row.native->ticks.n : most;
		/* Of what takes nothing or less there is no share. */
		if (row.native->ticks.median <= 0) {
			without++;
			continue;
		}
		spread = spread_permille(row.native);
		within += spread <= 20;
		n++;
		if (spread >= worst) {
			worst = spread;
			name = workload_of(row.op->workload)->name;
		}
	}
	if (!n && !without)
		return;
	sink_printf(s, "n: %u to %u batches each", (unsigned)least, (unsigned)most);
	if (n)
		sink_printf(s, "; the middle half of native's lies within 2%% of the median "
			    "for %u of %u op%s, within %u%% for the worst, %s", within, n,
			    n == 1 ? "" : "s", (unsigned)(worst / 10 + 1), name);
	if (without)
		sink_printf(s, "; of %u the median is not above 0, and has no such share",
			    without);
	sink_printf(s, ".\n");
}

static void put_legend(const struct run *r, struct sink *s)
{
	sink_printf(s, "%s of one op, its arguments' loads among them. nat: native, inline as "
		    "the compiler has it. ind: by a call through the table. pat: the best that "
		    "fits in place of the call, and NOPs that fill the site; d: a direct call "
		    "fits, no copy does; c: so, and nat is a call of the function too. ex: does "
		    "it exit to a hypervisor: y, n, ? not known, - not judged.\n",
		    run_is_counted(r) ? "Instructions" : "TSC ticks, medians,");
}

static bool is_usual(const struct group *g)
{
	return g->layout == LAYOUT_dense && g->state == STATE_warm
		&& g->backend == BACKEND_native;
}

static bool is_like(const struct group *g, const struct group *other)
{
	return g->layout == other->layout && g->state == other->state
		&& g->backend == other->backend;
}

/* Of the rows from there to there: those timed in such a group. */
static unsigned rows_like(const struct run *r, const struct environment *env, unsigned from,
			  unsigned to, const struct group *g)
{
	struct op_row row;
	unsigned n = 0;

	for (unsigned i = from; i < to; i++)
		n += op_row_of(r, env, i, &row) && row.timed && row.group
			&& is_like(row.group, g);
	return n;
}

/* Where an op has no group that is dense, warm and native: what its numbers are of. */
static void put_elsewhere(const struct run *r, const struct environment *env, struct sink *s)
{
	struct op_row row;

	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		const struct group *g;
		unsigned n;

		if (!op_row_of(r, env, i, &row) || !row.timed || !row.group
		    || is_usual(row.group) || rows_like(r, env, 0, i, row.group))
			continue;
		g = row.group;
		n = rows_like(r, env, i, TABLE_ROWS, g);
		sink_printf(s, "The numbers of %u op%s are of layout %s, state %s and "
			    "backend %s: dense, warm and native was not asked for.\n",
			    n, n == 1 ? "" : "s", layouts[g->layout].name,
			    states[g->state].name, backends[g->backend]->name);
	}
}

void ops_table(const struct run *r, const struct environment *env, unsigned columns,
	       struct sink *s)
{
	struct op_rows all = op_rows_of(r, env);

	if (!has_table_ops(r))
		return;
	if (!all.timed) {
		sink_printf(s, "No table of ops: of %u that %s asked for none has a number.\n",
			    all.rows, all.rows == 1 ? "was" : "were");
		return;
	}
	put_legend(r, s);
	put_elsewhere(r, env, s);
	if (!run_is_counted(r))
		put_spread(r, env, s);
	put_rows(r, env, columns, s);
	put_nothing(r, env, s);
	put_no_site(r, env, s);
	put_states(r, env, s);
	put_exits(r, env, s);
}
