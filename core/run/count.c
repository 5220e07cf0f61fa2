/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions in place of times, see count.h. */
#include "count.h"
#include "lib/mem.h"
#include "lib/sink.h"
#include "lib/string.h"
#include "measure/clock_count.h"
#include "patch/insn.h"
#include "run/arena.h"
#include "workload/code_table.h"
#include "workload/registry.h"

/* What tells: no CPU executes any two of these at one rate. */
static const enum workload_id telling[] = {
	WORKLOAD_imul_chain, WORKLOAD_add_chain, WORKLOAD_nop,
};
#define TELLING	(sizeof(telling) / sizeof(telling[0]))
#define TELLING_BATCHES	3

/* Bodies of those, and what came of timing them. */
struct trial {
	struct cell cell[TELLING];
	struct arena_cell body[TELLING];
	struct subject subject[TELLING];
	struct batch batch[TELLING][TELLING_BATCHES];
	uint32_t taken;
};

/* Instructions of a copy, which has no branches; 0: it is not there. */
static uint32_t copy_instructions(enum isa isa, const struct workload_code *w)
{
	uint32_t n = 0;
	struct insn in;

	for (const uint8_t *p = w->copy; p < w->copy_end; p += in.len, n++)
		if (!insn_decode(&in, isa, p, (size_t)(w->copy_end - p)))
			return 0;
	return n;
}

static void time_trial(const struct run *r, struct trial *t, struct rng *rng)
{
	const struct block b = {
		.subject = t->subject, .count = TELLING, .want = TELLING_BATCHES,
	};
	struct quality ignored = { 0 };

	for (unsigned i = 0; i < TELLING; i++)
		t->subject[i] = (struct subject){
			.wl = workload_of(telling[i]), .state = &states[STATE_warm],
			.n = t->body[i].n, .n2 = t->body[i].n2, .reps = 1,
			.steady = true, .ticks = t->batch[i],
		};
	measure_block(r->machine, &b, rng, &ignored, &t->taken);
}

static struct clock judge_trial(const struct run *r, const struct trial *t)
{
	struct clock_body b[TELLING];

	for (unsigned i = 0; i < TELLING; i++) {
		const struct workload_code *w = code_of(CONVENTION_native, telling[i]);

		b[i] = (struct clock_body){
			workload_of(telling[i])->name,
			workload_copies(workload_of(telling[i]))
				* copy_instructions(r->machine->isa, w),
			t->batch[i], t->taken,
		};
	}
	return clock_count(b, TELLING);
}

static struct clock try_clock(const struct run *r)
{
	static struct trial t;
	struct rng rng = { 1 };
	struct arena a;
	char why[120];

	memset(&t, 0, sizeof(t));
	for (unsigned i = 0; i < TELLING; i++) {
		t.cell[i] = (struct cell){ .workload = telling[i],
					   .convention = CONVENTION_native,
					   .mode = MODE_native };
		t.body[i].cell = &t.cell[i];
	}
	if (arena_open(&a, r->machine, r->text, r->nops, r->arena_memory)
	    && arena_build(&a, t.body, TELLING, 0, &rng, why, sizeof(why)) == ARENA_BUILT)
		time_trial(r, &t, &rng);
	return judge_trial(r, &t);
}

static bool is_preset(const struct config *c, enum config_key k)
{
	return c->from[k].from == FROM_PRESET;
}

void count_begin(struct run *r)
{
	const struct config *c = r->config;

	r->clock = (struct clock){ .id = CLOCK_tsc };
	r->timing = NULL;
	r->differ = 0;
	if (!r->machine->emulated || c->times)
		return;
	r->clock = try_clock(r);
	if (!run_is_counted(r))
		return;
	r->counting = *c;
	if (is_preset(c, CONFIG_offsets))
		r->counting.offsets = COUNT_OFFSETS;
	if (is_preset(c, CONFIG_batches))
		r->counting.batches = COUNT_BATCHES;
	r->timing = c;
	r->config = &r->counting;
	/* No count depends on order or place: the same run each time. */
	if (!c->seed)
		r->seed = 1;
	r->timing_plan = r->plan;
	r->plan = plan_first_cpu(&r->plan);
	for (size_t i = 0; i < r->plan.groups; i++)
		group_lay_blocks(&r->group[i], r->counting.offsets);
}

static const char no_count[] = "time passes in it: no count of instructions is its own";

void count_leave_out(struct run *r)
{
	for (size_t i = 0; i < r->plan.cells; i++) {
		struct result *res = &r->results[i];

		if (res->refused || !workload_waits(workload_of(res->cell.workload)))
			continue;
		res->refused = res->left_out = true;
		text_format(res->why, sizeof(res->why), "%s", no_count);
	}
}

/* Times it has. */
static void take_in(struct result *res)
{
	if (res->left_out && string_equal(res->why, no_count))
		res->refused = res->left_out = false;
}

