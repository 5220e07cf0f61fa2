/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The plan: how many groups and cells, which, and in what company; and the small
 * rules that go with it.  Counts follow from the lists: a line more in one of
 * them is no change here.
 */
#include <stdlib.h>
#include <string.h>
#include "plan/plan.h"
#include "plan/table_ops.h"

/* run.h has a plan() too. */
#define plan tap_plan
#include "sets.h"
#include "tap.h"
#undef plan

#define ALL		UINT32_MAX
#define BIT(x)		(1u << (x))

static unsigned count_ops(unsigned ring)
{
	unsigned n = 0;

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++)
		n += workloads[w].kind == KIND_OP && workloads[w].ring >= ring;
	return n;
}

/* What "all" stands for: the table's ops are in run-table_ops.c. */
static unsigned count_all(void)
{
	unsigned n = 0;

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++)
		n += !workload_is_tables(&workloads[w]);
	return n;
}

static unsigned count_privileged(void)
{
	unsigned n = 0;

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++)
		n += workloads[w].ring < 3 && !workload_is_tables(&workloads[w]);
	return n;
}

/* Anchors, the chain, and nothing; all of them may run anywhere. */
static unsigned count_others(void)
{
	return count_all() - count_ops(0);
}

static unsigned filled_layouts(void)
{
	unsigned n = 0;

	for (unsigned l = 0; l < LAYOUT_COUNT; l++)
		n += layouts[l].filled;
	return n;
}

static struct set or_preset(uint32_t set, struct set preset)
{
	return set ? these(set) : preset;
}

/* Every name of each list, and what there is of them. */
#define EVERY(count)	((uint32_t)((1ull << (count)) - 1))
#define PADDINGS	EVERY(PADDING_poison)	/* the last, and not timed */

/* Cells of a configuration in a group of an op: native once, each other mode once
 * for each convention with sites, and once for each padding. */
static unsigned asked(const struct config *c)
{
	unsigned native = set_has(&c->conventions, CONVENTION_native);
	unsigned sites = (unsigned)set_size(&c->conventions) - native, n = 0;

	for (unsigned m = 0; m < MODE_COUNT; m++)
		if (m != MODE_native && set_has(&c->modes, m))
			n += sites * (modes[m].pads ? (unsigned)set_size(&c->paddings) : 1);
	return n + (native && set_has(&c->modes, MODE_native));
}

/* All that the sets name, of a workload; and of all that are asked for. */
static size_t combinations_of_one(const struct config *c)
{
	return set_size(&c->backends) * set_size(&c->conventions) * set_size(&c->modes)
		* set_size(&c->paddings) * set_size(&c->layouts) * set_size(&c->states);
}

static size_t combinations(const struct config *c)
{
	const struct config ops = config_of_ops(c);
	size_t n = 0;

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++)
		if (workload_is_asked(c, w))
			n += combinations_of_one(config_for(c, &ops, &workloads[w]));
	return n;
}

static size_t skipped(const struct plan *p)
{
	size_t n = 0;

	for (unsigned i = 0; i < SKIPPED_COUNT; i++)
		n += p->skipped[i];
	return n;
}

/* A plan in memory of exactly its size, for the sanitizer. */
struct planned {
	struct plan plan;
	struct group *group;
	struct result *result;
};

static struct planned make(const struct config *c, const struct platform *m)
{
	struct planned p = { .plan = plan(c, m, NULL, NULL) };
	struct plan again;

	p.group = calloc(p.plan.groups + 1, sizeof(*p.group));
	p.result = calloc(p.plan.cells + 1, sizeof(*p.result));
	again = plan(c, m, p.group, p.result);
	if (again.groups != p.plan.groups || again.cells != p.plan.cells
	    || memcmp(&again, &p.plan, sizeof(again)))
		p.plan.groups = p.plan.cells = SIZE_MAX;
	return p;
}

static void drop(struct planned *p)
{
	free(p->group);
	free(p->result);
}

/* A cell is of its group; its native one is the CPU's. */
static bool cell_right(const struct group *g, const struct cell *c)
{
	enum backend_id backend = c->mode == MODE_native ? BACKEND_native
		: g->backend;

	return c->layout == g->layout && c->state == g->state
		&& c->workload == g->workload && c->backend == backend
		&& (c->convention == CONVENTION_native) == (c->mode == MODE_native)
		&& (c->padding == PADDING_long || modes[c->mode].pads);
}

/* The twin is a cell that is native, but where that is a call and there is an indirect one;
 * else indirect, of ccall if there is that, else of the first convention. */
static bool twin_right(const struct group *g, const struct result *r,
		       const struct cell *twin)
{
	const struct table_op *op = table_op_of(&workloads[g->workload]);
	struct cell first = *twin;
	bool ccall = false, native = false, indirect = false;

	first.role = ROLE_cell;
	for (unsigned i = 0; i < g->count; i++) {
		const struct cell *c = &r[g->first + i].cell;

		native |= c->role == ROLE_cell && c->mode == MODE_native;
		indirect |= c->role == ROLE_cell && c->mode == MODE_indirect;
		ccall |= c->mode == MODE_indirect && c->role == ROLE_cell
			&& c->convention == CONVENTION_ccall;
	}
	native &= !indirect || !op || !op_calls_native(op);
	if (!native && ccall && twin->convention != CONVENTION_ccall)
		return false;
	for (unsigned i = 0; i < g->count; i++) {
		const struct cell *c = &r[g->first + i].cell;

		if ((native && c->mode == MODE_native) || (c->mode == MODE_indirect
		    && (native || !ccall || c->convention == CONVENTION_ccall)))
			return !memcmp(c, &first, sizeof(first));
	}
	return false;
}

