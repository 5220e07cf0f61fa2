/* SPDX-License-Identifier: GPL-2.0-only */
/* A group: built, checked, timed; see time_group.h. */
#include "backend_in_force.h"
#include "count.h"
#include "lib/mem.h"
#include "lib/sink.h"
#include "measure/measure.h"
#include "patch/insn_words.h"
#include "reference.h"
#include "refuse.h"
#include "run/regimes.h"
#include "time_group.h"
#include "workload/code_table.h"
#include "workload/registry.h"
#include "workload/table.h"

/* One group: its cells' code in the arena, and what is timed of it. */
struct group_run {
	struct run *run;
	struct arena *arena;
	struct group *group;
	struct rng rng;
	unsigned count;			/* cells that are timed */
	struct result *result[GROUP_MAX];
	struct arena_cell cell[GROUP_MAX];
	struct subject subject[GROUP_MAX];
	struct reference left;
	const struct reference *want;	/* of the reference mode, or NULL */
	/* What runs on the group's CPU is given this alone, and leaves there: */
	unsigned block;
	unsigned refused;		/* cells that do not what they must */
	bool is_long;			/* of its op more copies than few take too long */
	bool no_window;			/* a quiet window could not be had */
	enum measured measured;
};

/* Runs @fn on the group's CPU.  False: there is no quiet window, or that CPU is over. */
static bool on_its_cpu(struct group_run *s, void (*fn)(void *arg), struct run_error *e)
{
	const struct platform *m = s->run->machine;

	s->no_window = false;
	if (!m->run_on)
		fn(s);
	else if (!m->run_on(m->ctx, s->group->cpu, fn, s))
		return run_fail(e, s->group->on->not_run);
	return !s->no_window || run_fail(e, RUN_NO_QUIET);
}

/* Have its op's bodies few copies? */
static bool is_few(const struct group_run *s)
{
	return s->run->results[s->group->first].series.few;
}

/* Is it a mix's, whose sequence is in bodies alone? */
static bool is_mix(const struct group_run *s)
{
	return workload_of(s->group->workload)->kind == KIND_MIX;
}

/* Is it a path's, which is entered for so many units, and has no copies?  A group of one has
 * other cells besides. */
static bool is_path(const struct result *res)
{
	return workload_of(res->cell.workload)->kind == KIND_PATH;
}

/* The cells that have not been refused. */
static void gather(struct group_run *s)
{
	s->count = 0;
	for (size_t i = 0; i < s->group->count; i++) {
		struct result *res = &s->run->results[s->group->first + i];

		if (res->refused)
			continue;
		s->cell[s->count] = (struct arena_cell){ .cell = &res->cell,
							 .few = res->series.few };
		s->result[s->count++] = res;
	}
}

/* With those that go with it. */
static void refuse_cell(struct group_run *s, unsigned i, enum check_end end,
			const struct fault *f)
{
	refuse(s->run, s->result[i], end, f, REFUSE_GROUP);
	s->refused += s->result[i]->refused;
}

/* An exception ended a cell while it was timed; as far as it is known in which body. */
static void end_cell(struct group_run *s, unsigned i, const struct fault *f)
{
	struct result *res = s->result[i];
	const struct body *n = &s->cell[i].n, *n2 = &s->cell[i].n2;
	const bool is_long = f->at >= n2->begin && f->at < n2->end;
	/* A path has one block for both. */
	const struct fault_code code = is_path(res)
		? (struct fault_code){ "the path's block, timed", s->cell[i].one.begin, n->begin }
		: (struct fault_code){
			is_long ? "body of 2n copies, timed" : "body of n copies, timed",
			is_long ? n2->entry : n->entry, is_long ? n2->end : n->end,
		};

	fault_text(res->why, sizeof(res->why), f, &code);
	refuse_cell(s, i, CHECK_FAULT, f);
}

/* Does the code in the arena do what it must?  A cell that does not is refused,
 * with all that was measured of it, and counted. */
