/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The run, whole: a text that is made up is patched, checked, its bodies are made
 * and run on this CPU, on a machine whose clock moves by what the ops cost.  So
 * every result is known, and a cell that does not do what it must is found.
 */
#include "made_up_run.h"
#include "sets.h"
#include "workload/code_table.h"
/* Its own copy of the registry: what is added there can be taken back. */
#include "../../../../core/workload/registry.c"

static unsigned ops_of(enum workload_id w)
{
	switch (w) {
	case WORKLOAD_irq_save_restore:
		return 3;
	case WORKLOAD_save_restore_fl:
	case WORKLOAD_fused_save_restore:
	case WORKLOAD_cli_sti:
	case WORKLOAD_cli_sti_string:
	case WORKLOAD_cli_sti_asm:
		return 2;
	default:
		return 1;
	}
}

/* What a copy costs, in ticks. */
static int64_t cost_of(const struct cell *c)
{
	static const enum way ways[MODE_COUNT] = {
		[MODE_native] = WAY_NATIVE, [MODE_indirect] = WAY_INDIRECT,
		[MODE_inline] = WAY_INLINE,
	};

	if (workload_of(c->workload)->kind == KIND_EMPTY)
		return 0;
	if (workload_of(c->workload)->kind == KIND_CHAIN)
		return CHAIN_COST;
	if (workload_of(c->workload)->kind == KIND_ANCHOR
	    || workload_of(c->workload)->kind == KIND_PLAIN)
		return 10 * (c->workload - WORKLOAD_imul_chain);
	return (int64_t)(way_cost[ways[c->mode]] * ops_of(c->workload));
}

static bool ticks_right(const struct result *r)
{
	int64_t want = cost_of(&r->cell) * MILLION;
	const struct spread *s = &r->ticks;

	return s->median == want && s->min == want && s->max == want && !s->mad
		&& r->gross == want && r->offset_min == want
		&& r->offset_max == want && r->has_cycles
		&& r->cycles == 3 * ratio_of(want, CHAIN_COST * MILLION);
}

/* Of a site; 0: that depends. */
static const unsigned convention_bytes[CONVENTION_COUNT] = {
	[CONVENTION_ccall] = 6, [CONVENTION_callee] = 6,
	[CONVENTION_wide16] = 16, [CONVENTION_wide32] = 32,
};

/* What became of the sites of a copy. */
static bool sites_right(const struct result *r)
{
	unsigned sites = conventions[r->cell.convention].sites
		? ops_of(r->cell.workload) : 0;
	unsigned inl = r->cell.mode == MODE_inline ? sites : 0;
	unsigned at = 0;

	for (unsigned i = 0; i < r->sites; i++) {
		if (inl && r->bytes[at] != 0xe8)
			return false;
		at += r->site_len[i];
	}
	return r->sites == sites && r->counts.sites == sites
		&& r->counts.outcome[PATCHED_INLINE] == inl
		&& r->counts.outcome[KEPT_AS_BUILT] == sites - inl
		&& r->shown == r->sites && r->site_bytes == at && (r->site_nops > 0) == (inl > 0)
		&& (!convention_bytes[r->cell.convention]
		    || at == convention_bytes[r->cell.convention] * sites);
}

/* Where the last byte of the first call is: behind what loads its argument, and
 * what the convention pushes.  As made_up.S has them. */
static bool call_right(const struct result *r)
{
	enum { LOAD = sizeof(void *) == 8 ? 3 : 2, PUSHES = sizeof(void *) == 8 ? 12 : 2 };
	unsigned want = 5;

	if (!conventions[r->cell.convention].sites)
		return !r->call_at;
	if (r->cell.workload == WORKLOAD_restore_fl)
		want += LOAD;
	if (r->cell.convention == CONVENTION_seed)
		want += PUSHES;
	return r->call_at == want;
}

/* In layout line each offset of a 6-byte site that is still a branch is in a half,
 * and all take the same. */
static bool halves_right(const struct result *r)
{
	bool has = r->cell.layout == LAYOUT_line && ops_of(r->cell.workload) == 1
		&& convention_bytes[r->cell.convention] == 6
		&& r->cell.mode != MODE_inline
		&& (r->cell.role == ROLE_cell || r->cell.role == ROLE_twin);

	return (r->has_low_half || r->has_high_half) == has
		&& (!r->has_low_half || r->low_half == r->ticks.median)
		&& (!r->has_high_half || r->high_half == r->ticks.median);
}