/* Of a group: the cells asked for, then twin, filler, chain as they apply. */
static bool company_right(const struct group *g, const struct result *r)
{
	unsigned n[ROLE_COUNT] = { 0 }, references = 0;
	bool good = true;

	for (unsigned i = 0; i < g->count; i++) {
		const struct cell *c = &r[g->first + i].cell;

		n[c->role]++;
		if (c->role == ROLE_chain)
			good &= c->layout == LAYOUT_dense
				&& c->state == STATE_warm
				&& workloads[c->workload].kind == KIND_CHAIN;
		else if (c->role == ROLE_empty)
			good &= c->layout == g->layout && c->state == g->state
				&& workloads[c->workload].kind == KIND_EMPTY;
		else
			good &= cell_right(g, c);
		if (c->role == ROLE_twin)
			good &= twin_right(g, r, c);
		references += c->role == ROLE_cell
			&& (c->mode == MODE_native || c->mode == MODE_indirect);
	}
	return good && n[ROLE_cell] && n[ROLE_twin] == (references > 0)
		&& n[ROLE_empty] == layouts[g->layout].filled
		&& n[ROLE_chain] == 1 && g->count <= GROUP_MAX;
}

static bool same_group(const struct group *a, const struct group *b)
{
	return a->workload == b->workload && a->backend == b->backend
		&& a->layout == b->layout && a->state == b->state;
}

/* One after the other, no workload, backend, layout and state twice, each in
 * company; and no combination is forgotten. */
static bool groups_right(const struct planned *p, const struct config *c)
{
	size_t at = 0;

	for (size_t i = 0; i < p->plan.groups; i++) {
		const struct group *g = &p->group[i];

		for (size_t k = 0; k < i; k++)
			if (same_group(&p->group[k], g))
				return false;
		if (g->first != at || !company_right(g, p->result))
			return false;
		at += g->count;
	}
	return at == p->plan.cells
		&& p->plan.asked + skipped(&p->plan) == combinations(c);
}

/* What is no op is timed dense and warm alone. */
static bool others_dense_warm(const struct planned *p)
{
	for (size_t i = 0; i < p->plan.groups; i++) {
		const struct group *g = &p->group[i];

		if (workloads[g->workload].kind != KIND_OP
		    && (g->layout != LAYOUT_dense || g->state != STATE_warm))
			return false;
	}
	return true;
}

/* Those of table.def alone: one group each, of 3 cells, a twin and the chain; of an
 * instruction one cell. */
static struct planned_size { size_t groups, cells; } of_table(unsigned ring)
{
	struct planned_size n = { 0, 0 };

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
		if (!workload_is_tables(&workloads[w]) || workloads[w].ring < ring
		    || table_op_of(&workloads[w])->hazard == HAZARD_dangerous)
			continue;
		n.groups++;
		n.cells += workloads[w].kind == KIND_TABLE ? 5 : 3;
	}
	return n;
}

static unsigned count_privileged_of_table(void)
{
	unsigned n = 0;

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++)
		n += workload_is_tables(&workloads[w]) && workloads[w].ring < 3;
	return n;
}

/* Cells of an op in so many groups, so many of them filled. */
static size_t op_cells(const struct config *c, unsigned groups, unsigned filled)
{
	return groups * (asked(c) + 2) + filled;
}

static const char *lend(void *ctx, const struct table_op *op, struct work *w)
{
	(void)ctx, (void)op, (void)w;
	return NULL;
}

static void test_counts(enum plan_id id, unsigned ring, bool emulated,
			const char *what)
{
	struct platform m = { .features = { UINT64_MAX }, .ring = ring, .emulated = emulated,
			      .lend = lend };
	/* Warm in every layout; cold states in one, in all, or in none. */
	unsigned cold = id == PLAN_FULL ? LAYOUT_COUNT : emulated ? 0 : 1;
	unsigned cold_filled = id == PLAN_FULL ? filled_layouts() : cold;
	unsigned groups = LAYOUT_COUNT + (STATE_COUNT - 1) * cold;
	unsigned filled = filled_layouts() + (STATE_COUNT - 1) * cold_filled;
	unsigned ops = count_ops(ring), others = count_others();
	struct planned_size table = id == PLAN_FULL ? of_table(ring)
		: (struct planned_size){ 0, 0 };
	unsigned privileged = count_privileged()
		+ (id == PLAN_FULL ? count_privileged_of_table() : 0);
	struct config c;
	struct planned p;

	config_preset(&c);
	c.plan = id;
	p = make(&c, &m);
	ok(p.plan.groups == ops * groups + others + table.groups
	   && p.plan.cells == ops * op_cells(&c, groups, filled) + others * 3 + table.cells
	   && p.plan.privileged == (ring ? privileged : 0),
	   "%s: %zu groups, %zu cells, %u workloads privileged", what,
	   p.plan.groups, p.plan.cells, p.plan.privileged);
	ok(groups_right(&p, &c), "%s: each group in its company", what);
	ok(others_dense_warm(&p), "%s: anchors dense and warm", what);
	drop(&p);
}

