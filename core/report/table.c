/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as the text table, see report.h. */
#include "lib/line_wrap.h"
#include "backend/backends.h"
#include "report/mix_report.h"
#include "report/report.h"
#include "workload/registry.h"
#include "ops_table.h"
#include "seed_rows.h"
#include "table_box.h"
#include "table_cpus.h"
#include "table_counts.h"
#include "table_notes.h"

static struct result *find(const struct run *r, const struct group *g,
			   enum mode_id mode, enum convention_id convention)
{
	struct result *res = group_find(g, r->results, ROLE_cell, mode, convention);

	return res && table_in_columns(&res->cell) ? res : NULL;
}

/* A name that is longer than its column takes the blanks before the number. */
static void put_row(const struct run *r, const struct group *g,
		    enum convention_id convention, unsigned bytes,
		    struct sink *s)
{
	const struct result *native = find(r, g, MODE_native, CONVENTION_native);
	const struct result *indirect = find(r, g, MODE_indirect, convention);
	const struct result *inlined = find(r, g, MODE_inline, convention);
	const char *name = conventions[convention].sites
		? conventions[convention].name : "-";
	char head[40], t[24] = "-";

	text_format(head, sizeof(head), "%-16s %-6s %2u",
		    workload_of(g->workload)->column, name, bytes);
	if (native && native->ticks.n)
		table_number(t, sizeof(t), native->ticks.median);
	sink_printf(s, "%-27s%s%6s", head, head[26] ? " " : "", t);
	table_ticks(indirect, s);
	table_over(indirect, group_reference(g, r->results), s);
	table_ticks(inlined, s);
	table_verdict(inlined, s);
}

/* Bytes of the sites of a convention; a refused cell may not know them.  -1: the
 * group has no cell of it in the columns. */
static int site_bytes(const struct run *r, const struct group *g,
		      enum convention_id convention)
{
	int bytes = -1;

	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct result *res = &r->results[i];

		if (table_in_columns(&res->cell)
		    && res->cell.convention == convention
		    && (int)res->site_bytes > bytes)
			bytes = (int)res->site_bytes;
	}
	return bytes;
}

static bool any_in_columns(const struct run *r, const struct group *g)
{
	for (size_t i = g->first; i < g->first + g->count; i++)
		if (table_in_columns(&r->results[i].cell))
			return true;
	return false;
}

/* A row for each convention that has a cell; native alone has its own. */
static void put_group(const struct run *r, const struct group *g, struct sink *s)
{
	bool any = false;

	for (unsigned c = 0; c < CONVENTION_COUNT; c++) {
		int bytes = conventions[c].sites ? site_bytes(r, g, c) : -1;

		if (bytes < 0)
			continue;
		put_row(r, g, c, (unsigned)bytes, s);
		any = true;
	}
	if (!any)
		put_row(r, g, CONVENTION_native, 0, s);
}

static bool has_no_column(const struct result *res)
{
	return res->cell.role == ROLE_cell && !table_in_columns(&res->cell)
		&& !res->refused;
}

static bool any_without_column(const struct run *r, const struct group *g)
{
	for (size_t i = g->first; i < g->first + g->count; i++)
		if (has_no_column(&r->results[i]))
			return true;
	return false;
}

/* A row for each cell that has no column. */
static void put_others(const struct run *r, const struct group *g, struct sink *s)
{
	char mode[40];

	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct result *res = &r->results[i];
		const struct cell *c = &res->cell;

		if (!has_no_column(res))
			continue;
		sink_printf(s, "  %-7s %-6s %-17s %3u", backends[c->backend]->name,
			    conventions[c->convention].name,
			    table_mode(mode, sizeof(mode), c), res->site_bytes);
		table_ticks(res, s);
		table_verdict(res, s);
	}
}

/* Is it one of a section's, under that backend? */
static bool in_section(const struct group *g, unsigned layout, unsigned state,
		       unsigned backend)
{
	return g->layout == layout && g->state == state && g->backend == backend
		&& kind_has_rows(workload_of(g->workload)->kind);
}

/* The seed's columns of a backend; native's are without its name. */
static void put_backend(const struct run *r, unsigned layout, unsigned state,
			unsigned backend, bool *begun, struct sink *s)
{
	bool named = backend == BACKEND_native;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];
		char where[60];

		if (!in_section(g, layout, state, backend)
		    || !any_in_columns(r, g))
			continue;
		text_format(where, sizeof(where), "%s, %s",
			    layouts[layout].name, states[state].name);
		if (!*begun)
			sink_printf(s, "%-26s %6s %6s %8s %6s\n", where,
				    "normal", "paravirt", "", "paravirt-patch");
		if (!named)
			sink_printf(s, "backend %s\n", backends[backend]->name);
		*begun = named = true;
		put_group(r, g, s);
	}
}