/* Cold: once.  Else as many passes as the configuration asks for. */
static bool reps_right(const struct result *r)
{
	uint64_t once = 2 * WORKLOAD_N * (uint64_t)cost_of(&r->cell) + CLOCK_COST;
	uint64_t reps = run.pass_ticks / once;

	if (states[r->cell.state].once)
		return r->series.reps == 1;
	return r->series.reps == (reps < 1 ? 1 : reps > REPS_MAX ? REPS_MAX : reps);
}

static bool address_right(const struct result *r)
{
	unsigned step = offset_step(config.offsets);

	for (unsigned o = 0; o < config.offsets; o++)
		if (r->address[o] % LINE_BYTES != o * step
		    || place_of((uint8_t *)(uintptr_t)r->address[o]) != IN_ARENA)
			return false;
	return true;
}

static bool vs_right(const struct result *r)
{
	bool native = set_has(&config.conventions, CONVENTION_native);
	bool reference = r->cell.mode == (native ? MODE_native : MODE_indirect)
		&& (native || r->cell.convention == CONVENTION_ccall);

	if (r->cell.role == ROLE_twin)
		return reference && r->has_vs && r->vs.difference == 0;
	if (r->cell.role != ROLE_cell || reference)
		return !r->has_vs;
	return r->has_vs && r->vs.ratio == (int64_t)way_cost[r->cell.mode]
		* MILLION / (int64_t)way_cost[native ? WAY_NATIVE : WAY_INDIRECT];
}

static unsigned wrong_results(void)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < run.plan.cells; i++) {
		const struct result *r = &run.results[i];
		bool good = ticks_right(r) && sites_right(r) && reps_right(r)
			&& address_right(r) && vs_right(r) && call_right(r)
			&& halves_right(r);

		if (good || r->refused)
			continue;
		if (!wrong++)
			diag("%s %s %s %s %s %s: median %lld, wanted %lld; %u passes, %u "
			     "sites, call at %u: %d %d %d %d %d %d %d",
			     role_names[r->cell.role],
			     workload_of(r->cell.workload)->name,
			     conventions[r->cell.convention].name,
			     modes[r->cell.mode].name, layouts[r->cell.layout].name,
			     states[r->cell.state].name, (long long)r->ticks.median,
			     1000000ll * cost_of(&r->cell), r->series.reps, r->sites, r->call_at,
			     ticks_right(r), sites_right(r), reps_right(r),
			     address_right(r), vs_right(r), call_right(r),
			     halves_right(r));
	}
	return wrong;
}

static bool groups_right(void)
{
	uint32_t tried = 0;

	for (size_t i = 0; i < run.plan.groups; i++) {
		const struct group *g = &run.group[i];
		uint32_t want = state_batches(&config, g->state);

		for (unsigned o = 0; o < OFFSETS_MAX; o++)
			if (g->taken[o] != (o < config.offsets ? want : 0))
				return false;
		tried += g->quality.tried;
	}
	return run.quality.tried == tried && tried && run.quality.windows
		&& !run.quality.overran;
}

static void test_run(enum plan_id id)
{
	const struct text_counts *inl = &run.applied[BACKEND_native][MODE_inline];
	const bool *applied = run.was_applied[BACKEND_native];

	begin();
	cold_passes = 0;
	config.plan = id;
	/* Named, and one less than all: then plan full has none of the table's ops, of which
	 * there is no made-up code. */
	config.workloads.bits[WORKLOAD_nop / 32] &= ~(1u << WORKLOAD_nop % 32);
	ok(go() && !run.failed, "plan %s", id == PLAN_FULL ? "full" : "default");
	ok(!wrong_results(), "each is exactly what it cost, and says what it was");
	ok(groups_right() && !run_refused(&run), "each batch was good, none refused");
	ok(put_back(), "text, table, IF and windows are as before");
	ok(mu.progress == run.plan.groups && mu.progress_of == run.plan.groups,
	   "progress goes to the end");
	ok(applied[MODE_inline] && inl->sites == text.where.count
	   && inl->outcome[PATCHED_INLINE] == inl->sites
	   && applied[MODE_indirect] && !applied[MODE_native],
	   "all sites of the text were patched once");
	ok(run.before.ticks >= 1000 && run.after.ticks >= 1000
	   && run.before.step == CLOCK_COST, "the clock was watched before and after");
	ok(run.pass_ticks == (id == PLAN_FULL ? 1000u : 4000u) * CLOCK_COST,
	   "a timing is so many thousand steps of it, with a budget more");
	ok(mu.flushed && cold_passes, "the CPU was told to forget its branches");
	((void (*)(void))mu_code)();
	ok(true, "the branches that are run in a cold state return");
	end();
}