/* Cold states where there is no plan full: in layout line. */
static void test_cold(void)
{
	struct platform m = { .features = { UINT64_MAX }, .ring = 0 };
	struct config c;
	struct planned p;
	unsigned cold = 0, elsewhere = 0;

	config_preset(&c);
	p = make(&c, &m);
	for (size_t i = 0; i < p.plan.groups; i++) {
		cold += p.group[i].state != STATE_warm;
		elsewhere += p.group[i].state != STATE_warm
			&& p.group[i].layout != LAYOUT_line;
	}
	ok(cold == count_ops(0) * (STATE_COUNT - 1) && !elsewhere,
	   "default: cold states in line alone");
	drop(&p);
}

/* Sets, of one op and within the presets: what they leave. */
static const struct set_case {
	const char *what;
	uint32_t conventions, modes, layouts, states;
	size_t groups, cells;
} sets[] = {
	{ "dense and warm", ALL, ALL, BIT(LAYOUT_dense), BIT(STATE_warm), 1, 7 },
	{ "line and warm", ALL, ALL, BIT(LAYOUT_line), BIT(STATE_warm), 1, 8 },
	{ "line", ALL, ALL, BIT(LAYOUT_line), ALL, 3, 24 },
	{ "dense, but cold", ALL, ALL, BIT(LAYOUT_dense), BIT(STATE_cold_code), 0, 0 },
	{ "one convention with sites, without native", BIT(CONVENTION_ccall), ALL,
	  BIT(LAYOUT_dense), ALL, 1, 4 },
	{ "native convention alone", BIT(CONVENTION_native), ALL,
	  BIT(LAYOUT_dense), ALL, 1, 3 },
	{ "without mode native", ALL, ALL & ~BIT(MODE_native), BIT(LAYOUT_dense),
	  ALL, 1, 6 },
	{ "mode inline alone", ALL, BIT(MODE_inline), BIT(LAYOUT_dense), ALL, 1, 3 },
	{ "native convention, mode inline", BIT(CONVENTION_native),
	  BIT(MODE_inline), ALL, ALL, 0, 0 },
	{ "conventions with sites, mode native", ALL & ~BIT(CONVENTION_native),
	  BIT(MODE_native), ALL, ALL, 0, 0 },
	{ "no layout", ALL, ALL, 0, ALL, 0, 0 },
	{ "no state", ALL, ALL, ALL, 0, 0, 0 },
};

static void test_sets(void)
{
	struct platform m = { .features = { UINT64_MAX }, .ring = 0 };

	for (unsigned i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		const struct set_case *s = &sets[i];
		struct config c;
		struct planned p;

		config_preset(&c);
		c.workloads = these(BIT(WORKLOAD_cli_sti));
		c.conventions.bits[0] &= s->conventions;
		c.modes.bits[0] &= s->modes;
		c.layouts.bits[0] &= s->layouts;
		c.states.bits[0] &= s->states;
		p = make(&c, &m);
		ok(p.plan.groups == s->groups && p.plan.cells == s->cells
		   && groups_right(&p, &c),
		   "%s: %zu groups, %zu cells", s->what, s->groups, s->cells);
		drop(&p);
	}
}

/* An anchor has no sites: it needs convention and mode native. */
static void test_anchor_sets(void)
{
	static const struct {
		uint32_t conventions, modes, layouts, states;
		size_t cells;
	} cases[] = {
		{ ALL, ALL, ALL, ALL, 3 },
		{ ALL, ALL, BIT(LAYOUT_line), BIT(STATE_cold_code), 3 },
		{ ALL & ~BIT(CONVENTION_native), ALL, ALL, ALL, 0 },
		{ ALL, ALL & ~BIT(MODE_native), ALL, ALL, 0 },
	};
	struct platform m = { .features = { UINT64_MAX }, .ring = 3 };

	for (unsigned i = 0; i < 4; i++) {
		struct config c;
		struct planned p;

		config_preset(&c);
		c.plan = PLAN_FULL;
		c.workloads = these(BIT(WORKLOAD_lfence));
		c.conventions.bits[0] &= cases[i].conventions;
		c.modes.bits[0] &= cases[i].modes;
		c.layouts.bits[0] &= cases[i].layouts;
		c.states.bits[0] &= cases[i].states;
		p = make(&c, &m);
		ok(p.plan.cells == cases[i].cells
		   && p.plan.groups == !!cases[i].cells
		   && groups_right(&p, &c) && others_dense_warm(&p),
		   "an anchor, case %u: %zu cells", i, cases[i].cells);
		drop(&p);
	}
}

