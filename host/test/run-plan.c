/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The plan: how many groups and cells, which, and in what company; and the small
 * rules that go with it.  Counts follow from the lists: a line more in one of
 * them is no change here.
 */
#include <stdlib.h>
#include "run.h"

/* run.h has a plan() too. */
#define plan tap_plan
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

static unsigned count_privileged(void)
{
	unsigned n = 0;

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++)
		n += workloads[w].ring < 3;
	return n;
}

/* Anchors, the chain, and nothing; all of them may run anywhere. */
static unsigned count_others(void)
{
	return WORKLOAD_COUNT - count_ops(0);
}

static unsigned filled_layouts(void)
{
	unsigned n = 0;

	for (unsigned l = 0; l < LAYOUT_COUNT; l++)
		n += layouts[l].filled;
	return n;
}

/* Native once, each other mode once for each convention with sites. */
static unsigned asked(void)
{
	return 1 + (CONVENTION_COUNT - 1) * (MODE_COUNT - 1);
}

/* A plan in memory of exactly its size, for the sanitizer. */
struct planned {
	struct plan plan;
	struct group *group;
	struct result *result;
};

static struct planned make(const struct config *c, const struct machine *m)
{
	struct planned p = { .plan = plan(c, m, NULL, NULL) };
	struct plan again;

	p.group = calloc(p.plan.groups + 1, sizeof(*p.group));
	p.result = calloc(p.plan.cells + 1, sizeof(*p.result));
	again = plan(c, m, p.group, p.result);
	if (again.groups != p.plan.groups || again.cells != p.plan.cells
	    || again.privileged != p.plan.privileged)
		p.plan.groups = p.plan.cells = SIZE_MAX;
	return p;
}

static void drop(struct planned *p)
{
	free(p->group);
	free(p->result);
}

/* Of a group: the cells asked for, then twin, filler, chain as they apply. */
static bool company_right(const struct group *g, const struct result *r,
			  bool native)
{
	unsigned n[ROLE_COUNT] = { 0 };
	bool good = true;

	for (unsigned i = 0; i < g->count; i++) {
		const struct cell *c = &r[g->first + i].cell;

		n[c->role]++;
		if (c->role == ROLE_chain) {
			good &= c->layout == LAYOUT_dense
				&& c->state == STATE_warm
				&& workloads[c->workload].kind == KIND_CHAIN;
			continue;
		}
		good &= c->layout == g->layout && c->state == g->state
			&& (c->role == ROLE_empty
			    ? workloads[c->workload].kind == KIND_EMPTY
			    : c->workload == g->workload);
		good &= (c->convention == CONVENTION_native)
			== (c->mode == MODE_native);
		good &= c->role == ROLE_cell || c->mode == MODE_native;
	}
	return good && n[ROLE_cell] && n[ROLE_twin] == native
		&& n[ROLE_empty] == layouts[g->layout].filled
		&& n[ROLE_chain] == 1 && g->count <= GROUP_MAX;
}