/* Every convention; without native what is compared with is indirect of
 * ccall, and its twin is patched like it. */
static void test_conventions(bool native)
{
	begin();
	config.states = these(1u << STATE_warm);
	config.conventions = these((1u << CONVENTION_COUNT) - 1);
	if (!native)
		config.conventions.bits[0] &= ~(1u << CONVENTION_native);
	ok(go() && put_back(), "every convention, %s native", native ? "and" : "without");
	ok(!wrong_results() && groups_right() && !run_refused(&run),
	   "each is exactly what it cost");
	end();
}

/* A core clock that is twice as quick as the TSC. */
static void test_cycles(void)
{
	unsigned good = 0;

	begin();
	machine.cycles = mu_cycles;
	go();
	for (size_t i = 0; i < run.plan.cells; i++) {
		const struct result *r = &run.results[i];

		good += r->has_cycles && r->cycles == 2 * r->ticks.median
			&& r->ticks.median == cost_of(&r->cell) * MILLION;
	}
	ok(good == run.plan.cells && put_back(), "cycles by a counter");
	end();
}

/* Cells of the first group that lie, at an offset, before one listed before
 * them: a number for the order. */
static unsigned swapped(unsigned offset)
{
	unsigned n = 0;

	for (unsigned k = 0; k < run.group[0].count; k++)
		for (unsigned l = 0; l < k; l++)
			n += (run.results[k].address[offset]
			      < run.results[l].address[offset]) << (k + l) % 8;
	return n;
}

/* Where the ops' bodies lie follows from the seed. */
static void test_seed(void)
{
	uint64_t first[2][GROUP_MAX] = { 0 };

	for (unsigned i = 0; i < 2; i++) {
		begin();
		config.workloads = these(1u << WORKLOAD_cli_sti);
		go();
		for (unsigned k = 0; k < run.group[0].count; k++)
			first[i][k] = run.results[k].address[1];
		end();
	}
	ok(!memcmp(first[0], first[1], sizeof(first[0])),
	   "the same seed: the same places");
	begin();
	config.workloads = these(1u << WORKLOAD_cli_sti);
	go();
	ok(swapped(0) + swapped(1) > 0 && swapped(0) != swapped(1),
	   "in an order of their own, another one at another offset");
	end();
}

/* Cells whose op is reached in that way, of workloads that notice; so late only
 * the pairs, for which IF is not yet what it should be. */
static bool has_fault(const struct cell *c, enum op op, enum mode_id mode)
{
	static const uint32_t disables = 1u << WORKLOAD_irq_disable
		| 1u << WORKLOAD_irq_save_restore | 1u << WORKLOAD_cli_sti
		| 1u << WORKLOAD_cli_sti_string | 1u << WORKLOAD_cli_sti_asm;
	static const uint32_t enables = 1u << WORKLOAD_irq_enable
		| 1u << WORKLOAD_cli_sti | 1u << WORKLOAD_cli_sti_string
		| 1u << WORKLOAD_cli_sti_asm;

	if (mu_fault.from > 1 && c->workload == WORKLOAD_irq_enable)
		return false;
	return c->mode == mode
		&& ((op == OP_irq_disable ? disables : enables) >> c->workload & 1);
}

/* Where the reference itself is wrong, so is all that is compared with it. */
static bool has_wrong_reference(const struct cell *c, enum op op,
				enum mode_id mode, enum place place)
{
	return mode == MODE_indirect && place == IN_TEXT
		&& has_fault(c, op, MODE_inline);
}

/* A cell that does not do what it must is named and not timed; the others are. */
static void test_refused(enum op op, enum mode_id mode, enum place place,
			 unsigned from, const char *what)
{
	static const enum way ways[] = { WAY_NATIVE, WAY_INDIRECT, WAY_INLINE };
	unsigned wanted = 0, good = 0, compared = 0;

	begin();
	mu_fault.armed = true;
	mu_fault.op = op;
	mu_fault.way = ways[mode];
	mu_fault.place = place;
	mu_fault.from = from;
	ok(go() && put_back(), "%s, %s: wrong %s: the run goes on",
	   op_info[op].name, modes[mode].name, what);
	for (size_t i = 0; i < run.plan.cells; i++) {
		const struct result *r = &run.results[i];

		if (has_wrong_reference(&r->cell, op, mode, place))
			compared += r->refused && strstr(r->why, "reference mode");
		if (!has_fault(&r->cell, op, mode))
			continue;
		wanted++;
		good += r->refused && strstr(r->why, what) && !r->ticks.n
			&& !r->has_vs;
		if (!r->refused || !strstr(r->why, what))
			diag("%s %s: %s", workload_of(r->cell.workload)->name,
			     conventions[r->cell.convention].name, r->why);
	}
	ok(good == wanted && wanted && run_refused(&run) == wanted + compared
	   && (!compared || compared == wanted),
	   "%u cells are refused and named, %u in all", good, run_refused(&run));
	if (mode != MODE_native)
		ok(!wrong_results(), "the others are right");
	end();
}

