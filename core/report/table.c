/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as the text table, see report.h. */
#include "measure/measure.h"
#include "lib/number.h"
#include "report/report.h"
#include "lib/line_wrap.h"

/* Millionths in six columns: decimals go before digits do. */
static const char *six(char *to, size_t room, int64_t micro)
{
	bool large = micro >= 9999950000 || micro <= -999950000;

	return micro_text(to, room, micro, large ? 0 : 1);
}

/* " 123.4", or a dash where there is no such cell. */
static void put_ticks(const struct result *res, struct sink *s)
{
	char t[24] = "-";

	if (res && res->ticks.n)
		six(t, sizeof(t), res->ticks.median);
	sink_printf(s, " %6s", t);
}

/* The most that is told: beyond it the columns end, and what can be said. */
#define RATIO_MAX	(100 * (int64_t)MILLION)

/* A part in millionths as per cent: decimals go before digits do. */
static const char *percent(char *to, size_t room, int64_t part)
{
	return micro_text(to, room, part * 100,
			  part < MILLION && part > -MILLION ? 1 : 0);
}

/* A ratio in millionths, above 0, as how much more it is, "+12.3%". */
static void over(char *to, size_t room, int64_t ratio)
{
	char t[24];

	if (ratio > RATIO_MAX)
		text_format(to, room, ">9999%%");
	else
		text_format(to, room, "%s%s%%", ratio >= MILLION ? "+" : "",
			    percent(t, sizeof(t), ratio - MILLION));
}

/* The larger half of an interval around @at, "0.4"; "?" where there is none, or
 * it is wider than can be told. */
static const char *half_of(char *to, size_t room, const struct interval *i,
			   int64_t at)
{
	bool told = i->known && i->lo >= -RATIO_MAX && i->hi <= RATIO_MAX;

	if (!told)
		return "?";
	return percent(to, room, i->hi - at > at - i->lo ? i->hi - at : at - i->lo);
}

/* The most that is told of a difference, in the two columns. */
#define OVER_MAX	(9999 * (int64_t)MILLION)
#define TICKS_MAX	(99999 * (int64_t)MILLION)

/* Ticks in millionths: decimals go before digits do. */
static const char *few(char *to, size_t room, int64_t micro)
{
	bool large = micro >= 999950000 || micro <= -999950000;

	return micro_text(to, room, micro, large ? 0 : 1);
}

/* A difference in millionths, "+12.3t". */
static const char *ticks_over(char *to, size_t room, int64_t d, int64_t most)
{
	char t[24];

	if (d > most || d < -most)
		text_format(to, room, "%s%ut", d < 0 ? "<-" : ">",
			    (unsigned)(most / MILLION));
	else
		text_format(to, room, "%s%st", d >= 0 ? "+" : "",
			    few(t, sizeof(t), d));
	return to;
}

/* Is something said of it by the difference? */
static bool told_by_difference(const struct result *res)
{
	return res->has_vs && !res->refused && !cell_kept(res)
		&& res->vs.by_difference
		&& res->vs.verdict != VERDICT_inconclusive;
}

/* A ratio of 0 or less is overlap: no per cent of anything. */
static bool told_by_ratio(const struct comparison *vs)
{
	return vs->has_ratio && vs->ratio > 0;
}

/* "[+12.3%]" or "[+12.3t]" against the reference, or that it is it. */
static void put_over(const struct result *res, const struct result *reference,
		     struct sink *s)
{
	char t[32], box[40] = "[-]";

	if (res && res == reference)
		text_format(box, sizeof(box), "[ref]");
	if (res && told_by_difference(res)) {
		text_format(box, sizeof(box), "[%s]", ticks_over(t, sizeof(t),
			    res->vs.difference, OVER_MAX));
	} else if (res && res->has_vs && told_by_ratio(&res->vs)) {
		over(t, sizeof(t), res->vs.ratio);
		text_format(box, sizeof(box), "[%s]", t);
	}
	sink_printf(s, " %8s", box);
}