static void check_bodies(void *arg)
{
	struct group_run *s = arg;
	const struct platform *m = s->run->machine;

	s->refused = 0;
	s->no_window = !m->quiet_begin(m->ctx);
	if (s->no_window)
		return;
	for (unsigned i = 0; i < s->count; i++) {
		struct result *res = s->result[i];
		const struct arena_cell *a = &s->cell[i];
		const struct checked c[] = {
			{ body_code(&a->one), "body of one copy", !is_path(res), COPIES_one,
			  a->one.end },
			{ body_code(&a->n), "body of n copies", false, COPIES_n, a->n.end },
			{ body_code(&a->n2), "body of 2n copies", false, COPIES_2n,
			  a->n2.end },
		};
		struct fault f;

		const struct held h = cell_promise(&res->cell, s->want);

		/* Its reference was. */
		if (res->refused)
			continue;
		refuse_cell(s, i, check_workload(m, &h, c, 3, res->why, sizeof(res->why),
						 &f), &f);
	}
	m->quiet_end(m->ctx);
}

/* Its bytes, if those of all before it were kept, and there is room. */
static void keep_bytes(struct result *res, const uint8_t *bytes, unsigned len)
{
	unsigned at = 0;

	for (unsigned i = 0; i < res->shown; i++)
		at += res->site_len[i];
	if (res->shown < res->sites || res->shown == CELL_SITES_MAX
	    || len > CELL_BYTES_MAX - at)
		return;
	memcpy(res->bytes + at, bytes, len);
	res->site_len[res->shown++] = len;
}

/* Records what the sites of one copy have become. */
static void describe_sites(const struct group_run *s, unsigned i)
{
	struct result *res = s->result[i];
	const uint8_t *bytes;
	struct text_form f;

	res->call_at = arena_call(&s->cell[i]);
	while ((bytes = arena_site(s->arena, &s->cell[i], res->sites, &f))) {
		keep_bytes(res, bytes, f.len);
		res->sites++;
		res->site_bytes += f.len;
		res->site_nops += f.nops;
		res->counts.sites++;
		res->counts.outcome[f.outcome]++;
	}
}

/* A series' counts of a block, where they are written: nowhere else. */
static struct batch *counts_of(const struct group_run *s, const struct batch *series,
			       size_t at)
{
	struct batch *all = s->run->batches;

	return series ? all + (series - all) + at : NULL;
}

/* What is timed in a block, and where its counts go. */
static void prepare_subjects(struct group_run *s, unsigned block)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct result *res = s->result[i];
		size_t at = (size_t)block * res->series.each;

		s->subject[i] = (struct subject){
			.wl = workload_of(res->cell.workload),
			.vif = backends[res->cell.backend]->vif,
			.state = &states[res->cell.state],
			.n = s->cell[i].n, .n2 = s->cell[i].n2,
			.reps = res->series.reps,
			.steady = res->cell.role == ROLE_chain,
			.waits = workload_waits(workload_of(res->cell.workload)),
			.ticks = counts_of(s, res->series.ticks, at),
			.cycles = counts_of(s, res->series.cycles, at),
		};
		res->address[block] = arena_copies(&s->cell[i])->first;
	}
}

/* In the first block: how many passes make a timing? */
/* Does a pass over an op of table.def last so many times as long as a timing should?  It
 * leaves the guest, as may be: many copies of it would be no batch without an interrupt. */
#define LONG_FROM	4

static bool is_long(const struct group_run *s, unsigned i)
{
	const struct subject *k = &s->subject[i];
	struct fault ignored;

	return k->reps == 1 && !k->state->once && !run_is_counted(s->run)
		&& workload_is_tables(k->wl) && !s->result[i]->series.few
		&& arena_n(&s->cell[i]) > 1
		&& choose_reps(s->run->machine, k, 2 * LONG_FROM * s->run->pass_ticks,
			       &ignored) == 1;
}