/*
 * A module: one workload's code and its records, as a text of its own, and the rest
 * as the application's.
 */
#define PARTS_SITES	512

static struct site part_sites[2][PARTS_SITES];
static struct text part[2];		/* the application's, the module's */

static bool is_modules(uint64_t addr)
{
	for (unsigned c = 0; c < CONVENTION_COUNT; c++) {
		const struct workload_code *k = &workload_code[c][WORKLOAD_irq_enable];

		if ((addr >= (uintptr_t)k->one && addr < (uintptr_t)k->one_end)
		    || (addr >= (uintptr_t)k->three && addr < (uintptr_t)k->three_end))
			return true;
	}
	return false;
}

static bool part_text(void)
{
	size_t count[2] = { 0 };
	struct text_error e;
	bool ok = true;

	for (size_t i = 0; i < text.where.count; i++) {
		uint64_t addr = text_site_addr(&text.where, i);
		bool m = is_modules(addr);
		struct site *to = &part_sites[m][count[m]++];

		*to = text.where.sites[i];
		to->site = (int32_t)(addr - (uintptr_t)to);
	}
	for (unsigned m = 0; m < 2; m++) {
		struct text_where w = text.where;

		w.sites = part_sites[m];
		w.sites_addr = (uintptr_t)part_sites[m];
		w.count = count[m];
		w.islands = 0;
		w.island_bytes = NULL;
		ok = ok && text_open(&part[m], &w, malloc(text_room(&w)),
				     text_room(&w), &e);
	}
	return ok && count[1] == 5 * 4;
}

static void begin_module(void)
{
	static struct workload_code code[CONVENTION_COUNT];

	begin();
	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		code[c] = workload_code[c][WORKLOAD_irq_enable];
	config.workloads = these(1u << WORKLOAD_irq_disable);
	config.states = these(1u << STATE_warm);
	module = (struct run_module){ .name = "mod", .text = &part[1], .workloads = 1 };
	own_part = &part[0];
	ok(loaded_add("mod", &workloads[WORKLOAD_irq_enable], 1, code, &part[1])
	   && workload_end() == WORKLOAD_COUNT + 1,
	   "a workload of a module is one more");
}

static void end_module(void)
{
	own_part = NULL;
	memset(loaded_workloads, 0, sizeof(loaded_workloads));
	loaded_count = 0;
	end();
}

/* Its cells, of role cell; of those that are good, of mode @refused none. */
static unsigned module_cells(int refused, unsigned *good)
{
	unsigned n = 0;

	*good = 0;
	for (size_t i = 0; i < run.plan.cells; i++) {
		const struct result *r = &run.results[i];

		if (r->cell.workload != WORKLOAD_COUNT || r->cell.role != ROLE_cell)
			continue;
		n++;
		if ((int)r->cell.mode == refused)
			*good += r->refused && strstr(r->why, "as compiled")
				&& !r->ticks.n;
		else
			*good += !r->refused && ticks_right(r) && sites_right(r);
	}
	return n;
}

