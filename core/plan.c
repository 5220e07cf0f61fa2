/* SPDX-License-Identifier: GPL-2.0-only */
/* From a configuration to groups of cells, see run.h. */
#include "run.h"

const char *const role_names[ROLE_COUNT] = {
#define ROLE(name, what) #name,
#include "role.def"
#undef ROLE
};

const char *const dropped_names[DROPPED_COUNT] = {
#define DROPPED(name, what) #name,
#include "dropped.def"
#undef DROPPED
};

static bool in_set(uint32_t set, unsigned i)
{
	return set >> i & 1;
}

/* The native mode goes with the native convention and with no other. */
static bool possible(unsigned convention, unsigned mode)
{
	return conventions[convention].sites == (mode != MODE_native);
}

/* Where the plan is written, or only counted. */
struct planner {
	const struct config *config;
	const struct machine *machine;
	struct group *group;
	struct result *result;
	struct plan plan;
};

static void add_cell(struct planner *p, const struct group *g, enum role role,
		     unsigned workload, unsigned convention, unsigned mode)
{
	if (p->result)
		p->result[p->plan.cells].cell = (struct cell){
			.workload = workload, .backend = p->config->backend,
			.convention = convention, .mode = mode,
			.layout = role == ROLE_chain ? LAYOUT_dense : g->layout,
			.state = role == ROLE_chain ? STATE_warm : g->state,
			.role = role,
		};
	p->plan.cells++;
}

/* The cells that were asked for.  False: none. */
static bool add_asked(struct planner *p, const struct group *g)
{
	const struct config *c = p->config;
	bool op = workloads[g->workload].kind == KIND_OP, any = false;

	for (unsigned i = 0; i < CONVENTION_COUNT * MODE_COUNT; i++) {
		unsigned convention = i / MODE_COUNT, mode = i % MODE_COUNT;

		if (!possible(convention, mode)
		    || !in_set(c->conventions, convention)
		    || !in_set(c->modes, mode)
		    || (!op && mode != MODE_native))
			continue;
		add_cell(p, g, ROLE_cell, g->workload, convention, mode);
		any = true;
	}
	return any;
}

/* What the asked ones are judged by. */
static void add_company(struct planner *p, const struct group *g)
{
	if (in_set(p->config->modes, MODE_native)
	    && in_set(p->config->conventions, CONVENTION_native))
		add_cell(p, g, ROLE_twin, g->workload, CONVENTION_native,
			 MODE_native);
	for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
		if (workloads[w].kind == KIND_EMPTY && layouts[g->layout].filled)
			add_cell(p, g, ROLE_empty, w, CONVENTION_native,
				 MODE_native);
		if (workloads[w].kind == KIND_CHAIN)
			add_cell(p, g, ROLE_chain, w, CONVENTION_native,
				 MODE_native);
	}
}

static void add_group(struct planner *p, const struct group *of)
{
	struct group g = *of;

	g.first = p->plan.cells;
	if (!add_asked(p, &g))
		return;
	add_company(p, &g);
	g.count = (unsigned)(p->plan.cells - g.first);
	if (p->group)
		p->group[p->plan.groups] = g;
	p->plan.groups++;
}

static bool wanted(const struct planner *p, const struct group *g)
{
	const struct config *c = p->config;

	if (workloads[g->workload].kind != KIND_OP)
		return g->layout == LAYOUT_dense && g->state == STATE_warm;
	if (!in_set(c->layouts, g->layout) || !in_set(c->states, g->state))
		return false;
	if (c->plan == PLAN_FULL || g->state == STATE_warm)
		return true;
	return g->layout == LAYOUT_line;
}

/* Is there nothing to be cold? */
static bool pointless(const struct planner *p, const struct group *g)
{
	return p->config->plan == PLAN_DEFAULT && g->state != STATE_warm
		&& p->machine->emulated;
}

struct plan plan(const struct config *c, const struct machine *m,
		 struct group *group, struct result *result)
{
	struct planner p = {
		.config = c, .machine = m, .group = group, .result = result,
	};

	for (unsigned w = 0; w < WORKLOAD_COUNT; w++) {
		if (!in_set(c->workloads, w))
			continue;
		if (workloads[w].ring < m->ring) {
			p.plan.privileged++;
			continue;
		}
		for (unsigned i = 0; i < LAYOUT_COUNT * STATE_COUNT; i++) {
			struct group g = {
				.workload = w, .layout = i % LAYOUT_COUNT,
				.state = i / LAYOUT_COUNT,
			};

			if (!wanted(&p, &g))
				continue;
			if (pointless(&p, &g))
				p.plan.emulated++;
			else
				add_group(&p, &g);
		}
	}
	return p.plan;
}

const char *plan_note(const struct config *c, const struct plan *p)
{
	bool cold = c->states & ~(1u << STATE_warm);

	if (p->emulated)
		return "Cold states are left out: an emulator has none (plan = full times them).";
	if (c->plan == PLAN_DEFAULT && cold && !in_set(c->layouts, LAYOUT_line))
		return "Cold states are left out: plan default has them in layout line (full: in all).";
	return NULL;
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

/* An emulator's time goes into translating, and is no CPU's: short is enough. */
#define PASS_TICKS_LEAST	4000
#define PASS_TICKS_MOST		32000

uint32_t run_pass_ticks(const struct config *c, uint64_t tsc_step,
			bool emulated)
{
	uint64_t ticks = tsc_step < PASS_TICKS_MOST ? 1000 * tsc_step
		: PASS_TICKS_MOST;

	if (c->pass_ticks)
		return c->pass_ticks;
	if (ticks < PASS_TICKS_LEAST || emulated)
		ticks = PASS_TICKS_LEAST;
	return (uint32_t)(ticks > PASS_TICKS_MOST ? PASS_TICKS_MOST : ticks);
}

unsigned run_offset_step(const struct config *c)
{
	return LINE_BYTES / c->offsets / OFFSET_STEP * OFFSET_STEP;
}

size_t run_batches(const struct config *c, const struct plan *p,
		   const struct machine *m)
{
	return p->cells * c->offsets * plan_batches(c) * (m->cycles ? 2 : 1);
}

size_t run_scratch(const struct config *c, const struct plan *p)
{
	size_t n = 3 * (size_t)OFFSETS_MAX * plan_batches(c) + OFFSETS_MAX;

	return n > p->cells ? n : p->cells;
}

struct result *group_find(const struct group *g, struct result *results,
			  enum role role, enum mode_id mode,
			  enum convention_id convention)
{
	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct cell *c = &results[i].cell;

		if (c->role != role || results[i].refused)
			continue;
		if (role != ROLE_cell
		    || (c->mode == mode && c->convention == convention))
			return &results[i];
	}
	return NULL;
}

uint32_t group_taken(const struct group *g)
{
	uint32_t n = 0;

	for (unsigned o = 0; o < OFFSETS_MAX; o++)
		n += g->taken[o];
	return n;
}
