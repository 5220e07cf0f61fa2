/* SPDX-License-Identifier: GPL-2.0-only */
/* From a configuration to groups of cells, see plan.h. */
#include "lib/sink.h"
#include "mix/row.h"
#include "plan/plan.h"
#include "plan/table_ops.h"
#include "stats/next_group.h"
#include "workload/path.h"
#include "workload/registry.h"

SET_HOLDS(BACKEND_COUNT);
SET_HOLDS(MODE_COUNT);
SET_HOLDS(CONVENTION_COUNT);

/* The native mode goes with the native convention and with no other. */
static bool possible(unsigned convention, unsigned mode)
{
	return conventions[convention].sites == (mode != MODE_native);
}

/* Where the plan is written, or only counted. */
struct planner {
	const struct config *asked;	/* as it was asked for, and: */
	struct config ops;		/* by what the table's ops are planned */
	const struct config *config;	/* the one of these that a workload is planned by */
	const struct platform *machine;
	struct group *group;
	struct result *result;
	struct plan plan;
	unsigned cpu;			/* that it is for, of the machine's list */
	struct cell reference;		/* of the group that is being made */
	bool has_reference;
};

/* A cell of an op that is for the boot CPU, in a group of another; or of a path, whose tasks are
 * lost where ops do nothing. */
static void leave_out(struct planner *p, struct result *res)
{
	const struct workload *wl = workload_of(res->cell.workload);
	const struct table_op *op = table_op_of(wl);
	const char *why = NULL;

	if (op && !op_may_run_on(p->machine, op, p->cpu))
		why = "it is timed on the boot CPU alone";
	if (wl->kind == KIND_PATH && path_is_of_tasks(path_of(wl))
	    && modes[res->cell.mode].effect == EFFECT_nothing)
		why = "its ops have to do what they are for, and do nothing in this mode";
	if (!why)
		return;
	res->refused = res->left_out = true;
	text_format(res->why, sizeof(res->why), "%s", why);
}

static void add_cell(struct planner *p, const struct cell *c)
{
	if (p->result) {
		p->result[p->plan.cells].cell = *c;
		leave_out(p, &p->result[p->plan.cells]);
	}
	p->plan.cells++;
}

/* Do its ops do something to IF, or tell it?  Of others a backend has the CPU's. */
static bool about_if(enum workload_id w)
{
	const struct workload *wl = workload_of(w);

	return wl->seen != IF_ANY || wl->after == IF_OFF || wl->after == IF_ON
		|| wl->after == IF_ARG;
}

/* A path whose kernel has to be in ring 0, for a program of ring 3 enters it. */
static bool goes_to_ring3(enum workload_id w)
{
	const enum path_id p = path_of(workload_of(w));

	return p < PATH_COUNT && path_user(p)->len;
}

/* May the machine's ring run it?  What a backend does in ring 3 is its own, and
 * not the CPU's: but a native cell is the CPU's under any backend.  A mode of weak
 * effect turns IF on by an STI of its own, whatever the op's ring. */
static bool may_run(struct planner *p, const struct cell *c)
{
	bool own = backend_info[c->backend].ring == 3 && about_if(c->workload)
		&& !goes_to_ring3(c->workload);
	bool sti = modes[c->mode].effect == EFFECT_weak;
	unsigned ring = own ? 3 : sti ? 0 : workload_of(c->workload)->ring;

	if (ring >= p->machine->ring)
		return true;
	if (workload_of(c->workload)->ring < p->machine->ring)
		set_add(&p->plan.above, c->workload);
	else
		set_add(&p->plan.modes_above, c->mode);
	return false;
}

/* The cell that others are compared with. */
static void note_reference(struct planner *p, const struct cell *c)
{
	if (!better_reference(c, p->has_reference ? &p->reference : NULL))
		return;
	p->reference = *c;
	p->has_reference = true;
}

/* Is it an op, by itself or among others? */
static bool has_sites(const struct workload *wl)
{
	return wl->kind == KIND_OP || wl->kind == KIND_TABLE || wl->kind == KIND_MIX
		|| wl->kind == KIND_PATH;
}