void count_end(struct run *r)
{
	r->config = r->timing;
	r->plan = r->timing_plan;
	r->timing = NULL;
	r->quality = (struct quality){ 0 };
	for (size_t i = 0; i < r->plan.groups; i++) {
		struct group *g = &r->group[i];

		group_lay_blocks(g, r->config->offsets);
		memset(g->taken, 0, sizeof(g->taken));
		g->quality = (struct quality){ 0 };
	}
	for (size_t i = 0; i < r->plan.cells; i++) {
		struct result *res = &r->results[i];

		take_in(res);
		res->counted = res->has_words = false;
		res->counts = (struct text_counts){ 0 };
		res->sites = res->site_bytes = res->site_nops = res->shown = 0;
	}
}

/* ---- one group */

static void cell_name(char *to, size_t room, const struct group *g, const struct cell *c)
{
	char name[GROUP_NAME_ROOM];

	group_name(name, sizeof(name), g);
	text_format(to, room, "%s %s/%s%s%s", name, conventions[c->convention].name,
		    modes[c->mode].name, c->role == ROLE_cell ? "" : ":",
		    c->role == ROLE_cell ? "" : role_names[c->role]);
}

static bool not_counted(struct run *r, const struct group *g, const struct cell *c,
			unsigned block, uint32_t batch, const char *what)
{
	char name[GROUP_NAME_ROOM + 40];

	cell_name(name, sizeof(name), g, c);
	r->clock = (struct clock){ .id = CLOCK_tsc };
	text_format(r->clock.why, sizeof(r->clock.why), "%s, offset %u, batch %u: %s", name,
		    block + 1, (unsigned)batch + 1, what);
	return false;
}

/* The filler of a group, in instructions a copy; 0 where it has none. */
static uint32_t filler_of(const struct run *r, const struct group *g)
{
	const struct result *empty = group_find(g, r->results, ROLE_empty, 0, 0);

	return empty && empty->counted ? empty->instructions : 0;
}

/* The same in all of its batches; the filler is still in it. */
static bool count_cell(struct run *r, const struct group *g, struct result *res)
{
	uint64_t ops = (uint64_t)result_copies(res) * res->series.reps;
	bool any = false;
	uint32_t n = 0;

	for (unsigned b = 0; b < g->blocks; b++)
		for (uint32_t i = 0; i < g->taken[b]; i++) {
			const struct batch *at = &res->series.ticks[b * res->series.each + i];

			if (!clock_instructions(at, ops, r->clock.step, &n))
				return not_counted(r, g, &res->cell, b, i,
						   "no whole number of instructions");
			if (any && n != res->instructions)
				return not_counted(r, g, &res->cell, b, i,
						   "another number than in the first");
			res->instructions = n;
			any = true;
		}
	res->counted = any;
	return true;
}

static bool count_twin(struct run *r, const struct group *g)
{
	const struct result *twin = group_find(g, r->results, ROLE_twin, 0, 0);
	const struct result *of = group_reference(g, r->results);

	if (!twin || !of || !twin->counted || !of->counted
	    || twin->instructions == of->instructions)
		return true;
	return not_counted(r, g, &twin->cell, 0, 0, "another number than what it is a twin of");
}

bool count_group(struct run *r, const struct group *g)
{
	uint32_t filler;

	for (size_t i = g->first; i < g->first + g->count; i++)
		if (!r->results[i].refused && !count_cell(r, g, &r->results[i]))
			return false;
	filler = filler_of(r, g);
	for (size_t i = g->first; i < g->first + g->count; i++) {
		struct result *res = &r->results[i];
		bool filled = res->cell.role == ROLE_cell || res->cell.role == ROLE_twin;

		if (!filled || !res->counted || !layouts[g->layout].filled)
			continue;
		if (res->instructions < filler)
			return not_counted(r, g, &res->cell, 0, 0, "less than its filler");
		res->instructions -= filler;
	}
	return count_twin(r, g);
}

/* ---- all groups */

/* The first group of an op under a backend: others are held against it. */
static const struct group *first_like(const struct run *r, const struct group *g)
{
	const struct group *f = r->group;

	while (f->workload != g->workload || f->backend != g->backend)
		f++;
	return f;
}

static const struct result *same_site(const struct run *r, const struct group *g,
				      const struct cell *c)
{
	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct cell *o = &r->results[i].cell;

		if (o->role == c->role && o->mode == c->mode
		    && o->convention == c->convention && o->padding == c->padding)
			return &r->results[i];
	}
	return NULL;
}

static void compare_group(struct run *r, const struct group *g, const struct group *first)
{
	char name[GROUP_NAME_ROOM + 40];

	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct result *res = &r->results[i];
		const struct result *of = same_site(r, first, &res->cell);

		if (res->cell.role != ROLE_cell || !res->counted || !of || !of->counted
		    || of->instructions == res->instructions)
			continue;
		if (r->differ++)
			continue;
		cell_name(name, sizeof(name), g, &res->cell);
		text_format(r->differs, sizeof(r->differs),
			    "%s has %u instructions, in %s, %s it has %u", name,
			    (unsigned)res->instructions, layouts[first->layout].name,
			    states[first->state].name, (unsigned)of->instructions);
	}
}

void count_compare(struct run *r)
{
	for (size_t i = 0; i < r->plan.groups; i++)
		compare_group(r, &r->group[i], first_like(r, &r->group[i]));
	for (size_t i = 0; i < r->plan.cells; i++) {
		struct result *res = &r->results[i];

		res->has_vs = res->has_cycles = false;
		res->has_low_half = res->has_high_half = false;
	}
}
