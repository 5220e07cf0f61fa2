/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions in the seed's three columns, see table_counts.h. */
#include "backend/backends.h"
#include "lib/string.h"
#include "op_rows.h"
#include "table_box.h"
#include "table_counts.h"
#include "workload/registry.h"

/* One kind more or less, behind what is there: those that come as often as the one
 * before, @last, share its number. */
static void add_word(char *to, enum insn_word word, int more, int last)
{
	size_t at = string_length(to);
	char number[16] = "";

	if (more != last && more != 1)
		text_format(number, sizeof(number), "%dx ", more);
	text_format(to + at, WORDS_APART_ROOM - at, "%s%s%s",
		    !last ? ": " : more == last ? ", " : "; ", number, insn_word_texts[word]);
}

void words_apart(char *to, const struct result *res, const struct result *than)
{
	int more = (int)res->instructions - (int)than->instructions, last = 0;
	bool known = res->has_words && than->has_words;
	size_t at;

	text_format(to, WORDS_APART_ROOM, "[%s%d", more < 0 ? "" : "+", more);
	for (unsigned w = 0; known && w < INSN_WORD_COUNT; w++) {
		int d = (int)res->words.of[w] - (int)than->words.of[w];

		if (!d)
			continue;
		add_word(to, w, d, last);
		last = d;
	}
	at = string_length(to);
	text_format(to + at, WORDS_APART_ROOM - at, "]");
	if (!more && !last)
		text_format(to, WORDS_APART_ROOM, "[=]");
}

/* Of an op under a backend, in the first layout and state that has it. */
static const struct result *find(const struct run *r, const struct group *like,
				 enum mode_id mode, enum convention_id convention)
{
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		if (g->workload != like->workload || g->backend != like->backend)
			continue;
		for (size_t k = g->first; k < g->first + g->count; k++) {
			const struct cell *c = &r->results[k].cell;

			if (c->role == ROLE_cell && c->mode == mode
			    && c->convention == convention && c->padding == PADDING_long
			    && r->results[k].counted)
				return &r->results[k];
		}
	}
	return NULL;
}

static bool is_first(const struct run *r, const struct group *g)
{
	for (const struct group *o = r->group; o < g; o++)
		if (o->workload == g->workload && o->backend == g->backend)
			return false;
	return true;
}

#define PART_ROOM	(WORDS_APART_ROOM + 40)

/* "    4 [+3: call, ret, endbr]"; of one that is not what its mode says, what it is. */
static void count_part(char *to, const struct result *res, const struct result *than)
{
	char box[WORDS_APART_ROOM] = "";

	if (!res) {
		text_format(to, PART_ROOM, "%3s", "-");
		return;
	}
	/* Of a path some sites mostly are kept. */
	if (cell_kept(res) && res->cell.mode != MODE_indirect
	    && workload_of(res->cell.workload)->kind != KIND_PATH)
		text_format(box, sizeof(box), "%s", cell_outcome(res));
	else if (than && than != res)
		words_apart(box, res, than);
	text_format(to, PART_ROOM, "%3u %s", (unsigned)res->instructions, box);
}

/* The last column stands here, if it fits: else further to the left, and below where
 * something else is there. */
#define PATCHED_AT	61
#define COLUMNS		80

static void put_parts(const char *left, const char *right, struct sink *s)
{
	size_t n = string_length(left), at = PATCHED_AT;

	if (at + string_length(right) > COLUMNS)
		at = string_length(right) < COLUMNS ? COLUMNS - string_length(right) : 0;
	if (n >= at) {
		sink_printf(s, "%s\n", left);
		n = 0;
	} else {
		sink_printf(s, "%s", left);
	}
	sink_printf(s, "%*s%s\n", (int)(at - n), "", right);
}

static void put_row(const struct run *r, const struct group *g,
		    enum convention_id convention, struct sink *s)
{
	const struct result *native = find(r, g, MODE_native, CONVENTION_native);
	const struct result *paravirt = find(r, g, MODE_indirect, convention);
	const struct result *patched = find(r, g, MODE_inline, convention);
	const struct result *sited = paravirt ? paravirt : patched;
	char left[PART_ROOM + 60], right[PART_ROOM], part[PART_ROOM], n[16] = "-";

	if (native)
		text_format(n, sizeof(n), "%u", (unsigned)native->instructions);
	count_part(part, paravirt, native);
	count_part(right, patched, native);
	text_format(left, sizeof(left), "%-16s %-6s %2u %3s %s",
		    workload_of(g->workload)->column,
		    sited ? conventions[convention].name : "-",
		    sited ? sited->site_bytes : 0, n, sited ? part : "");
	if (!sited)
		sink_printf(s, "%s\n", left);
	else
		put_parts(left, right, s);
}