static void test_module(void)
{
	char name[GROUP_NAME_ROOM];
	unsigned n, good;

	ok(part_text(), "the text in two, one the module's");
	begin_module();
	ok(go() && put_back() && !run_refused(&run), "with a module");
	n = module_cells(-1, &good);
	/* native, and two modes in two conventions, in three layouts */
	ok(n == 15 && good == n, "%u of its %u cells are exactly what they cost", good, n);
	ok(!wrong_results(), "and so are the application's");
	group_name(name, sizeof(name), &run.group[run.plan.groups - 1]);
	ok(!strcmp(name, "mod:irq_enable/native/work/warm"), "called %s", name);
	ok(module.was_applied[BACKEND_native][MODE_inline]
	   && module.applied[BACKEND_native][MODE_inline].outcome[PATCHED_INLINE]
	   == part[1].where.count
	   && run.applied[BACKEND_native][MODE_inline].outcome[PATCHED_INLINE]
	   == part[0].where.count, "each text's sites were patched, and counted apart");
	ok(!run_modules_missing(&run), "none is missing");
	strcpy(module.why, "why");
	ok(run_modules_missing(&run) == 1, "one that is not loaded is");
	loaded_gone(&part[1]);
	ok(!code_of(CONVENTION_ccall, WORKLOAD_COUNT)->one
	   && !text_of(WORKLOAD_COUNT, &text)
	   && !strcmp(workload_of(WORKLOAD_COUNT)->name, "mod:irq_enable"),
	   "unloaded: its name stays, its code does not");
	end_module();
	begin_module();
	mu_fault.armed = true;
	mu_fault.op = OP_irq_enable;
	mu_fault.way = WAY_INLINE;
	mu_fault.place = IN_TEXT;
	mu_fault.from = 1;
	ok(go() && put_back(), "a module whose patched code does not do its work");
	n = module_cells(MODE_inline, &good);
	ok(n == 15 && good == n && run_refused(&run) == 6,
	   "its 6 patched cells are refused and named, %u in all", run_refused(&run));
	end_module();
}

/* Copies of a module's workload that no bodies can be made of: its cells are refused,
 * by name, and all else is measured. */
static void test_no_fit(void)
{
	static const struct {
		int longer;		/* bytes, of a copy */
		const char *why;
	} cases[] = {
		{ -1, "copies that end within one" },
		{ 1200, "too long for a filler" },
	};

	for (unsigned i = 0; i < 2; i++) {
		unsigned refused = 0, cells = 0;

		begin_module();
		config.layouts = these(1u << LAYOUT_line);
		loaded_workloads[0].code[CONVENTION_seed].copy_end += cases[i].longer;
		ok(go() && put_back() && !run.failed && !error.text[0],
		   "no bodies can be made: the run goes on");
		for (size_t k = 0; k < run.plan.cells; k++) {
			const struct result *r = &run.results[k];

			refused += r->refused && strstr(r->why, cases[i].why)
				&& !r->ticks.n;
			cells += k >= run.group[run.plan.groups - 1].first;
		}
		ok(refused == cells && refused == run_refused(&run) && refused >= 5,
		   "its %u cells are refused, %u: %s", cells, refused, cases[i].why);
		ok(!wrong_results(), "and the application's are exact");
		end_module();
	}
}

/* Nothing is left of a group: the run goes on to the next. */
static void test_all_refused(void)
{
	const struct result *last;

	begin();
	config.states = these(1u << STATE_warm);
	config.workloads = these(1u << WORKLOAD_irq_enable | 1u << WORKLOAD_nop);
	config.modes = these(1u << MODE_inline | 1u << MODE_native);
	mu_fault.armed = true;
	mu_fault.op = OP_irq_enable;
	mu_fault.way = WAY_NATIVE;
	mu_fault.place = IN_ARENA;
	ok(go() && put_back(), "a group without its native cells");
	last = &run.results[run.plan.cells - 3];
	ok(last->cell.workload == WORKLOAD_nop && ticks_right(last),
	   "the next is measured all the same");
	for (size_t i = 0; i < run.group[0].count; i++)
		if (run.results[i].cell.mode == MODE_inline)
			ok(run.results[i].ticks.n && !run.results[i].has_vs,
			   "its patched cells have times, and no comparison");
	end();
}

int main(void)
{
	if (!ok(text_begin(), "the made-up text is accepted"))
		return done();
	test_run(PLAN_DEFAULT);
	test_run(PLAN_FULL);
	test_conventions(true);
	test_conventions(false);
	test_cycles();
	test_seed();
	test_refused(OP_irq_enable, MODE_inline, IN_TEXT, 1, "as compiled");
	test_refused(OP_irq_disable, MODE_indirect, IN_TEXT, 1, "as compiled");
	test_refused(OP_irq_enable, MODE_native, IN_TEXT, 1, "as compiled");
	test_refused(OP_irq_enable, MODE_inline, IN_ARENA, 1, "of one copy");
	/* The last call of the longest body. */
	test_refused(OP_irq_enable, MODE_indirect, IN_ARENA, 4 * WORKLOAD_N,
		     "of 2n copies");
	test_all_refused();
	test_module();
	test_no_fit();
	return text_done();
}