/* Every combination of these is planned or counted, whatever the machine. */
static const struct many_case {
	const char *what;
	uint32_t backends, conventions, modes, paddings;
	unsigned ring;
	enum isa isa;
	enum plan_id plan;
	bool emulated;
} manies[] = {
	{ "all backends", EVERY(BACKEND_COUNT), 0, 0, 0, 0, ISA_X86_64, 0, false },
	{ "all backends on ia32", EVERY(BACKEND_COUNT), 0, 0, 0, 0, ISA_IA32, 0, false },
	{ "all backends in ring 3", EVERY(BACKEND_COUNT), 0, 0, 0, 3, ISA_X86_64, 0, false },
	{ "xen in ring 3", BIT(BACKEND_xen), 0, 0, 0, 3, ISA_X86_64, PLAN_FULL, false },
	{ "all conventions and modes", BIT(BACKEND_native), EVERY(CONVENTION_COUNT),
	  EVERY(MODE_COUNT), 0, 0, ISA_X86_64, 0, false },
	{ "the same in ring 3", BIT(BACKEND_native), EVERY(CONVENTION_COUNT),
	  EVERY(MODE_COUNT), 0, 3, ISA_X86_64, 0, false },
	{ "all paddings", BIT(BACKEND_native), 0, 0, PADDINGS, 0, ISA_X86_64, 0, false },
	{ "two paddings, not the first", BIT(BACKEND_xen), 0, EVERY(MODE_COUNT),
	  BIT(PADDING_prefix) | BIT(PADDING_jump), 0, ISA_IA32, PLAN_FULL, false },
	{ "all backends, emulated", EVERY(BACKEND_COUNT), 0, 0, PADDINGS, 0, ISA_X86_64,
	  0, true },
	{ "without native", EVERY(BACKEND_COUNT), EVERY(CONVENTION_COUNT) & ~BIT(CONVENTION_native),
	  BIT(MODE_indirect) | BIT(MODE_direct), 0, 0, ISA_X86_64, 0, false },
};

static void test_many(void)
{
	for (unsigned i = 0; i < sizeof(manies) / sizeof(manies[0]); i++) {
		const struct many_case *s = &manies[i];
		struct platform m = { .features = { UINT64_MAX }, .ring = s->ring, .isa = s->isa,
				     .emulated = s->emulated };
		struct config c;
		struct planned p;

		config_preset(&c);
		c.plan = s->plan;
		c.backends = these(s->backends);
		c.conventions = or_preset(s->conventions, c.conventions);
		c.modes = or_preset(s->modes, c.modes);
		c.paddings = or_preset(s->paddings, c.paddings);
		p = make(&c, &m);
		ok(p.plan.groups && groups_right(&p, &c) && others_dense_warm(&p),
		   "%s: %zu cells planned, %zu left out, of %zu", s->what,
		   p.plan.asked, skipped(&p.plan), combinations(&c));
		drop(&p);
	}
}

/* Of one op, dense and warm, in one group for each backend: its cells, and why
 * others are not there. */
static const struct why_case {
	const char *what;
	uint32_t workload, backends, conventions, modes, paddings;
	unsigned ring;
	enum isa isa;
	size_t groups, asked;
	enum skipped why;
	size_t skipped;
} whys[] = {
	{ "three backends", WORKLOAD_cli_sti, BIT(BACKEND_native) | BIT(BACKEND_xen)
	  | BIT(BACKEND_trace), BIT(CONVENTION_native) | BIT(CONVENTION_ccall),
	  BIT(MODE_native) | BIT(MODE_inline), BIT(PADDING_long), 0, ISA_X86_64,
	  3, 6, SKIPPED_apart, 6 },
	{ "x86-64's alone, there", WORKLOAD_cli_sti, BIT(BACKEND_pvm) | BIT(BACKEND_vsmp),
	  BIT(CONVENTION_ccall), BIT(MODE_indirect), BIT(PADDING_long), 0,
	  ISA_X86_64, 2, 2, SKIPPED_isa, 0 },
	{ "x86-64's alone, on ia32", WORKLOAD_cli_sti, BIT(BACKEND_pvm)
	  | BIT(BACKEND_vsmp) | BIT(BACKEND_xen), BIT(CONVENTION_ccall),
	  BIT(MODE_indirect), BIT(PADDING_long), 0, ISA_IA32, 1, 1, SKIPPED_isa, 2 },
	{ "xen lifts CLI to ring 3, its native cell not", WORKLOAD_cli_sti,
	  BIT(BACKEND_native) | BIT(BACKEND_xen) | BIT(BACKEND_kvm),
	  BIT(CONVENTION_native) | BIT(CONVENTION_ccall) | BIT(CONVENTION_seed),
	  BIT(MODE_native) | BIT(MODE_indirect) | BIT(MODE_inline),
	  BIT(PADDING_long), 3, ISA_X86_64, 1, 4, SKIPPED_privileged, 11 },
	{ "what may run in ring 3 anyway", WORKLOAD_save_fl,
	  BIT(BACKEND_native) | BIT(BACKEND_xen) | BIT(BACKEND_kvm),
	  BIT(CONVENTION_native) | BIT(CONVENTION_ccall) | BIT(CONVENTION_seed),
	  BIT(MODE_native) | BIT(MODE_indirect) | BIT(MODE_inline),
	  BIT(PADDING_long), 3, ISA_X86_64, 3, 15, SKIPPED_privileged, 0 },
	{ "a mode that executes STI, in ring 3", WORKLOAD_restore_fl,
	  BIT(BACKEND_native) | BIT(BACKEND_xen), BIT(CONVENTION_ccall),
	  BIT(MODE_indirect) | BIT(MODE_test_sti), BIT(PADDING_long), 3, ISA_X86_64,
	  2, 3, SKIPPED_privileged, 1 },
	{ "paddings, where there is something to fill", WORKLOAD_cli_sti,
	  BIT(BACKEND_native), BIT(CONVENTION_native) | BIT(CONVENTION_ccall),
	  BIT(MODE_native) | BIT(MODE_indirect) | BIT(MODE_inline) | BIT(MODE_key_jmp),
	  PADDINGS, 0, ISA_X86_64, 1, 1 + 1 + 4 + 1, SKIPPED_full, 9 },
	{ "padding jump alone: the others are as built", WORKLOAD_cli_sti,
	  BIT(BACKEND_native), BIT(CONVENTION_ccall),
	  BIT(MODE_indirect) | BIT(MODE_inline), BIT(PADDING_jump), 0, ISA_X86_64,
	  1, 2, SKIPPED_full, 0 },
	{ "an anchor under three backends", WORKLOAD_lfence, BIT(BACKEND_xen)
	  | BIT(BACKEND_pvm) | BIT(BACKEND_kvm), BIT(CONVENTION_native)
	  | BIT(CONVENTION_ccall), BIT(MODE_native) | BIT(MODE_indirect),
	  BIT(PADDING_long), 3, ISA_IA32, 1, 1, SKIPPED_once, 1 + 2 * 4 },
};