static bool has_convention(const struct run *r, const struct group *g, unsigned c)
{
	return conventions[c].sites && (find(r, g, MODE_indirect, c)
					|| find(r, g, MODE_inline, c));
}

/* A row for each convention that has a cell; native alone has its own. */
static void put_op(const struct run *r, const struct group *g, struct sink *s)
{
	bool any = false;

	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		if (has_convention(r, g, c)) {
			put_row(r, g, c, s);
			any = true;
		}
	if (!any && find(r, g, MODE_native, CONVENTION_native))
		put_row(r, g, CONVENTION_native, s);
}

static bool is_op_of(const struct group *g, unsigned backend)
{
	return g->backend == backend && kind_has_rows(workload_of(g->workload)->kind);
}

static void put_backend(const struct run *r, unsigned backend, struct sink *s)
{
	bool named = backend == BACKEND_native;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		if (!is_op_of(g, backend) || !is_first(r, g))
			continue;
		if (!named)
			sink_printf(s, "backend %s\n", backends[backend]->name);
		named = true;
		put_op(r, g, s);
	}
}

static bool has_no_column(const struct result *res)
{
	return res->cell.role == ROLE_cell && res->counted && !table_in_columns(&res->cell);
}

/* A row for each cell that has no column, op by op; @last: the op before. */
static void put_others(const struct run *r, const struct group *g, unsigned *last,
		       struct sink *s)
{
	const struct result *native = find(r, g, MODE_native, CONVENTION_native);
	char mode[40], part[PART_ROOM];

	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct result *res = &r->results[i];
		const struct cell *c = &res->cell;

		if (!has_no_column(res))
			continue;
		if (*last == WORKLOAD_MAX)
			sink_printf(s, "%-34s %3s\n", "others", "B");
		if (*last != g->workload)
			sink_printf(s, "%s\n", workload_of(g->workload)->column);
		*last = g->workload;
		count_part(part, res, native);
		sink_printf(s, "  %-7s %-6s %-17s %3u %s\n", backends[c->backend]->name,
			    conventions[c->convention].name,
			    table_mode(mode, sizeof(mode), c), res->site_bytes, part);
	}
}

void table_counts(const struct run *r, struct sink *s)
{
	unsigned last = WORKLOAD_MAX;

	sink_printf(s, "%30s %-29s%s\n", "native", "paravirt", " patched");
	sink_printf(s, "%-16s %-6s %2s\n", "op", "call", "B");
	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		put_backend(r, b, s);
	for (size_t i = 0; i < r->plan.groups; i++)
		if (is_op_of(&r->group[i], r->group[i].backend) && is_first(r, &r->group[i]))
			put_others(r, &r->group[i], &last, s);
}

/* "dense, line, work": those that were in the plan. */
static void put_layouts(const struct run *r, struct sink *s)
{
	bool has[LAYOUT_COUNT] = { false }, any = false;

	for (size_t i = 0; i < r->plan.groups; i++)
		has[r->group[i].layout] = true;
	for (unsigned l = 0; l < LAYOUT_COUNT; l++)
		if (has[l]) {
			sink_printf(s, "%s%s", any ? ", " : "", layouts[l].name);
			any = true;
		}
}

/* How the sites call, each convention that has rows. */
static void put_conventions(const struct run *r, struct sink *s)
{
	bool has[CONVENTION_COUNT] = { false };

	for (size_t i = 0; i < r->plan.cells; i++)
		has[r->results[i].cell.convention] = true;
	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		if (has[c] && conventions[c].sites)
			sink_printf(s, "call %s: %s.\n", conventions[c].name,
				    conventions[c].what);
}

void table_counts_legend(const struct run *r, struct sink *s)
{
	if (!has_table_ops_alone(r))
		sink_printf(s, "Instructions that one op executes: native (compiled inline), "
			    "paravirt (called through the table, as built), patched (its "
			    "form in place of the call). In brackets: how many more than "
			    "native, and which. B: bytes of the op's sites.\n");
	put_conventions(r, s);
	sink_printf(s, "The clock counts instructions, %u ticks each. They are the same in all "
		    "of %u batches at %u code offsets, in layout ", (unsigned)r->clock.step,
		    (unsigned)plan_batches(r->config), (unsigned)r->config->offsets);
	put_layouts(r, s);
	sink_printf(s, " (what lies between copies is taken off). Gaps were not watched for: "
		    "they change no count.\n");
	if (config_cpus(r->config) != CPUS_BOOT)
		sink_printf(s, "One CPU counts: those of cpus = %s would count the same.\n",
			    r->config->cpus);
	if (r->differ)
		sink_printf(s, "parapatch: layouts do not agree: %s; %u cells in all\n",
			    r->differs, r->differ);
}
