/* SPDX-License-Identifier: GPL-2.0-only */
/* Which ops left the guest, computed again: see exits.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "exits.h"
#include "finding.h"
#include "whole.h"

/* The words, and what they mean, as docs/ops.md has them. */
enum word { NO, YES, UNKNOWN, NOT_JUDGED, WORDS };

static const char *const words[WORDS] = {
#define EXITS(id, name, what) name,
#include "list/exits.def"
#undef EXITS
};

/* Core cycles that an exit is assumed to take at least, see docs/ops.md. */
#define EXIT_LEAST	400.0

/* ---- figures on record */

enum {
#define UARCH(id, name) UARCH_##id,
#include "list/anchor.def"
#define UARCH(id, name) UARCH_##id,
#include "list/op_reference.def"
	UARCHS
};

static const char *const uarchs[UARCHS] = {
#define UARCH(id, name) [UARCH_##id] = name,
#include "list/anchor.def"
#define UARCH(id, name) [UARCH_##id] = name,
#include "list/op_reference.def"
};

static const struct models {
	unsigned uarch;
	const char *vendor;
	unsigned family, first, last;
} models[] = {
#define MODELS(uarch, vendor, family, first, last) \
	{ UARCH_##uarch, vendor, family, first, last },
#include "list/anchor.def"
#define MODELS(uarch, vendor, family, first, last) \
	{ UARCH_##uarch, vendor, family, first, last },
#include "list/op_reference.def"
};

static const struct figure {
	unsigned uarch;
	const char *of;			/* a workload */
	unsigned least, most;		/* thousandths */
	const char *unit;
	bool judges;
} figures[] = {
#define PUBLISHED(uarch, anchor, millicycles, source) \
	{ UARCH_##uarch, #anchor, millicycles, millicycles, "core", true },
#include "list/anchor.def"
#define OP_REFERENCE(uarch, workload, least, most, unit, judges, source, what) \
	{ UARCH_##uarch, #workload, least, most, #unit, judges },
#include "list/op_reference.def"
};

/* Whose figures are an anchor's. */
static const struct { const char *workload, *anchor; } by_anchor[] = {
#define OP_ANCHOR(workload, anchor) { #workload, #anchor },
#include "list/op_reference.def"
};

/* How the names of CPUs begin that were never made: of those there is no figure. */
static const char *const invented[] = {
#define INVENTED(begins) begins,
#include "list/invented.def"
#undef INVENTED
};

#define N(list)	(sizeof(list) / sizeof((list)[0]))

static bool is_invented(const json_t *cpu)
{
	for (size_t i = 0; i < N(invented); i++)
		if (!strncmp(text_in(cpu, "name"), invented[i], strlen(invented[i])))
			return true;
	return false;
}

/* Is it a CPU of that microarchitecture? */
static bool is_of(const json_t *cpu, unsigned uarch)
{
	uint64_t family = number_in(cpu, "family"), model = number_in(cpu, "model");

	for (size_t i = 0; i < N(models); i++) {
		const struct models *m = &models[i];

		if (m->uarch == uarch && !strcmp(text_in(cpu, "vendor"), m->vendor)
		    && family == m->family && model >= m->first && model <= m->last)
			return true;
	}
	return false;
}

static const struct figure *figure_of(const json_t *cpu, const char *workload)
{
	for (size_t i = 0; i < N(figures) && !is_invented(cpu); i++)
		if (!strcmp(figures[i].of, workload) && is_of(cpu, figures[i].uarch))
			return &figures[i];
	return NULL;
}

/* What is on record of a workload for that CPU: its own figure before an anchor's. */
static const struct figure *on_record(const json_t *cpu, const char *workload)
{
	const struct figure *own = figure_of(cpu, workload);

	for (size_t i = 0; !own && i < N(by_anchor); i++)
		if (!strcmp(by_anchor[i].workload, workload))
			own = figure_of(cpu, by_anchor[i].anchor);
	return own;
}

/* ---- stated against computed */

static void say(struct checked *sum, const char *workload, const char *key,
		const char *stated, const char *want)
{
	char name[80];

	sum->wrong++;
	snprintf(name, sizeof(name), "ops, %s", workload);
	differences_add(&sum->differences, name, key, *stated ? stated : "missing", want);
}

static bool is_milli(const json_t *o, const char *key, unsigned milli)
{
	return fabs(json_number_value(json_object_get(o, key)) * 1000 - milli) < 0.5;
}

static bool is_unit(const json_t *o, const char *unit)
{
	return !strcmp(text_in(o, "unit"), strcmp(unit, "core") ? "TSC ticks" : "core cycles");
}

static bool is_that(const json_t *o, const struct figure *f)
{
	return is_milli(o, "least", f->least) && is_milli(o, "most", f->most)
		&& is_unit(o, f->unit)
		&& json_is_true(json_object_get(o, "judges")) == f->judges
		&& !strcmp(text_in(o, "of"), uarchs[f->uarch]);
}

static void check_figures(const json_t *cpu, const json_t *list, struct checked *sum)
{
	const json_t *o;
	size_t i;

	json_array_foreach((json_t *)list, i, o) {
		const char *workload = text_in(o, "workload");
		const struct figure *f = on_record(cpu, workload);
		char is[80], want[120] = "none for this CPU";

		sum->numbers++;
		if (f && is_that(o, f))
			continue;
		snprintf(is, sizeof(is), "%.3f to %.3f",
			 json_number_value(json_object_get(o, "least")),
			 json_number_value(json_object_get(o, "most")));
		if (f)
			snprintf(want, sizeof(want), "%.3f to %.3f %s%s of %s",
				 f->least / 1000.0, f->most / 1000.0, f->unit,
				 f->judges ? "" : ", judging nothing", uarchs[f->uarch]);
		say(sum, workload, "figure", is, want);
	}
}

/* As it is stated; NULL: none. */
static const json_t *stated_figure(const json_t *record, const char *workload)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(record, "figures"), i, o)
		if (!strcmp(text_in(o, "workload"), workload))
			return o;
	return NULL;
}

struct cost { bool known; double least, most; };

/* Is it the op's, on the first CPU?  Whatever was timed of it on others: the tool's "ops"
 * are of the first, as core's are. */
static bool is_ops(const struct report *r, const struct group *g, const char *workload)
{
	size_t n = strlen(workload);

	return !strncmp(g->name, workload, n) && g->name[n] == '/'
		&& number_in(g->json, "cpu") == number_in(r->group[0].json, "cpu");
}

/* "op/backend/layout/state", "@" and a CPU: how much like native, dense and warm? */
static unsigned likeness(const struct group *g)
{
	char backend[40] = "", layout[40] = "", state[40] = "";

	sscanf(g->name, "%*[^/]/%39[^/]/%39[^/]/%39[^/@]", backend, layout, state);
	return 4 * !strcmp(state, "warm") + 2 * !strcmp(backend, "native")
		+ !strcmp(layout, "dense");
}

/* The group that an op is told by; NULL: it has none. */
static const struct group *group_of(const struct report *r, const char *workload)
{
	const struct group *best = NULL;

	for (size_t i = 0; i < r->groups; i++)
		if (is_ops(r, &r->group[i], workload)
		    && (!best || likeness(&r->group[i]) > likeness(best)))
			best = &r->group[i];
	return best;
}

/* Its cost is told by that, if the group is warm. */
static const struct bench *native_of(const struct report *r, const char *workload)
{
	const struct group *g = group_of(r, workload);

	return g && likeness(g) >= 4 ? g->native : NULL;
}

/* Of one op in core cycles: the offsets' medians, by the cell's cycles in a tick. */
static struct cost cost_of(const struct bench *b)
{
	struct finding f;
	double cycles, scale = 1;

	if (!b)
		return (struct cost){ false, 0, 0 };
	f = find(b);
	cycles = json_object_get(b->json, "cycles_n")
		? json_number_value(json_object_get(b->json, "cycles")) : f.cycles;
	if (f.net.n && f.net.value > 0 && cycles > 0)
		scale = cycles / f.net.value;
	return (struct cost){ f.net.n, fmax(0, f.net.least * scale),
			      fmax(0, f.net.most * scale) };
}

/* Cycles of bare metal that exits are judged by; 0: none. */
static double metal_of(const json_t *figure)
{
	return json_is_true(json_object_get(figure, "judges"))
		? json_number_value(json_object_get(figure, "most")) : 0;
}

static bool is_slow(const struct cost *c, double metal, double by)
{
	return c->known && metal > 0 && c->least * by >= 2 * metal + EXIT_LEAST;
}

/* @by: how much of a cost; what is stated is rounded.  @hidden: what tells of a hypervisor,
 * though none is announced: the op that takes as long as an exit, or the CPU's name; or "". */
struct guest { bool hypervisor, judged; double by; const char *hidden; };

static const char *hidden_of(const struct report *r, double by)
{
	const json_t *record = json_object_get(r->json, "record"), *o;
	size_t i;

	json_array_foreach(json_object_get(r->json, "ops"), i, o) {
		const char *workload = text_in(o, "workload");
		double metal = metal_of(stated_figure(record, workload));
		struct cost c = metal > 0 ? cost_of(native_of(r, workload))
			: (struct cost){ false, 0, 0 };

		if (is_slow(&c, metal, by))
			return workload;
	}
	return "";
}

static struct guest guest_of(const struct report *r, double by)
{
	const json_t *cpu = json_object_get(json_object_get(r->json, "context"), "cpu");
	struct guest g = { *text_in(cpu, "hypervisor"),
			   !r->step && !json_object_get(cpu, "emulator"), by, "" };

	if (g.judged && !g.hypervisor)
		g.hidden = is_invented(cpu) ? "the CPU's name" : hidden_of(r, by);
	return g;
}

static enum word word_of(const struct cost *c, const json_t *figure, const struct guest *g)
{
	double metal = metal_of(figure);

	if (!c->known || !g->judged)
		return NOT_JUDGED;
	if (*g->hidden)
		return UNKNOWN;
	if (!g->hypervisor || c->most * g->by <= metal + EXIT_LEAST / 2)
		return NO;
	return is_slow(c, metal, g->by) ? YES : UNKNOWN;
}

static void check_cycles(const json_t *o, const char *key, bool known, double value,
			 struct checked *sum)
{
	const json_t *v = json_object_get(o, key);
	double stated = json_number_value(v);
	char is[40] = "", want[40] = "none";

	sum->numbers++;
	/* A thousandth, and what the scale is rounded by. */
	if (known ? json_is_number(v) && fabs(stated - value) <= 2e-3 + value * 1e-4 : !v)
		return;
	if (v)
		snprintf(is, sizeof(is), "%.3f", stated);
	if (known)
		snprintf(want, sizeof(want), "%.3f", value);
	say(sum, text_in(o, "workload"), key, is, want);
}

/* @g: by a little less, and by a little more. */
static enum word check_op(const struct report *r, const json_t *o, const struct guest g[2],
			  struct checked *sum)
{
	const json_t *record = json_object_get(r->json, "record");
	const char *workload = text_in(o, "workload"), *stated = text_in(o, "exits");
	struct cost c = r->step ? (struct cost){ false, 0, 0 }
		: cost_of(native_of(r, workload));
	const json_t *figure = stated_figure(record, workload);
	enum word less = word_of(&c, figure, &g[0]), more = word_of(&c, figure, &g[1]);

	check_cycles(o, "cycles_least", c.known, c.least, sum);
	check_cycles(o, "cycles_most", c.known, c.most, sum);
	sum->numbers++;
	if (strcmp(stated, words[less]) && strcmp(stated, words[more]))
		say(sum, workload, "exits", stated, words[less]);
	return strcmp(stated, words[more]) ? less : more;
}

static void check_hidden(const json_t *exits, const struct guest g[2], struct checked *sum)
{
	const char *stated = text_in(exits, "hidden");

	sum->numbers++;
	if (!strcmp(stated, g[0].hidden) || !strcmp(stated, g[1].hidden))
		return;
	sum->wrong++;
	differences_add(&sum->differences, "exits", "hidden", *stated ? stated : "missing",
			*g[0].hidden ? g[0].hidden : "none");
}

/* Is a time or a count of a cell stated, in whatever group? */
static bool is_timed(const struct report *r, const char *workload)
{
	for (size_t i = 0; i < r->benches; i++) {
		const struct bench *b = &r->bench[i];

		if (b->role == ROLE_CELL && b->timed && is_ops(r, b->group, workload)
		    && number_in(b->json, "n"))
			return true;
	}
	return false;
}

void check_ops(const struct report *r, struct checked *sum)
{
	json_t *ops = json_object_get(r->json, "ops");
	const json_t *record = json_object_get(r->json, "record"), *o;
	const json_t *exits = json_object_get(r->json, "exits");
	const json_t *cpu = json_object_get(json_object_get(r->json, "context"), "cpu");
	struct guest g[2] = { guest_of(r, 1 - 1e-4), guest_of(r, 1 + 1e-4) };
	uint64_t of[WORDS] = { 0 }, timed = 0, with = 0;
	size_t i;

	if (!ops)
		return;
	check_figures(cpu, json_object_get(record, "figures"), sum);
	json_array_foreach(ops, i, o) {
		const char *workload = text_in(o, "workload");

		of[check_op(r, o, g, sum)]++;
		timed += is_timed(r, workload);
		with += is_timed(r, workload) && stated_figure(record, workload);
	}
	check_hidden(exits, g, sum);
	for (unsigned w = 0; w < WORDS; w++)
		check_whole(sum, "exits", exits, words[w], of[w]);
	check_whole(sum, "record", record, "timed", timed);
	check_whole(sum, "record", record, "with_figure", with);
}

/* "98.830", "40.000-60.000", "over 1000.000", and of what it is not judged by, in brackets. */
static void figure_text(char *to, size_t room, const json_t *f)
{
	double least = json_number_value(json_object_get(f, "least"));
	const json_t *most = json_object_get(f, "most");
	bool judges = json_is_true(json_object_get(f, "judges"));

	if (!f)
		snprintf(to, room, "-");
	else if (!most)
		snprintf(to, room, "(over %.1f)", least);
	else if (least < json_number_value(most))
		snprintf(to, room, judges ? "%.1f-%.1f" : "(%.1f-%.1f)", least,
			 json_number_value(most));
	else
		snprintf(to, room, judges ? "%.1f" : "(%.1f)", least);
}

void print_ops(const struct report *r)
{
	json_t *ops = json_object_get(r->json, "ops");
	const json_t *record = json_object_get(r->json, "record"), *o;
	struct guest g = guest_of(r, 1);
	char cycles[60], figure[60];
	size_t i;

	if (!ops)
		return;
	printf("\n%-26s %21s %15s  %s\n", "op", "core cycles", "on record", "exits");
	json_array_foreach(ops, i, o) {
		const char *workload = text_in(o, "workload");
		const json_t *f = stated_figure(record, workload);
		struct cost c = cost_of(native_of(r, workload));

		snprintf(cycles, sizeof(cycles), c.known ? "%.1f..%.1f" : "-", c.least, c.most);
		figure_text(figure, sizeof(figure), f);
		printf("%-26s %21s %15s  %s%s%s\n", workload, cycles, figure,
		       words[word_of(&c, f, &g)],
		       *text_in(o, "left_out") ? ": " : "", text_in(o, "left_out"));
	}
	printf("of the first CPU; on record in brackets: it stands beside ours, and judges "
	       "nothing\n");
	if (*g.hidden)
		printf("no hypervisor is announced, yet %s tells of one: no op is judged\n",
		       g.hidden);
}