static void test_why(void)
{
	for (unsigned i = 0; i < sizeof(whys) / sizeof(whys[0]); i++) {
		const struct why_case *s = &whys[i];
		struct platform m = { .features = { UINT64_MAX }, .ring = s->ring, .isa = s->isa };
		struct config c;
		struct planned p;

		config_preset(&c);
		c.workloads = these(1u << s->workload);
		c.layouts = these(BIT(LAYOUT_dense));
		c.states = these(BIT(STATE_warm));
		c.backends = these(s->backends);
		c.conventions = these(s->conventions);
		c.modes = these(s->modes);
		c.paddings = these(s->paddings);
		p = make(&c, &m);
		ok(p.plan.groups == s->groups && p.plan.asked == s->asked
		   && p.plan.skipped[s->why] == s->skipped && groups_right(&p, &c),
		   "%s: %zu groups, %zu cells asked for; %zu left out: %s",
		   s->what, p.plan.groups, p.plan.asked, p.plan.skipped[s->why],
		   skipped_names[s->why]);
		drop(&p);
	}
}

/* A group of all there is: more than are timed side by side. */
static void test_crowded(void)
{
	struct platform m = { .features = { UINT64_MAX }, .isa = ISA_X86_64 };
	struct config c;
	struct planned p;

	config_preset(&c);
	c.conventions = these(EVERY(CONVENTION_COUNT));
	c.modes = these(EVERY(MODE_COUNT));
	c.paddings = these(PADDINGS);
	p = make(&c, &m);
	ok(!p.plan.groups && !p.plan.cells && p.plan.largest > GROUP_MAX
	   && p.plan.skipped[SKIPPED_crowded]
	   && skipped(&p.plan) == combinations(&c), "a group of %u cells: no plan",
	   p.plan.largest);
	ok(plan_refused(&p.plan) && strstr(plan_refused(&p.plan), "more than 128 cells")
	   && strstr(plan_refused(&p.plan), "fewer conventions, modes or paddings")
	   && !strchr(plan_refused(&p.plan), '\n'), "which is said, with the mend");
	drop(&p);
	c.paddings = these(BIT(PADDING_long));
	p = make(&c, &m);
	ok(p.plan.cells && p.plan.largest == asked(&c) + 3 && !plan_refused(&p.plan),
	   "without paddings: %u cells", p.plan.largest);
	drop(&p);
}