/* A combination of what was asked for: a cell, or the reason why not.  Where the
 * padding makes no difference the first of those asked for stands for all. */
static void consider(struct planner *p, const struct group *g,
		     unsigned convention, unsigned mode, unsigned padding)
{
	struct cell c = {
		.workload = g->workload, .convention = convention, .mode = mode,
		.backend = mode == MODE_native ? BACKEND_native : g->backend,
		.padding = modes[mode].pads ? padding : PADDING_long,
		.layout = g->layout, .state = g->state, .role = ROLE_cell,
	};
	bool op = has_sites(workload_of(g->workload));
	bool first = set_least(&p->config->paddings) >= padding;

	if (!possible(convention, mode)) {
		p->plan.skipped[SKIPPED_apart]++;
	} else if (!op && mode != MODE_native) {
		p->plan.skipped[SKIPPED_once]++;
	} else if (!modes[mode].pads && !first) {
		p->plan.skipped[SKIPPED_full]++;
	} else if (!may_run(p, &c)) {
		p->plan.skipped[SKIPPED_privileged]++;
	} else {
		note_reference(p, &c);
		add_cell(p, &c);
		p->plan.asked++;
	}
}

/* So many combinations of convention, mode and padding were asked for. */
static size_t combinations(const struct config *c)
{
	return set_size(&c->conventions) * set_size(&c->modes) * set_size(&c->paddings);
}

static void add_asked(struct planner *p, const struct group *g)
{
	const struct config *c = p->config;

	p->has_reference = false;
	for (unsigned i = 0; i < CONVENTION_COUNT * MODE_COUNT * PADDING_COUNT; i++) {
		unsigned convention = i / PADDING_COUNT / MODE_COUNT;
		unsigned mode = i / PADDING_COUNT % MODE_COUNT;
		unsigned padding = i % PADDING_COUNT;

		if (set_has(&c->conventions, convention) && set_has(&c->modes, mode)
		    && set_has(&c->paddings, padding))
			consider(p, g, convention, mode, padding);
	}
}

/* Of a mix: what its layout fills is its gaps, which no other workload's are. */
static void add_gaps(struct planner *p, const struct group *g)
{
	const struct mix_row *row = mix_row_of(g->workload);
	const struct cell c = {
		.workload = row ? row->gaps : 0, .layout = g->layout, .state = g->state,
		.role = ROLE_empty,
	};

	if (row)
		add_cell(p, &c);
}

/* What the asked ones are judged by. */
static void add_company(struct planner *p, const struct group *g)
{
	struct cell c = p->reference;

	c.role = ROLE_twin;
	if (p->has_reference)
		add_cell(p, &c);
	add_gaps(p, g);
	for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
		c = (struct cell){ .workload = w, .layout = g->layout,
				   .state = g->state, .role = ROLE_empty };
		if (workload_of(w)->kind == KIND_EMPTY && layouts[g->layout].filled
		    && !mix_row_of(g->workload))
			add_cell(p, &c);
		c = (struct cell){ .workload = w, .layout = LAYOUT_dense,
				   .state = STATE_warm, .role = ROLE_chain };
		if (workload_of(w)->kind == KIND_CHAIN)
			add_cell(p, &c);
	}
}

static void add_group(struct planner *p, const struct group *of)
{
	struct group g = *of;

	g.cpu = p->cpu;
	g.on = p->machine->cpu ? &p->machine->cpu[p->cpu] : NULL;
	g.first = p->plan.cells;
	add_asked(p, &g);
	if (p->plan.cells == g.first)
		return;
	add_company(p, &g);
	g.count = (unsigned)(p->plan.cells - g.first);
	group_lay_blocks(&g, p->config->offsets);
	if (g.count > p->plan.largest)
		p->plan.largest = g.count;
	if (p->group)
		p->group[p->plan.groups] = g;
	p->plan.groups++;
}

static bool lacks(const struct planner *p, enum backend_id b)
{
	const struct backend_info *info = &backend_info[b];

	return info->needs_on[p->machine->isa]
		&& !has_feature(p->machine->features, info->needs);
}