/* "[+38.0t+-2.0]": a difference, and the larger half of its interval. */
static void difference_box(char *to, size_t room, const struct comparison *vs)
{
	int64_t d = vs->difference, lo = vs->difference_95.lo;
	int64_t hi = vs->difference_95.hi;
	char t[24], half[24] = "?";

	if (lo >= -TICKS_MAX && hi <= TICKS_MAX)
		few(half, sizeof(half), hi - d > d - lo ? hi - d : d - lo);
	text_format(to, room, "[%s+-%s]", ticks_over(t, sizeof(t), d, TICKS_MAX),
		    half);
}

static void ratio_box(char *to, size_t room, const struct comparison *vs)
{
	char t[32], half[24];

	over(t, sizeof(t), vs->ratio);
	text_format(to, room, "[%s+-%s]", t,
		    half_of(half, sizeof(half), &vs->ratio_95, vs->ratio));
}

/* "[+2.1%+-0.4]", what the verdict rests on, with the larger half of its interval,
 * and the verdict; of a cell that is not what its mode says, what it is. */
static void put_verdict(const struct result *res, struct sink *s)
{
	static const char *const words[VERDICT_COUNT] = {
		[VERDICT_same] = "same", [VERDICT_faster] = "faster",
		[VERDICT_slower] = "slower", [VERDICT_inconclusive] = "?",
	};
	char box[64] = "[-]", within[24] = "";
	const struct comparison *vs;

	if (res && cell_kept(res)) {
		sink_printf(s, " %s\n", cell_outcome(res));
		return;
	}
	if (!res || !res->has_vs) {
		sink_printf(s, " %13s\n", box);
		return;
	}
	vs = &res->vs;
	if (told_by_difference(res))
		difference_box(box, sizeof(box), vs);
	else if (told_by_ratio(vs))
		ratio_box(box, sizeof(box), vs);
	if (vs->verdict == VERDICT_same && vs->margin > MARGIN_LEAST)
		text_format(within, sizeof(within), "(%u%%)",
			    (unsigned)((vs->margin + 9999) / 10000));
	sink_printf(s, " %13s %s%s\n", box, words[vs->verdict], within);
}

/* Is it one of the seed's three columns? */
static bool in_columns(const struct cell *c)
{
	return c->role == ROLE_cell && c->padding == PADDING_long
		&& (c->mode == MODE_native || c->mode == MODE_indirect
		    || c->mode == MODE_inline);
}

static struct result *find(const struct run *r, const struct group *g,
			   enum mode_id mode, enum convention_id convention)
{
	struct result *res = group_find(g, r->results, ROLE_cell, mode, convention);

	return res && in_columns(&res->cell) ? res : NULL;
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
		six(t, sizeof(t), native->ticks.median);
	sink_printf(s, "%-27s%s%6s", head, head[26] ? " " : "", t);
	put_ticks(indirect, s);
	put_over(indirect, group_reference(g, r->results), s);
	put_ticks(inlined, s);
	put_verdict(inlined, s);
}

/* Bytes of the sites of a convention; a refused cell may not know them.  -1: the
 * group has no cell of it in the columns. */
static int site_bytes(const struct run *r, const struct group *g,
		      enum convention_id convention)
{
	int bytes = -1;

	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct result *res = &r->results[i];

		if (in_columns(&res->cell)
		    && res->cell.convention == convention
		    && (int)res->site_bytes > bytes)
			bytes = (int)res->site_bytes;
	}
	return bytes;
}

static bool any_in_columns(const struct run *r, const struct group *g)
{
	for (size_t i = g->first; i < g->first + g->count; i++)
		if (in_columns(&r->results[i].cell))
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

/* "retpoline", "inline+prefix". */
static const char *mode_text(char *to, size_t room, const struct cell *c)
{
	bool padded = c->padding != PADDING_long;

	text_format(to, room, "%s%s%s", modes[c->mode].name, padded ? "+" : "",
		    padded ? paddings[c->padding].name : "");
	return to;
}

static bool has_no_column(const struct result *res)
{
	return res->cell.role == ROLE_cell && !in_columns(&res->cell)
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
			    mode_text(mode, sizeof(mode), c), res->site_bytes);
		put_ticks(res, s);
		put_verdict(res, s);
	}
}