/* What is left out, in words. */
static const struct note_case {
	const char *what;
	uint32_t workloads, backends, modes;
	unsigned ring;
	enum isa isa;
	bool emulated;
	uint32_t layouts;
	const char *note;		/* NULL: none */
} notes[] = {
	{ "the preset", 0, 0, 0, 0, ISA_X86_64, false, 0, NULL },
	{ "all backends on x86-64", 0, EVERY(BACKEND_COUNT), 0, 0, ISA_X86_64, false, 0,
	  NULL },
	{ "all backends on ia32", 0, EVERY(BACKEND_COUNT), 0, 0, ISA_IA32, false, 0,
	  "Left out: pvm, vsmp: this architecture does not have them." },
	{ "ring 3", BIT(WORKLOAD_cli_sti) | BIT(WORKLOAD_irq_enable) | BIT(WORKLOAD_save_fl),
	  0, 0, 3, ISA_X86_64, false, 0,
	  "Left out: irq_enable, cli_sti: this ring may not run them." },
	{ "ring 3, with backends that may", BIT(WORKLOAD_cli_sti),
	  BIT(BACKEND_native) | BIT(BACKEND_xen) | BIT(BACKEND_pvm), 0, 3, ISA_IA32,
	  false, 0, "Left out: pvm: this architecture does not have them. Left out: "
	  "cli_sti: this ring may not run them (under xen: their native cells alone)." },
	{ "ring 3, a mode", BIT(WORKLOAD_restore_fl), 0, EVERY(MODE_COUNT), 3, ISA_X86_64,
	  false, 0, "Left out: test_sti: this ring may not run its STI." },
	{ "ring 3, a mode and backends that may", BIT(WORKLOAD_restore_fl),
	  BIT(BACKEND_native) | BIT(BACKEND_xen), EVERY(MODE_COUNT), 3, ISA_X86_64,
	  false, 0, "Left out: test_sti: this ring may not run its STI "
	  "(under xen: nothing is left out)." },
	{ "an emulator", 0, 0, 0, 0, ISA_X86_64, true, 0,
	  "Cold states are left out: an emulator has none (plan = full times them)." },
	{ "no line", 0, 0, 0, 0, ISA_X86_64, false, BIT(LAYOUT_dense),
	  "Cold states are left out: plan default has them in layout line (full: in all)." },
};

static void test_notes(void)
{
	for (unsigned i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		const struct note_case *s = &notes[i];
		struct platform m = { .features = { UINT64_MAX }, .ring = s->ring, .isa = s->isa,
				     .emulated = s->emulated };
		char note[PLAN_NOTE_ROOM];
		const char *said;
		struct config c;
		struct plan p;

		config_preset(&c);
		c.workloads = or_preset(s->workloads, c.workloads);
		c.backends = or_preset(s->backends, c.backends);
		c.modes = or_preset(s->modes, c.modes);
		c.layouts = or_preset(s->layouts, c.layouts);
		p = plan(&c, &m, NULL, NULL);
		said = plan_note(&c, &p, note, sizeof(note));
		if (!ok(s->note ? said && !strcmp(said, s->note) : !said,
			"%s: what is left out is said", s->what))
			diag("%s", said ? said : "nothing");
	}
}

/* A CPU without MSRs: per-CPU data are out of reach on x86-64 alone. */
static void test_lacking(void)
{
	static const struct {
		enum isa isa;
		uint32_t lacking;
		const char *note;
	} cases[] = {
		{ ISA_X86_64, BIT(BACKEND_xen_smp) | BIT(BACKEND_xen) | BIT(BACKEND_pvm),
		  "Left out: xen_smp: this CPU lacks msr. Left out: xen: this CPU lacks "
		  "msr. Left out: pvm: this CPU lacks msr." },
		{ ISA_IA32, 0, "Left out: pvm, vsmp: this architecture does not have them." },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct platform m = { .features = { UINT64_MAX & ~(1ull << FEATURE_msr) },
				     .isa = cases[i].isa };
		char note[PLAN_NOTE_ROOM];
		const char *said;
		struct config c;
		struct plan p;

		config_preset(&c);
		c.backends = these(EVERY(BACKEND_COUNT));
		p = plan(&c, &m, NULL, NULL);
		said = plan_note(&c, &p, note, sizeof(note));
		ok(p.lacking.bits[0] == cases[i].lacking
		   && !p.skipped[SKIPPED_feature] == !cases[i].lacking
		   && said && !strcmp(said, cases[i].note),
		   "no msr, isa %u: %s", cases[i].isa, said ? said : "nothing is said");
	}
}

/* The longest of all notes, in memory of its size. */
static void test_longest_note(void)
{
	struct platform m = { .features = { UINT64_MAX }, .ring = 3, .isa = ISA_IA32 };
	char *note = malloc(PLAN_NOTE_ROOM);
	bool good = true;
	struct config c;
	struct plan p;

	config_preset(&c);
	c.backends = these(EVERY(BACKEND_COUNT));
	c.modes = these(EVERY(MODE_COUNT));
	c.layouts = these(BIT(LAYOUT_dense));
	p = plan(&c, &m, NULL, NULL);
	plan_note(&c, &p, note, PLAN_NOTE_ROOM);
	ok(!strcmp(note + strlen(note) - strlen("(full: in all)."), "(full: in all)."),
	   "the longest note has %zu bytes", strlen(note));
	memset(note, 0, PLAN_NOTE_ROOM);
	m.features = (struct features){ 0 };
	p = plan(&c, &m, NULL, NULL);
	plan_note(&c, &p, note, PLAN_NOTE_ROOM);
	ok(!strcmp(note + strlen(note) - strlen("(full: in all)."), "(full: in all)."),
	   "and with what a CPU lacks %zu", strlen(note));
	for (size_t room = 40; room <= strlen(note) && good; room++) {
		char *less = malloc(room);

		plan_note(&c, &p, less, room);
		good = strlen(less) < room && !strcmp(less + strlen(less) - 3, "...");
		free(less);
	}
	ok(good, "what has no room ends in a mark");
	free(note);
}