static void choose_all_reps(void *arg)
{
	struct group_run *s = arg;
	const struct platform *m = s->run->machine;
	struct fault f;

	s->is_long = false;

	s->no_window = !m->quiet_begin(m->ctx);
	if (s->no_window)
		return;
	for (unsigned i = 0; i < s->count; i++) {
		struct subject *k = &s->subject[i];

		k->reps = k->state->once || run_is_counted(s->run) ? 1
			: choose_reps(m, k, s->run->pass_ticks, &f);
		s->result[i]->series.reps = k->reps;
		if (!k->reps)
			end_cell(s, i, &f);
		else
			s->is_long |= !s->is_long && is_long(s, i);
	}
	m->quiet_end(m->ctx);
}

/* With a budget what a block may spend on tries beyond those that it must have: so much
 * that all of the first pass has half of the time. */
static uint64_t spare_ticks(const struct run *r)
{
	uint64_t blocks = (uint64_t)r->plan.groups / (r->plan.cpus ? r->plan.cpus : 1)
		* r->config->offsets;

	return r->rounds.ran ? r->budget_ticks / (2 * blocks) : 0;
}

static void measure(void *arg)
{
	struct group_run *s = arg;
	struct block_ended ended;
	const struct block b = {
		.width = run_width(s->run, s->group, s->block),
		.subject = s->subject, .count = s->count,
		.want = group_batches(s->run->config, s->group),
		.tries = (states[s->group->state].once ? 8 : 2)
			* group_batches(s->run->config, s->group)
			+ VARY_LEAST,
		.spare_ticks = spare_ticks(s->run),
		.step = s->run->before.step,
		.watch = { s->run->before.count, s->run->before.ticks },
		.ended = &ended,
	};

	s->measured = measure_block(s->run->machine, &b, &s->rng, &s->group->quality,
				    &s->group->taken[s->block]);
	if (s->measured == MEASURED_FAULT)
		end_cell(s, ended.subject, &ended.fault);
}

/* Is there a cell of which nobody knows how many passes make a timing? */
static bool lacks_reps(const struct group_run *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (!s->result[i]->series.reps)
			return true;
	return false;
}

/* Timed, unless an exception ended a cell, which is refused then. */
static bool measure_bodies(struct group_run *s, unsigned block, struct run_error *e)
{
	prepare_subjects(s, block);
	if (lacks_reps(s) && !on_its_cpu(s, choose_all_reps, e))
		return false;
	if (s->refused || s->is_long)
		return true;
	s->block = block;
	if (!on_its_cpu(s, measure, e))
		return false;
	switch (s->measured) {
	case MEASURED:
	case MEASURED_FAULT:
		return true;
	case MEASURED_NO_WINDOW:
		return run_fail(e, RUN_NO_QUIET);
	case MEASURED_NO_CLOCK:
		break;
	}
	return run_fail(e, RUN_CLOCK_STOPPED);
}

/* Bodies of the group's cells; where there can be none, none of them is timed. */
static bool build_bodies(struct group_run *s, unsigned block, struct run_error *e)
{
	char why[sizeof(s->result[0]->why)];

	switch (arena_build(s->arena, s->cell, s->count, s->group->offset[block], &s->rng,
			    e->text, sizeof(e->text))) {
	case ARENA_BUILT:
		return true;
	case ARENA_FAILED:
		return false;
	case ARENA_NO_FIT:
		break;
	}
	text_format(why, sizeof(why), "%s", e->text);
	e->text[0] = '\0';
	for (unsigned i = 0; i < s->count; i++) {
		s->result[i]->refused = true;
		memcpy(s->result[i]->why, why, sizeof(why));
	}
	s->count = 0;
	return true;
}

/* Of a mix: the body of a cell through the table, as it was built; NULL: there is none. */
static const struct arena_cell *built_of_mix(const struct group_run *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->cell[i].cell->role == ROLE_cell
		    && s->cell[i].cell->mode == MODE_indirect)
			return &s->cell[i];
	return NULL;
}

/* What that leaves, once and twice. */
static const struct reference *refer_mix(struct group_run *s)
{
	const struct arena_cell *built = built_of_mix(s);
	const struct held h = {
		.wl = workload_of(s->group->workload), .vif = backends[s->group->backend]->vif,
	};
	const struct checked c = {
		.run = built ? body_code(&built->n) : NULL, .name = "reference", .looks = true,
	};

	return built && check_reference(s->run->machine, &h, &c, &s->left) ? &s->left : NULL;
}