/* Why there is to be no such group; SKIPPED_COUNT: there is to be one. */
static enum skipped group_skipped(struct planner *p, const struct group *g)
{
	const struct config *c = p->config;

	if (!backend_info[g->backend].isa[p->machine->isa]) {
		set_add(&p->plan.foreign, g->backend);
		return SKIPPED_isa;
	}
	if (lacks(p, g->backend)) {
		set_add(&p->plan.lacking, g->backend);
		return SKIPPED_feature;
	}
	if (c->plan != PLAN_DEFAULT || g->state == STATE_warm)
		return SKIPPED_COUNT;
	if (g->layout != LAYOUT_line)
		return SKIPPED_cold;
	if (!p->machine->emulated)
		return SKIPPED_COUNT;
	p->plan.emulated++;
	return SKIPPED_emulated;
}

/* Groups of an op, each where the sets have it. */
static void plan_op(struct planner *p, enum workload_id w)
{
	const struct config *c = p->config;

	for (unsigned i = 0; i < BACKEND_COUNT * STATE_COUNT * LAYOUT_COUNT; i++) {
		struct group g = {
			.workload = w, .layout = i % LAYOUT_COUNT,
			.state = i / LAYOUT_COUNT % STATE_COUNT,
			.backend = i / LAYOUT_COUNT / STATE_COUNT,
		};
		enum skipped why;

		if (!set_has(&c->backends, g.backend)
		    || !set_has(&c->layouts, g.layout)
		    || !set_has(&c->states, g.state))
			continue;
		why = group_skipped(p, &g);
		if (why == SKIPPED_COUNT)
			add_group(p, &g);
		else
			p->plan.skipped[why] += combinations(c);
	}
}

/* What lies between the ops of a mix is executed; and a body of it is as long as the
 * caches, whatever was in them before. */
static const struct group as_mix = { .layout = LAYOUT_work, .state = STATE_warm };

/* A path is one block: nothing lies between copies, there are none. */
static const struct group as_path = { .layout = LAYOUT_dense, .state = STATE_warm };

/* Groups of a mix, of one of its ops for comparison, or of a path: one a backend. */
static void plan_backends(struct planner *p, enum workload_id w, const struct group *as)
{
	struct group g = *as;

	g.workload = w;
	for (unsigned b = 0; b < BACKEND_COUNT; b++) {
		g.backend = b;
		if (set_has(&p->config->backends, b)
		    && group_skipped(p, &g) == SKIPPED_COUNT)
			add_group(p, &g);
	}
}

/* One group, wherever the sets have it: the others are left out. */
static void plan_other(struct planner *p, enum workload_id w)
{
	const struct config *c = p->config;
	size_t times = set_size(&c->backends) * set_size(&c->layouts)
		* set_size(&c->states);
	struct group g = { .workload = w, .layout = LAYOUT_dense };

	if (!times)
		return;
	add_group(p, &g);
	p->plan.skipped[SKIPPED_once] += (times - 1) * combinations(c);
}

/* Is it an op that is left out whole?  Then all that was asked of it is counted. */
static bool op_is_skipped(struct planner *p, enum workload_id w)
{
	const struct config *c = p->config;
	const struct table_op *op = table_op_of(workload_of(w));
	enum skipped why = op ? op_skipped(p->asked, p->machine, op) : SKIPPED_COUNT;

	struct set *of = why == SKIPPED_dangerous ? &p->plan.dangerous : &p->plan.needing;

	if (why == SKIPPED_COUNT)
		return false;
	/* Naming it would change nothing. */
	if (why == SKIPPED_dangerous && workload_of(w)->ring < p->machine->ring) {
		why = SKIPPED_privileged;
		of = &p->plan.above;
		p->plan.privileged++;
	}
	set_add(of, w);
	p->plan.skipped[why] += set_size(&c->backends) * set_size(&c->layouts)
		* set_size(&c->states) * combinations(c);
	return true;
}