/* Why there is no cell at all: the preset, but for what is named here. */
static const struct refused_case {
	const char *what;
	uint32_t workloads, backends, conventions, modes, layouts, states;
	unsigned ring;
	enum isa isa;
	bool emulated;
	const char *why;
} refusals[] = {
	{ "a workload of ring 0", BIT(WORKLOAD_cli_sti), 0, 0, 0, 0, 0, 3, ISA_X86_64,
	  false, "this ring may run none of these workloads" },
	{ "a mode of ring 0", BIT(WORKLOAD_restore_fl), 0, 0, BIT(MODE_test_sti), 0, 0,
	  3, ISA_X86_64, false,
	  "this ring may not run the STI of these modes: ask for others" },
	{ "both", BIT(WORKLOAD_restore_fl) | BIT(WORKLOAD_cli_sti), 0, 0,
	  BIT(MODE_test_sti), 0, 0, 3, ISA_X86_64, false,
	  "this ring may run none of these workloads in these modes" },
	{ "an anchor in a mode of ops", BIT(WORKLOAD_lfence), 0, 0, BIT(MODE_inline),
	  0, 0, 0, ISA_X86_64, false, "what is no op is timed in mode and convention "
	  "native alone; the other modes go with the other conventions" },
	{ "mode native, another convention", BIT(WORKLOAD_save_fl), 0,
	  BIT(CONVENTION_ccall), BIT(MODE_native), 0, 0, 0, ISA_X86_64, false,
	  "mode native goes with convention native, the other modes with the other "
	  "conventions" },
	{ "so with a backend that is not there", BIT(WORKLOAD_save_fl),
	  BIT(BACKEND_native) | BIT(BACKEND_pvm), BIT(CONVENTION_ccall),
	  BIT(MODE_native), 0, 0, 0, ISA_IA32, false,
	  "mode native goes with convention native, the other modes with the other "
	  "conventions" },
	{ "a backend that is not there", BIT(WORKLOAD_save_fl), BIT(BACKEND_pvm), 0, 0,
	  0, 0, 0, ISA_IA32, false, "this architecture has none of these backends" },
	{ "cold, in an emulator", BIT(WORKLOAD_save_fl), 0, 0, 0, BIT(LAYOUT_line),
	  BIT(STATE_cold_code), 0, ISA_X86_64, true,
	  "an emulator has no cold states: say plan = full" },
	{ "cold, not in a line", BIT(WORKLOAD_save_fl), 0, 0, 0, BIT(LAYOUT_dense),
	  BIT(STATE_cold_code), 0, ISA_X86_64, false,
	  "plan default has cold states in layout line alone: say plan = full" },
};

static void test_refusals(void)
{
	for (unsigned i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refused_case *s = &refusals[i];
		struct platform m = { .features = { UINT64_MAX }, .ring = s->ring,
				     .isa = s->isa, .emulated = s->emulated };
		const char *why;
		struct config c;
		struct plan p;

		config_preset(&c);
		c.workloads = or_preset(s->workloads, c.workloads);
		c.backends = or_preset(s->backends, c.backends);
		c.conventions = or_preset(s->conventions, c.conventions);
		c.modes = or_preset(s->modes, c.modes);
		c.layouts = or_preset(s->layouts, c.layouts);
		c.states = or_preset(s->states, c.states);
		p = plan(&c, &m, NULL, NULL);
		why = plan_refused(&p);
		if (!ok(why && !strcmp(why, s->why), "%s: why there is no plan", s->what))
			diag("%s", why ? why : "there is one");
	}
}

static void test_nothing(void)
{
	struct platform m = { .features = { UINT64_MAX }, .ring = 0 };
	struct config c;
	struct plan p;

	config_preset(&c);
	c.workloads = these(0);
	p = plan(&c, &m, NULL, NULL);
	ok(!p.groups && !p.cells && !p.privileged, "no workload: nothing");
	c.workloads = these(BIT(WORKLOAD_cli_sti) | BIT(WORKLOAD_irq_enable));
	m.ring = 3;
	p = plan(&c, &m, NULL, NULL);
	ok(!p.groups && !p.cells && p.privileged == 2,
	   "privileged ones in ring 3: nothing, and how many");
	ok(plan_refused(&p) && strstr(plan_refused(&p), "may run none"),
	   "and that is said");
	c.backends = these(BIT(BACKEND_xen) | BIT(BACKEND_native));
	p = plan(&c, &m, NULL, NULL);
	ok(p.cells && !p.privileged && !plan_refused(&p),
	   "but for those that a backend lifts");
	c.backends = these(BIT(BACKEND_pvm));
	p = plan(&c, &m, NULL, NULL);
	ok(!p.cells && strstr(plan_refused(&p), "this architecture has none of these backends"),
	   "backends of another architecture: nothing, and that is said");
}