/* What has no column, behind those that have: op by op. */
static void put_without_column(const struct run *r, unsigned layout,
			       unsigned state, struct sink *s)
{
	unsigned last = WORKLOAD_MAX;
	char where[60];

	text_format(where, sizeof(where), "%s, %s, others", layouts[layout].name,
		    states[state].name);
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		if (!in_section(g, layout, state, g->backend)
		    || !any_without_column(r, g))
			continue;
		if (last == WORKLOAD_MAX)
			sink_printf(s, "%-34s %3s %6s\n", where, "B", "ticks");
		if (last != g->workload)
			sink_printf(s, "%s\n", workload_of(g->workload)->column);
		last = g->workload;
		put_others(r, g, s);
	}
}

/* The ops of one layout and state. */
static void put_section(const struct run *r, unsigned layout, unsigned state,
			struct sink *s)
{
	bool begun = false;

	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		put_backend(r, layout, state, b, &begun, s);
	put_without_column(r, layout, state, s);
}

static void put_sections(const struct run *r, struct sink *s)
{
	sink_printf(s, "%-16s %-6s %2s %6s %6s %8s %6s\n", "op", "call", "B",
		    "ticks", "ticks", "", "ticks");
	for (unsigned i = 0; i < LAYOUT_COUNT * STATE_COUNT; i++)
		put_section(r, i % LAYOUT_COUNT, i / LAYOUT_COUNT, s);
}

/* Where lines go: of 80 columns, and as wide as the screen has room for. */
struct faces {
	struct wrap_sink text, wide;
	unsigned columns;
};

/* What the machine's state was where ops that depend on it were timed. */
static void put_control(const struct run *r, const struct environment *env, struct sink *s)
{
	const struct control_state *c = &env->control;

	if (has_table_ops(r) && c->apic)
		sink_printf(s, "As the firmware has them: CR4.PGE %u, PCIDE %u, UMIP %u; "
			    "local APIC: %s.\n", c->pge, c->pcide, c->umip, c->apic);
}

static void put_ops(const struct run *r, const struct environment *env, struct faces *to)
{
	ops_table(r, env, to->columns, &to->wide.sink);
}

/* Where the clock counts instructions. */
static void report_counts(const struct run *r, const struct environment *env,
			  struct faces *to)
{
	bool alone = has_table_ops_alone(r);
	struct sink *s = &to->text.sink;

	if (!alone) {
		table_counts(r, s);
		put_ops(r, env, to);
	}
	mixes_table(r, s);
	seed_rows_table(r, s);
	table_notes_cells(r, s);
	ops_table_notes(r, env, s);
	put_control(r, env, s);
	table_notes_run(r, s);
	sink_printf(s, "An emulator runs this: instructions are exact there, and times are "
		    "no CPU's.\n");
	if (alone)
		put_ops(r, env, to);
}

static void report_times(const struct run *all, const struct run *r,
			 const struct environment *env, struct faces *to)
{
	bool alone = has_table_ops_alone(r);
	struct sink *s = &to->text.sink;
	struct anchors anchors;

	if (!alone) {
		put_sections(r, s);
		put_ops(r, env, to);
	}
	mixes_table(r, s);
	seed_rows_table(r, s);
	table_notes_cells(r, s);
	ops_table_notes(r, env, s);
	put_control(r, env, s);
	run_anchors(r, env, &anchors);
	anchors_table(&anchors, s);
	table_notes_run(all, s);
	table_cpus(all, s);
	if (r->machine->emulated)
		sink_printf(s, "An emulator runs this: these are its numbers, and no CPU's.\n");
	else if (env->hypervisor[0])
		sink_printf(s, "Under a hypervisor: what exits to it costs what it makes of it.\n");
	if (alone)	/* last: its rows fill a screen, and stay on it */
		put_ops(r, env, to);
}

void report_table(const struct run *all, const struct environment *env, unsigned screen,
		  struct sink *to)
{
	unsigned columns = ops_table_columns(screen);
	struct faces faces = { wrap_sink(to), wrap_sink_of(to, columns), columns };
	struct run first = *all;

	first.plan = plan_first_cpu(&all->plan);
	if (run_is_counted(&first))
		report_counts(&first, env, &faces);
	else
		report_times(all, &first, env, &faces);
}