/* What the group's bodies are compared with. */
static void refer_group(void *arg)
{
	struct group_run *s = arg;
	const struct platform *m = s->run->machine;

	s->no_window = !m->quiet_begin(m->ctx);
	if (s->no_window)
		return;
	s->want = is_mix(s) ? refer_mix(s)
		: run_reference(s->run, s->group->workload, s->group->backend, is_few(s),
				&s->left);
	m->quiet_end(m->ctx);
}

static bool run_block(struct group_run *s, unsigned block, struct run_error *e);

/* Without the cells that were refused, once more. */
static bool run_again(struct group_run *s, unsigned block, struct run_error *e)
{
	s->group->taken[block] = 0;
	gather(s);
	return !s->count || run_block(s, block, e);
}

/* Bodies at a placement: built, checked, timed, and still the same after it. */
/* With few copies of its op, once more. */
static bool run_few(struct group_run *s, unsigned block, struct run_error *e)
{
	for (size_t i = 0; i < s->group->count; i++) {
		struct result *res = &s->run->results[s->group->first + i];

		res->series.few = workload_is_tables(workload_of(res->cell.workload));
		res->series.reps = 0;
		res->sites = res->site_bytes = res->site_nops = res->shown = 0;
		res->counts = (struct text_counts){ 0 };
	}
	return on_its_cpu(s, refer_group, e) && run_again(s, block, e);
}

static bool run_block(struct group_run *s, unsigned block, struct run_error *e)
{
	if (!build_bodies(s, block, e))
		return false;
	if (!s->count)
		return true;
	if ((is_mix(s) && !on_its_cpu(s, refer_group, e)) || !on_its_cpu(s, check_bodies, e))
		return false;
	for (unsigned i = 0; i < s->count && !block; i++)
		describe_sites(s, i);
	if (s->refused)
		return run_again(s, block, e);
	if (!measure_bodies(s, block, e)
	    || !arena_verify(s->arena, s->cell, s->count, e->text, sizeof(e->text)))
		return false;
	if (s->is_long)
		return run_few(s, block, e);
	return !s->refused || run_again(s, block, e);
}

/* Every block draws from the seed anew: how many batches were dropped in the
 * ones before is no matter: the same seed means the same places, and the same orders
 * as far as none is dropped. */
static struct rng rng_of(const struct group_run *s, unsigned block)
{
	uint64_t group = (uint64_t)(s->group - s->run->group);
	uint64_t number = group * OFFSETS_MAX + block % OFFSETS_MAX;

	/* Those that no first pass has: behind the numbers of all groups. */
	number += (uint64_t)(block / OFFSETS_MAX) << 24;
	return (struct rng){ s->run->seed + (number << 32) };
}

/* Which instructions a copy executes, as its bytes are now. */
static void name_instructions(const struct group_run *s)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct result *res = s->result[i];
		const struct workload_code *w = code_of(res->cell.convention,
							res->cell.workload);
		const uint8_t *first = (const uint8_t *)(uintptr_t)arena_copies(&s->cell[i])->first;

		res->has_words = res->counted && !is_mix(s) && !is_path(res)
			&& insn_words_of(s->run->machine->isa, first,
					 first + (w->copy_end - w->copy),
					 res->instructions, &res->words);
	}
}

bool time_blocks(struct run *r, struct arena *a, struct group *g, unsigned from,
		 unsigned to, struct run_error *e)
{
	static struct group_run the_group;
	struct group_run *s = &the_group;

	s->run = r;
	s->arena = a;
	s->group = g;
	s->is_long = false;
	if (!backend_put_in_force(s->run, s->group->backend, e))
		return false;
	if (!is_mix(s) && !on_its_cpu(s, refer_group, e))
		return false;
	for (unsigned b = from; b < to; b++) {
		s->rng = rng_of(s, b);
		gather(s);
		if (s->count && !run_block(s, b, e))
			return false;
	}
	if (run_is_counted(r) && count_group(r, g))
		name_instructions(s);
	return backend_is_in_force(s->run, s->group->backend, e);
}