/* Is it one of a section's, under that backend? */
static bool in_section(const struct group *g, unsigned layout, unsigned state,
		       unsigned backend)
{
	return g->layout == layout && g->state == state && g->backend == backend
		&& workload_of(g->workload)->kind == KIND_OP;
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

/* ", xen" where there is something to tell. */
static const char *backend_text(char *to, size_t room, enum backend_id backend)
{
	text_format(to, room, "%s%s", backend == BACKEND_native ? "" : ", ",
		    backend == BACKEND_native ? "" : backends[backend]->name);
	return to;
}

static void put_refused(const struct run *r, struct sink *s)
{
	char backend[20], mode[40];

	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct result *res = &r->results[i];
		const struct cell *c = &res->cell;

		if (res->refused && c->role == ROLE_cell)
			sink_printf(s, "not timed: %s%s, %s, %s, %s, %s: %s\n",
				    workload_of(c->workload)->name,
				    backend_text(backend, sizeof(backend), c->backend),
				    conventions[c->convention].name,
				    mode_text(mode, sizeof(mode), c),
				    layouts[c->layout].name,
				    states[c->state].name, res->why);
	}
}

/* What became of all sites in mode inline. */
static void put_sites_of(const struct run *r, enum backend_id b, struct sink *s)
{
	const struct text_counts *c = &r->applied[b][MODE_inline];

	if (!r->was_applied[b][MODE_inline])
		return;
	sink_printf(s, "paravirt-patch");
	if (b != BACKEND_native)
		sink_printf(s, ", %s", backends[b]->name);
	sink_printf(s, ":");
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		if (c->outcome[i])
			sink_printf(s, " %u %s,", c->outcome[i], patched_names[i]);
	sink_printf(s, " of %u sites; %s NOPs\n", c->sites, r->nops->name);
}

static void put_clobbers(const struct run *r, struct sink *s)
{
	if (r->clobbers.checked)
		sink_printf(s, "Registers: %u sites run alone, %u change one they may not.\n",
			    r->clobbers.checked, r->clobbers.failed);
}

static void put_sites(const struct run *r, struct sink *s)
{
	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		put_sites_of(r, b, s);
}

/* How far a ratio is from 1, up to RATIO_MAX. */
static int64_t apart(int64_t ratio)
{
	if (ratio > RATIO_MAX || ratio < -RATIO_MAX + MILLION)
		return RATIO_MAX;
	return ratio > MILLION ? ratio - MILLION : MILLION - ratio;
}

/* Twins: how far apart things are that are the same. */
static void put_twins(const struct run *r, struct sink *s)
{
	unsigned n = 0, same = 0, without = 0;
	int64_t worst = 0;
	char t[24];

	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct result *res = &r->results[i];

		if (res->cell.role != ROLE_twin || !res->has_vs || !res->ticks.n
		    || workload_of(res->cell.workload)->kind != KIND_OP)
			continue;
		n++;
		same += res->vs.verdict == VERDICT_same;
		without += !res->vs.has_ratio;
		if (res->vs.has_ratio && apart(res->vs.ratio) > worst)
			worst = apart(res->vs.ratio);
	}
	if (!n)
		return;
	sink_printf(s, "A/A twins: %u of %u the same within 1%%", same, n);
	if (without)
		sink_printf(s, ", %u without a ratio", without);
	if (without < n)
		sink_printf(s, "; estimates %s%% apart at most",
			    micro_text(t, sizeof(t), worst * 100, 2));
	sink_printf(s, ".\n");
}

static void put_batches(const struct run *r, struct sink *s)
{
	const struct quality *q = &r->quality;

	sink_printf(s, "Batches: %u tried, dropped for", (unsigned)q->tried);
	for (unsigned i = 0; i < DROPPED_COUNT; i++)
		sink_printf(s, " %s %u%s", dropped_names[i],
			    (unsigned)q->dropped[i],
			    i + 1 < DROPPED_COUNT ? "," : "");
	sink_printf(s, "; %u windows, %u overran; seed %llu.\n",
		    (unsigned)q->windows, (unsigned)q->overran,
		    (unsigned long long)r->seed);
}