static void plan_workload(struct planner *p, enum workload_id w)
{
	size_t before = p->plan.cells;
	size_t privileged = p->plan.skipped[SKIPPED_privileged];

	p->config = config_for(p->asked, &p->ops, workload_of(w));
	if (mix_row_of(w)) {
		p->config = p->asked;
		if (workload_of(w)->kind == KIND_MIX)
			plan_backends(p, w, &as_mix);
		return;
	}
	if (workload_of(w)->kind == KIND_PATH) {
		plan_backends(p, w, &as_path);
		return;
	}
	if (op_is_skipped(p, w))
		return;
	if (has_sites(workload_of(w)))
		plan_op(p, w);
	else
		plan_other(p, w);
	p->plan.privileged += p->plan.cells == before
		&& p->plan.skipped[SKIPPED_privileged] > privileged;
}

/* Is there a group of that op as a mix's are, because it was asked for? */
static bool is_as_mix(const struct planner *p, enum workload_id w)
{
	const struct config *c = config_for(p->asked, &p->ops, workload_of(w));

	return workload_is_asked(p->asked, w) && set_has(&c->layouts, as_mix.layout)
		&& set_has(&c->states, as_mix.state);
}

/* Ops that paths run. */
static const enum workload_id of_paths[] = {
	WORKLOAD_save_fl, WORKLOAD_restore_fl, WORKLOAD_irq_disable, WORKLOAD_irq_enable,
	WORKLOAD_write_cr3, WORKLOAD_load_esp0, WORKLOAD_load_tls,
	WORKLOAD_start_context_switch, WORKLOAD_end_context_switch,
};

static bool has_paths(void)
{
	for (unsigned w = WORKLOAD_COUNT; w < workload_end(); w++)
		if (workload_of(w)->kind == KIND_PATH)
			return true;
	return false;
}

/* An op by itself, as a mix's is, if there is none yet. */
static void plan_part(struct planner *p, enum workload_id w, bool *planned)
{
	if (!planned[w] && !is_as_mix(p, w))
		plan_backends(p, w, &as_mix);
	planned[w] = true;
}

/* Each op of the mixes and paths by itself, so that there is what these are held against. */
static void plan_parts(struct planner *p)
{
	const unsigned paths = has_paths() ? sizeof(of_paths) / sizeof(of_paths[0]) : 0;
	bool planned[WORKLOAD_COUNT] = { false };

	p->config = p->asked;
	for (unsigned part = 0; part < MIX_PARTS; part++)
		if (mix_rows_have(part))
			plan_part(p, mix_part_workload(part), planned);
	for (unsigned i = 0; i < paths; i++)
		plan_part(p, of_paths[i], planned);
}

static void plan_all(struct planner *p)
{
	for (unsigned w = 0; w < workload_end(); w++)
		if (workload_is_asked(p->asked, w))
			plan_workload(p, w);
	plan_parts(p);
}

/* Only what there is room for is counted of all CPUs: the rest is the same for each. */
static void plan_cpu(struct planner *p, unsigned cpu)
{
	struct plan one;

	p->cpu = cpu;
	one = p->plan;
	plan_all(p);
	if (one.cpus) {
		one.groups = p->plan.groups;
		one.cells = p->plan.cells;
		p->plan = one;
	}
	p->plan.cpus++;
}

static void plan_cpus(struct planner *p)
{
	const struct platform *m = p->machine;

	if (!m->cpu)
		plan_cpu(p, 0);
	for (unsigned i = 0; m->cpu && i < m->cpus; i++)
		if (!m->cpu[i].not_run[0])
			plan_cpu(p, i);
}

struct plan plan(const struct config *c, const struct platform *m,
		 struct group *group, struct result *result)
{
	struct planner p = { .asked = c, .ops = config_of_ops(c), .machine = m };

	plan_cpus(&p);
	if (p.plan.largest > GROUP_MAX) {
		p.plan.skipped[SKIPPED_crowded] = p.plan.asked;
		p.plan.groups = p.plan.cells = p.plan.asked = 0;
		return p.plan;
	}
	if (group || result) {
		p = (struct planner){ .asked = c, .ops = p.ops, .machine = m, .group = group,
				      .result = result };
		plan_cpus(&p);
	}
	return p.plan;
}

struct plan plan_first_cpu(const struct plan *p)
{
	struct plan first = *p;