/* One after the other, no workload, layout and state twice, each in company. */
static bool groups_right(const struct planned *p, bool native)
{
	size_t at = 0;

	for (size_t i = 0; i < p->plan.groups; i++) {
		const struct group *g = &p->group[i];

		for (size_t k = 0; k < i; k++)
			if (p->group[k].workload == g->workload
			    && p->group[k].layout == g->layout
			    && p->group[k].state == g->state)
				return false;
		if (g->first != at || !company_right(g, p->result, native))
			return false;
		at += g->count;
	}
	return at == p->plan.cells;
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

/* Cells of an op in so many groups, so many of them filled. */
static size_t op_cells(unsigned groups, unsigned filled)
{
	return groups * (asked() + 2) + filled;
}

static void test_counts(enum plan_id id, unsigned ring, bool emulated,
			const char *what)
{
	struct machine m = { .ring = ring, .emulated = emulated };
	/* Warm in every layout; cold states in one, in all, or in none. */
	unsigned cold = id == PLAN_FULL ? LAYOUT_COUNT : emulated ? 0 : 1;
	unsigned cold_filled = id == PLAN_FULL ? filled_layouts() : cold;
	unsigned groups = LAYOUT_COUNT + (STATE_COUNT - 1) * cold;
	unsigned filled = filled_layouts() + (STATE_COUNT - 1) * cold_filled;
	unsigned ops = count_ops(ring), others = count_others();
	struct config c;
	struct planned p;

	config_preset(&c);
	c.plan = id;
	p = make(&c, &m);
	ok(p.plan.groups == ops * groups + others
	   && p.plan.cells == ops * op_cells(groups, filled) + others * 3
	   && p.plan.privileged == (ring ? count_privileged() : 0),
	   "%s: %zu groups, %zu cells, %u workloads privileged", what,
	   p.plan.groups, p.plan.cells, p.plan.privileged);
	ok(groups_right(&p, true), "%s: each group in its company", what);
	ok(others_dense_warm(&p), "%s: anchors dense and warm", what);
	drop(&p);
}

/* Cold states where there is no plan full: in layout line. */
static void test_cold(void)
{
	struct machine m = { .ring = 0 };
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

/* Sets, of one op: what they leave. */
static const struct set_case {
	const char *what;
	uint32_t conventions, modes, layouts, states;
	size_t groups, cells;
	bool native;
} sets[] = {
	{ "dense and warm", ALL, ALL, BIT(LAYOUT_dense), BIT(STATE_warm), 1, 7, true },
	{ "line and warm", ALL, ALL, BIT(LAYOUT_line), BIT(STATE_warm), 1, 8, true },
	{ "line", ALL, ALL, BIT(LAYOUT_line), ALL, 3, 24, true },
	{ "dense, but cold", ALL, ALL, BIT(LAYOUT_dense), BIT(STATE_cold_code), 0, 0, true },
	{ "one convention with sites, without native", BIT(CONVENTION_ccall), ALL,
	  BIT(LAYOUT_dense), ALL, 1, 3, false },
	{ "native convention alone", BIT(CONVENTION_native), ALL,
	  BIT(LAYOUT_dense), ALL, 1, 3, true },
	{ "without mode native", ALL, ALL & ~BIT(MODE_native), BIT(LAYOUT_dense),
	  ALL, 1, 5, false },
	{ "mode inline alone", ALL, BIT(MODE_inline), BIT(LAYOUT_dense), ALL, 1, 3, false },
	{ "native convention, mode inline", BIT(CONVENTION_native),
	  BIT(MODE_inline), ALL, ALL, 0, 0, false },
	{ "conventions with sites, mode native", ALL & ~BIT(CONVENTION_native),
	  BIT(MODE_native), ALL, ALL, 0, 0, false },
	{ "no layout", ALL, ALL, 0, ALL, 0, 0, true },
	{ "no state", ALL, ALL, ALL, 0, 0, 0, true },
};

static void test_sets(void)
{
	struct machine m = { .ring = 0 };

	for (unsigned i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		const struct set_case *s = &sets[i];
		struct config c;
		struct planned p;

		config_preset(&c);
		c.workloads = BIT(WORKLOAD_cli_sti);
		c.conventions = s->conventions;
		c.modes = s->modes;
		c.layouts = s->layouts;
		c.states = s->states;
		p = make(&c, &m);
		ok(p.plan.groups == s->groups && p.plan.cells == s->cells
		   && groups_right(&p, s->native),
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
	struct machine m = { .ring = 3 };

	for (unsigned i = 0; i < 4; i++) {
		struct config c;
		struct planned p;

		config_preset(&c);
		c.plan = PLAN_FULL;
		c.workloads = BIT(WORKLOAD_lfence);
		c.conventions = cases[i].conventions;
		c.modes = cases[i].modes;
		c.layouts = cases[i].layouts;
		c.states = cases[i].states;
		p = make(&c, &m);
		ok(p.plan.cells == cases[i].cells
		   && p.plan.groups == !!cases[i].cells
		   && groups_right(&p, true) && others_dense_warm(&p),
		   "an anchor, case %u: %zu cells", i, cases[i].cells);
		drop(&p);
	}
}

static void test_nothing(void)
{
	struct machine m = { .ring = 0 };
	struct config c;
	struct plan p;

	config_preset(&c);
	c.workloads = 0;
	p = plan(&c, &m, NULL, NULL);
	ok(!p.groups && !p.cells && !p.privileged, "no workload: nothing");
	c.workloads = BIT(WORKLOAD_cli_sti) | BIT(WORKLOAD_irq_enable);
	m.ring = 3;
	p = plan(&c, &m, NULL, NULL);
	ok(!p.groups && !p.cells && p.privileged == 2,
	   "privileged ones in ring 3: nothing, and how many");
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
	} cases[] = {
		{ 0, 0, false, 4000 }, { 0, 1, false, 4000 },
		{ 0, 4, false, 4000 }, { 0, 5, false, 5000 },
		{ 0, 26, false, 26000 }, { 0, 32, false, 32000 },
		{ 0, 33, false, 32000 }, { 0, 31999, false, 32000 },
		{ 0, 32000, false, 32000 }, { 0, UINT64_MAX, false, 32000 },
		{ 0, 26, true, 4000 }, { 0, 0, true, 4000 },
		{ 1, 26, false, 1 }, { 77, 26, true, 77 },
		{ 100000, 1, false, 100000 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config c = { .pass_ticks = cases[i].asked };

		ok(run_pass_ticks(&c, cases[i].step, cases[i].emulated)
		   == cases[i].want, "asked %u, step %llu%s: %u ticks",
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
		struct config c = { .offsets = n };
		unsigned step = run_offset_step(&c);

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
	struct machine m = { .cycles = NULL };
	struct config c = { .offsets = 3, .batches = 7 };
	struct plan p = { .cells = 11 };

	ok(run_batches(&c, &p, &m) == 11 * 3 * 7, "batches of 11 cells");
	m.cycles = no_cycles;
	ok(run_batches(&c, &p, &m) == 2 * 11 * 3 * 7, "and their cycles");
	ok(run_scratch(&c, &p) >= 3 * OFFSETS_MAX * 7 + OFFSETS_MAX,
	   "scratch for three lists and the blocks");
	p.cells = 100000;
	ok(run_scratch(&c, &p) >= p.cells, "and a word a cell");
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
	test_nothing();
	test_batches();
	test_pass_ticks();
	test_offset_step();
	test_memory();
	return done();
}