static void put_legend(const struct run *r, struct sink *s)
{
	sink_printf(s, "TSC ticks of one op (cold: and its filler), "
		    "median over %u code offsets of the median of %u batches (cold: %u); "
		    "lower is better. [+x%%]: slower than normal, by pairs; +-: to the "
		    "farther end of the 95%% interval. same: within 1%%, or (x%%) where "
		    "the A/A twin is as far; ?: inconclusive. B: bytes of the op's "
		    "sites. IF mostly is as the op leaves it.\n",
		    (unsigned)r->config->offsets,
		    (unsigned)plan_batches(r->config),
		    (unsigned)state_batches(r->config, STATE_cold_code));
}

/* What [ref] is where it is not native: a name, or one for each there is. */
static void put_legend_ref(const struct run *r, struct sink *s)
{
	struct set named = { { 0 } };
	bool any = false;
	char name[40];

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct result *ref = group_reference(&r->group[i], r->results);

		if (!ref || ref->cell.mode == MODE_native
		    || set_has(&named, ref->cell.convention))
			continue;
		reference_name(name, sizeof(name), &ref->cell);
		sink_printf(s, any ? ", %s" : "[ref]: its op has no normal here; "
			    "what the others are compared with: %s", name);
		set_add(&named, ref->cell.convention);
		any = true;
	}
	if (any)
		sink_printf(s, ".\n");
}

/* What is said only where there is such a thing. */
static void put_legend_more(const struct run *r, struct sink *s)
{
	bool kept = false, by_difference = false;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		for (size_t k = g->first; k < g->first + g->count; k++) {
			kept |= cell_kept(&r->results[k]);
			by_difference |= told_by_difference(&r->results[k]);
		}
	}
	if (by_difference)
		sink_printf(s, "[+xt]: normal is too near 0 for a ratio; so many "
			    "ticks more, and the A/A twin is nearer.\n");
	put_legend_ref(r, s);
	if (kept)
		sink_printf(s, "kept-...: not patched, so the time is that of the "
			    "site as it was built; mixed: of some of the op's sites.\n");
}

/* Groups that did not get the batches they should have, or none. */
static void put_short(const struct run *r, struct sink *s)
{
	char backend[20], why[UNMEASURED_ROOM];

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];
		uint32_t want = state_batches(r->config, g->state), least = want;

		for (unsigned o = 0; o < r->config->offsets; o++)
			if (g->taken[o] < least)
				least = g->taken[o];
		if (least == want || group_had_no_turn(r, g))
			continue;
		sink_printf(s, "%s: %s%s, %s, %s: ", group_taken(g) ? "Short of batches"
			    : "Not measured", workload_of(g->workload)->name,
			    backend_text(backend, sizeof(backend), g->backend),
			    layouts[g->layout].name, states[g->state].name);
		if (unmeasured_text(g, why, sizeof(why))) {
			sink_printf(s, "%s.\n", why);
			continue;
		}
		sink_printf(s, "%u of %u, %u at the worst offset.\n",
			    (unsigned)group_taken(g),
			    (unsigned)(want * r->config->offsets), (unsigned)least);
	}
}

void report_table(const struct run *r, const struct environment *env,
		  struct sink *to)
{
	struct wrap_sink wrapped = wrap_sink(to);
	struct sink *s = &wrapped.sink;
	struct anchors anchors;

	sink_printf(s, "%-16s %-6s %2s %6s %6s %8s %6s\n", "op", "call", "B",
		    "ticks", "ticks", "", "ticks");
	for (unsigned i = 0; i < LAYOUT_COUNT * STATE_COUNT; i++)
		put_section(r, i % LAYOUT_COUNT, i / LAYOUT_COUNT, s);
	put_refused(r, s);
	put_sites(r, s);
	put_clobbers(r, s);
	put_legend(r, s);
	put_legend_more(r, s);
	run_anchors(r, env, &anchors);
	anchors_table(&anchors, s);
	put_twins(r, s);
	put_batches(r, s);
	put_short(r, s);
	if (r->machine->emulated)
		sink_printf(s, "An emulator runs this: these are its numbers, and no CPU's.\n");
	else if (env->hypervisor[0])
		sink_printf(s, "Under a hypervisor: what exits to it costs what it makes of it.\n");
}