	if (p->cpus > 1) {
		first.groups /= p->cpus;
		first.cells /= p->cpus;
		first.cpus = 1;
	}
	return first;
}

uint32_t plan_batches(const struct config *c)
{
	if (c->batches)
		return c->batches;
	return c->plan == PLAN_FULL ? 200 : 13;
}

uint32_t state_batches(const struct config *c, enum state_id state)
{
	uint32_t n = plan_batches(c);

	return state == STATE_warm ? n : (n + 3) / 4;
}

/* Of an op of table.def, in plan full too; and of what takes milliseconds, so that it
 * takes no minutes. */
#define TABLE_BATCHES	13
#define SLOW_BATCHES	5

uint32_t group_batches(const struct config *c, const struct group *g)
{
	const struct workload *wl = workload_of(g->workload);
	uint32_t n = state_batches(c, g->state), most;

	if (c->batches || !workload_is_tables(wl))
		return n;
	most = hazards[table_op_of(wl)->hazard].few ? SLOW_BATCHES : TABLE_BATCHES;
	return n < most ? n : most;
}

/* An emulator's time goes into translating, and is no CPU's: short is enough. */
#define PASS_TICKS_LEAST	4000
#define PASS_TICKS_FIXED	32000
#define PASS_TICKS_MOST		128000

/* A batch of the largest group there may be, two timings a cell, has room in a window. */
static uint64_t longest_pass(const struct platform *m)
{
	uint64_t in_window = m->quiet_ticks / (2 * GROUP_MAX);

	if (in_window < PASS_TICKS_FIXED)
		return PASS_TICKS_FIXED;
	return in_window < PASS_TICKS_MOST ? in_window : PASS_TICKS_MOST;
}

uint32_t run_pass_ticks(const struct config *c, const struct platform *m,
			uint64_t tsc_step)
{
	bool budget = plan_budget_s(c, m);
	uint64_t most = budget ? longest_pass(m) : PASS_TICKS_FIXED;
	uint64_t ticks = tsc_step < PASS_TICKS_MOST ? (budget ? 4000 : 1000) * tsc_step : most;

	if (c->pass_ticks)
		return c->pass_ticks;
	if (ticks < PASS_TICKS_LEAST || m->emulated)
		ticks = PASS_TICKS_LEAST;
	return (uint32_t)(ticks > most ? most : ticks);
}

uint32_t plan_budget_s(const struct config *c, const struct platform *m)
{
	bool given = c->from[CONFIG_budget_s].from != FROM_PRESET;

	return given || (c->plan != PLAN_FULL && !m->emulated) ? c->budget_s : 0;
}

/* Of a budget, and what is enough. */
#define LISTEN_PART	10
#define LISTEN_MOST_MS	1000

unsigned plan_listen_ms(const struct config *c, const struct platform *m)
{
	uint32_t part = plan_budget_s(c, m) * (1000 / LISTEN_PART);

	if (part)
		return part < LISTEN_MOST_MS ? part : LISTEN_MOST_MS;
	return c->plan == PLAN_FULL && !m->emulated ? 2 * LISTEN_MOST_MS : 0;
}

unsigned plan_blocks(const struct config *c, const struct platform *m)
{
	return plan_budget_s(c, m) ? BLOCKS_MAX : c->offsets;
}

size_t run_batches(const struct config *c, const struct plan *p,
		   const struct platform *m)
{
	return p->cells * plan_blocks(c, m) * plan_batches(c) * (m->cycles ? 2 : 1);
}

size_t run_widths(const struct config *c, const struct plan *p, const struct platform *m)
{
	return p->groups * plan_blocks(c, m) * plan_batches(c);
}

/* The run's list of them, while it chooses; in 64-bit words. */
#define CONTENDER_WORDS	((sizeof(struct contender) + 7) / 8)

size_t run_scratch(const struct config *c, const struct plan *p,
		   const struct platform *m)
{
	size_t blocks = plan_blocks(c, m), n = 3 * blocks * plan_batches(c) + blocks;

	if (n < p->cells)
		n = p->cells;
	return n > p->groups * CONTENDER_WORDS ? n : p->groups * CONTENDER_WORDS;
}