static void test_batches(void)
{
	static const struct {
		uint32_t batches;
		enum plan_id plan;
		uint32_t warm, cold;
	} cases[] = {
		{ 0, PLAN_DEFAULT, 13, 4 }, { 0, PLAN_FULL, 200, 50 },
		{ 1, PLAN_DEFAULT, 1, 1 }, { 3, PLAN_FULL, 3, 1 },
		{ 4, PLAN_FULL, 4, 1 }, { 5, PLAN_DEFAULT, 5, 2 },
		{ 1000, PLAN_DEFAULT, 1000, 250 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config c = { .batches = cases[i].batches,
				    .plan = cases[i].plan };

		ok(plan_batches(&c) == cases[i].warm
		   && state_batches(&c, STATE_warm) == cases[i].warm
		   && state_batches(&c, STATE_cold_branch) == cases[i].cold
		   && state_batches(&c, STATE_cold_code) == cases[i].cold,
		   "batches = %u, plan %u: %u warm, %u cold", cases[i].batches,
		   cases[i].plan, cases[i].warm, cases[i].cold);
	}
}

static void test_pass_ticks(void)
{
	static const struct {
		uint32_t asked;
		uint64_t step;
		bool emulated;
		uint32_t want;
		uint32_t budget_s;
		uint64_t quiet_ticks;
	} cases[] = {
		{ 0, 0, false, 4000, 0, 0 }, { 0, 1, false, 4000, 0, 0 },
		{ 0, 4, false, 4000, 0, 0 }, { 0, 5, false, 5000, 0, 0 },
		{ 0, 26, false, 26000, 0, 0 }, { 0, 32, false, 32000, 0, 0 },
		{ 0, 33, false, 32000, 0, 0 }, { 0, 31999, false, 32000, 0, 0 },
		{ 0, 32000, false, 32000, 0, 0 }, { 0, UINT64_MAX, false, 32000, 0, 0 },
		{ 0, 26, true, 4000, 0, 0 }, { 0, 0, true, 4000, 0, 0 },
		{ 1, 26, false, 1, 0, 0 }, { 77, 26, true, 77, 0, 0 },
		{ 100000, 1, false, 100000, 0, 0 },
		{ 0, 0, false, 4000, 60, 39000000 }, { 0, 1, false, 4000, 60, 39000000 },
		{ 0, 26, false, 104000, 60, 39000000 }, { 0, 33, false, 128000, 60, 39000000 },
		{ 0, UINT64_MAX, false, 128000, 60, UINT64_MAX },
		{ 0, 26, true, 4000, 60, 39000000 }, { 7, 26, false, 7, 60, 39000000 },
		/* A window at 1 GHz has room for 58593 ticks of all 256 timings. */
		{ 0, 26, false, 58593, 60, 15000000 }, { 0, 26, false, 32000, 60, 0 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config c = { .pass_ticks = cases[i].asked,
				    .budget_s = cases[i].budget_s };
		const struct platform m = { .emulated = cases[i].emulated,
					    .quiet_ticks = cases[i].quiet_ticks };

		c.from[CONFIG_budget_s].from = FROM_FILE;
		ok(run_pass_ticks(&c, &m, cases[i].step) == cases[i].want,
		   "budget %u, asked %u, step %llu%s: %u ticks", cases[i].budget_s,
		   cases[i].asked, (unsigned long long)cases[i].step,
		   cases[i].emulated ? ", emulated" : "", cases[i].want);
	}
}

/* All offsets lie in one line, on steps of 4 bytes, and are different. */
static void test_offset_step(void)
{
	static const unsigned want[OFFSETS_MAX + 1] = {
		0, 64, 32, 20, 16, 12, 8, 8, 8, 4, 4, 4, 4, 4, 4, 4, 4,
	};

	for (uint32_t n = 1; n <= OFFSETS_MAX; n++) {
		unsigned step = offset_step(n);

		ok(step == want[n] && (n - 1) * step < LINE_BYTES,
		   "%u offsets: every %u bytes", n, want[n]);
	}
}

static uint64_t no_cycles(void)
{
	return 0;
}

/* One series a cell, two where cycles are counted. */
static void test_memory(void)
{
	struct platform m = { .cycles = NULL };
	struct config c = { .offsets = 3, .batches = 7 };
	struct plan p = { .cells = 11 };

	ok(run_batches(&c, &p, &m) == 11 * 3 * 7, "batches of 11 cells");
	m.cycles = no_cycles;
	ok(run_batches(&c, &p, &m) == 2 * 11 * 3 * 7, "and their cycles");
	ok(run_scratch(&c, &p, &m) >= 3 * 3 * 7 + 3,
	   "scratch for three lists and the blocks");
	p.cells = 100000;
	ok(run_scratch(&c, &p, &m) >= p.cells, "and a word a cell");
}

int main(void)
{
	test_counts(PLAN_DEFAULT, 0, false, "default, ring 0");
	test_counts(PLAN_DEFAULT, 3, false, "default, ring 3");
	test_counts(PLAN_DEFAULT, 0, true, "default, emulated");
	test_counts(PLAN_FULL, 0, false, "full, ring 0");
	test_counts(PLAN_FULL, 0, true, "full, emulated");
	test_counts(PLAN_FULL, 3, false, "full, ring 3");
	test_cold();
	test_sets();
	test_anchor_sets();
	test_many();
	test_why();
	test_crowded();
	test_notes();
	test_lacking();
	test_longest_note();
	test_refusals();
	test_nothing();
	test_batches();
	test_pass_ticks();
	test_offset_step();
	test_memory();
	return done();
}
