/* SPDX-License-Identifier: GPL-2.0-only */
/* The execution of a plan, see run.h. */
#include "lib.h"
#include "measure.h"
#include "run.h"
#include "sink.h"

#define NO_QUIET "no quiet window: an interrupt controller did not take its mask, or the per-CPU segment cannot be had"

static bool fail(struct run_error *e, const char *what)
{
	text_format(e->text, sizeof(e->text), "%s", what);
	return false;
}

static bool fail_text(struct run_error *e, const char *what,
		      const struct text_error *t)
{
	if (t->record == TEXT_NO_RECORD)
		text_format(e->text, sizeof(e->text), "%s: %s", what, t->why);
	else
		text_format(e->text, sizeof(e->text),
			    "%s: record %u, site at 0x%llx, type %u, %u bytes: %s",
			    what, (unsigned)t->record,
			    (unsigned long long)t->addr, t->type, t->len, t->why);
	return false;
}

/* A backend's tables in force, and its trampolines. */
static bool use_backend(const struct run *r, enum backend_id b,
			struct run_error *e)
{
	struct text_counts ignored;
	struct text_error te;

	backend_install(backends[b]);
	if (!r->trampolines)
		return true;
	return text_apply(r->trampolines, backends[b], &modes[MODE_direct], r->nops,
			  TEXT_ALL, r->machine->writer, &ignored, &te)
		|| fail_text(e, "patching trampolines failed", &te);
}

/* Are they still? */
static bool still_in_use(const struct run *r, enum backend_id b,
			 struct run_error *e)
{
	struct text_error te;

	return !r->trampolines
		|| text_verify(r->trampolines, backends[b], &modes[MODE_direct],
			       r->nops, TEXT_ALL, &te)
		|| fail_text(e, "a trampoline changed while it was timed", &te);
}

/* The first convention in which the workload has sites; CONVENTION_COUNT: none. */
static unsigned first_sited(enum workload_id w)
{
	unsigned c = 0;

	while (c < CONVENTION_COUNT
	       && !(conventions[c].sites && workload_code[c][w].one))
		c++;
	return c;
}

/* What the reference mode leaves, as built: the text must be that, and the backend
 * in use.  Return: @left, or NULL where there is no such mode, or it is not to be
 * run. */
static const struct after *refer(const struct run *r, enum workload_id w,
				 enum backend_id b, struct after *left)
{
	unsigned convention = first_sited(w);
	const struct held h = { .wl = &workloads[w], .vif = backends[b]->vif };
	struct checked c = { .name = "reference", .looks = true };

	if (convention == CONVENTION_COUNT || r->no_reference[b] >> w & 1)
		return NULL;
	c.run = workload_code[convention][w].one;
	check_reference(r->machine, &h, &c, left);
	return left;
}

static struct held held_to(const struct cell *c, const struct after *want)
{
	return (struct held){
		.wl = &workloads[c->workload], .vif = backends[c->backend]->vif,
		.effect = modes[c->mode].effect,
		.want = conventions[c->convention].sites ? want : NULL,
	};
}

/* The application's own text: a backend in a mode, with a padding. */
struct pass {
	enum backend_id backend;
	enum mode_id mode;
	enum padding_id padding;
	struct nop_table nops;
	/* What the reference leaves, by workload. */
	const struct after *want[WORKLOAD_COUNT];
	struct probes *probes;
};

static bool apply(struct run *r, const struct pass *p, struct run_error *e)
{
	struct text_counts counts;
	struct text_error te;

	if (!text_apply(r->text, backends[p->backend], &modes[p->mode], &p->nops,
			TEXT_ALL, r->machine->writer, &counts, &te))
		return fail_text(e, "patching failed", &te);
	if (p->padding != PADDING_long)
		return true;
	r->applied[p->backend][p->mode] = counts;
	r->was_applied[p->backend][p->mode] = true;
	return true;
}

/* Nobody else stored to the text meanwhile. */
static bool verify(const struct run *r, const struct pass *p, struct run_error *e)
{
	struct text_error te;

	return text_verify(r->text, backends[p->backend], &modes[p->mode], &p->nops,
			   TEXT_ALL, &te)
		|| fail_text(e, "the text changed while it was checked", &te);
}

/* Does the compiled code do what it must, as it is patched now?  In a window. */
static void check_compiled(const struct run *r, const struct pass *p,
			   struct result *res)
{
	const struct machine *m = r->machine;
	const struct workload_code *code =
		&workload_code[res->cell.convention][res->cell.workload];
	const struct held h = held_to(&res->cell, p->want[res->cell.workload]);
	bool poison = p->padding == PADDING_poison;
	const struct checked c[] = {
		{ code->one, poison ? "body of one copy, as compiled, poisoned"
			: "body of one copy, as compiled", true },
		{ code->three, poison ? "body of three copies, as compiled, poisoned"
			: "body of three copies, as compiled", false },
	};

	res->refused = !check_workload(m, &h, c, 2, res->why, sizeof(res->why));
}

/* Is a cell checked in this pass?  Poison is for every cell, whatever its own
 * padding, once. */
static bool in_pass(const struct pass *p, const struct result *res)
{
	const struct cell *c = &res->cell;

	return c->backend == p->backend && c->mode == p->mode && !res->refused
		&& (c->padding == p->padding || p->padding == PADDING_poison);
}

/* A probe failed: so do all cells with such a site in that mode; and where the
 * reference has such sites there is none. */
static void refuse_sites(struct run *r, const struct pass *p,
			 const struct probe *k, const char *why)
{
	for (size_t i = 0; i < r->plan.cells; i++) {
		struct result *res = &r->results[i];
		const struct cell *c = &res->cell;

		if (res->refused || c->backend != p->backend || c->mode != p->mode
		    || c->convention != k->convention
		    || !(k->workloads >> c->workload & 1))
			continue;
		res->refused = true;
		text_format(res->why, sizeof(res->why), "%s", why);
	}
	for (unsigned w = 0; w < WORKLOAD_COUNT && p->mode == MODE_indirect; w++)
		if (k->workloads >> w & 1 && k->convention == first_sited(w))
			r->no_reference[p->backend] |= 1u << w;
}

/* Workloads whose probes a pass asks for, by convention. */
struct wanted {
	uint32_t workloads[CONVENTION_COUNT];
};

/* A cell's; and its reference's, which is run whether or not it is in the plan. */
static void want(struct wanted *w, const struct pass *p, const struct result *res)
{
	const struct cell *c = &res->cell;

	if (in_pass(p, res))
		w->workloads[c->convention] |= 1u << c->workload;
	if (p->mode == MODE_indirect && conventions[c->convention].sites)
		w->workloads[first_sited(c->workload)] |= 1u << c->workload;
}

static struct wanted wanted_in(const struct run *r, const struct pass *p)
{
	struct wanted w = { { 0 } };

	for (size_t g = 0; g < r->plan.groups; g++) {
		const struct result *res = &r->results[r->group[g].first];

		if (r->group[g].backend != p->backend)
			continue;
		for (unsigned i = 0; i < r->group[g].count; i++)
			want(&w, p, &res[i]);
	}
	return w;
}

static bool is_any(const struct wanted *w)
{
	uint32_t any = 0;

	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		any |= w->workloads[c];
	return any;
}

/* As check_some(), of probes. */
static bool probe_some(struct run *r, const struct pass *p,
		       const struct wanted *w, unsigned *next)
{
	const struct probed of = {
		r->text->where.isa, backends[p->backend]->vif, p->mode,
		p->padding == PADDING_poison,
	};
	const struct machine *m = r->machine;
	uint64_t opened = m->begin();
	char why[sizeof(r->results->why)];

	for (; *next < p->probes->count; ++*next) {
		const struct probe *k = &p->probes->probe[*next];

		if (!(w->workloads[k->convention] & k->workloads))
			continue;
		if (m->end() - opened >= m->quiet_ticks)
			return true;
		r->clobbers.checked++;
		if (probe_check(m, k, &of, why, sizeof(why)))
			continue;
		r->clobbers.failed++;
		refuse_sites(r, p, k, why);
	}
	return false;
}

/* What a pass's sites do to registers. */
static bool probe_pass(struct run *r, const struct pass *p, struct run_error *e)
{
	const struct machine *m = r->machine;
	const struct wanted w = wanted_in(r, p);
	struct text_counts ignored;
	struct text_error te;
	unsigned next = 0;
	bool more = is_any(&w);

	if (more && !text_apply(&p->probes->text, backends[p->backend],
				&modes[p->mode], &p->nops, TEXT_ALL, m->writer,
				&ignored, &te))
		return fail_text(e, "patching probes failed", &te);
	while (more) {
		if (!m->quiet_begin(m->ctx))
			return fail(e, NO_QUIET);
		more = probe_some(r, p, &w, &next);
		m->quiet_end(m->ctx);
	}
	return true;
}

/* The pass's cells from *next on, as many as a window has time for.  False: none is
 * left. */
static bool check_some(struct run *r, const struct pass *p, size_t *next)
{
	const struct machine *m = r->machine;
	uint64_t opened = m->begin();

	for (; *next < r->plan.cells; ++*next) {
		if (!in_pass(p, &r->results[*next]))
			continue;
		if (m->end() - opened >= m->quiet_ticks)
			return true;
		check_compiled(r, p, &r->results[*next]);
	}
	return false;
}

static bool has_pass(const struct run *r, const struct pass *p)
{
	for (size_t i = 0; i < r->plan.cells; i++)
		if (in_pass(p, &r->results[i]))
			return true;
	return false;
}

/* Every cell of a pass, each in the application's own text. */
static bool check_pass(struct run *r, const struct pass *p, struct run_error *e)
{
	const struct machine *m = r->machine;
	bool more = has_pass(r, p);
	size_t next = 0;

	if (!more)
		return true;
	if (p->mode != MODE_native && !apply(r, p, e))
		return false;
	while (more) {
		if (!m->quiet_begin(m->ctx))
			return fail(e, NO_QUIET);
		more = check_some(r, p, &next);
		m->quiet_end(m->ctx);
	}
	return p->mode == MODE_native || verify(r, p, e);
}

static bool has_cells(const struct run *r, enum backend_id b)
{
	for (size_t i = 0; i < r->plan.cells; i++)
		if (r->results[i].cell.backend == b)
			return true;
	return false;
}

/* What the reference mode does, of every workload there is a cell of. */
static bool refer_all(const struct run *r, struct pass *p)
{
	static struct after left[WORKLOAD_COUNT][TRIALS];
	const struct machine *m = r->machine;

	if (!m->quiet_begin(m->ctx))
		return false;
	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct cell *c = &r->results[i].cell;

		if (c->backend == p->backend && conventions[c->convention].sites
		    && !p->want[c->workload])
			p->want[c->workload] = refer(r, c->workload, p->backend,
						     left[c->workload]);
	}
	m->quiet_end(m->ctx);
	return true;
}

/* A mode that pads nothing cannot be padded otherwise. */
static bool is_pass(struct pass *p, const struct run *r, enum mode_id mode,
		    enum padding_id padding)
{
	p->mode = mode;
	p->padding = padding;
	p->nops = nop_padding(r->nops, padding);
	return padding == PADDING_long || modes[mode].pads;
}

/* Before anything relies on what a site does to registers.  Paddings other than
 * these show nothing that they do not. */
static bool probe_backend(struct run *r, struct pass *p, struct run_error *e)
{
	for (unsigned mode = 0; mode < MODE_COUNT; mode++) {
		if (mode == MODE_native)
			continue;
		if (is_pass(p, r, mode, PADDING_long) && !probe_pass(r, p, e))
			return false;
		if (is_pass(p, r, mode, PADDING_poison) && !probe_pass(r, p, e))
			return false;
	}
	return true;
}

static bool check_backend(struct run *r, enum backend_id b,
			  struct probes *probes, struct run_error *e)
{
	struct pass p = { .backend = b, .probes = probes };

	if (!use_backend(r, b, e) || !probe_backend(r, &p, e))
		return false;
	if (!refer_all(r, &p))
		return fail(e, NO_QUIET);
	for (unsigned mode = 0; mode < MODE_COUNT; mode++)
		for (unsigned padding = 0; padding < PADDING_COUNT; padding++)
			if (is_pass(&p, r, mode, padding) && !check_pass(r, &p, e))
				return false;
	return true;
}

/* The built bytes of the text, of the trampolines. */
static bool restore(const struct run *r, const struct text *t,
		    struct run_error *e)
{
	struct text_error te;

	return !t || text_restore(t, r->machine->writer, &te)
		|| fail_text(e, "the built bytes could not be put back", &te);
}

static void add_probe(const struct run *r, struct probes *p,
		      bool added[][WORKLOAD_COUNT], unsigned convention,
		      unsigned workload)
{
	if (!added[convention][workload])
		probes_add(p, &r->text->where, convention, workload,
			   &workload_code[convention][workload]);
	added[convention][workload] = true;
}

/* A site of every op that a cell has one of, or its reference. */
static bool build_probes(struct run *r, struct probes *p,
			 struct run_error *e)
{
	static bool added[CONVENTION_COUNT][WORKLOAD_COUNT];
	const char *why;

	memset(p, 0, sizeof(*p));
	memset(added, 0, sizeof(added));
	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct cell *c = &r->results[i].cell;

		if (conventions[c->convention].sites) {
			add_probe(r, p, added, c->convention, c->workload);
			add_probe(r, p, added, first_sited(c->workload), c->workload);
		}
	}
	memset(r->no_reference, 0, sizeof(r->no_reference));
	r->clobbers = (struct probe_counts){ .not_run = p->not_run };
	why = p->count ? probes_build(p, r->machine, r->text, r->arena_memory) : NULL;
	return !why || fail(e, why);
}

static bool check_all(struct run *r, struct run_error *e)
{
	static struct probes probes;
	bool ok = build_probes(r, &probes, e);

	for (unsigned b = 0; ok && b < BACKEND_COUNT; b++) {
		struct run_error second;

		if (!has_cells(r, b))
			continue;
		ok = check_backend(r, b, &probes, e);
		if (!restore(r, r->text, ok ? e : &second))
			ok = false;
	}
	return ok;
}

/* One group: its cells' code in the arena, and what is timed of it. */
struct session {
	struct run *run;
	struct arena *arena;
	struct group *group;
	struct rng rng;
	unsigned count;			/* cells that are timed */
	struct result *result[GROUP_MAX];
	struct arena_cell cell[GROUP_MAX];
	struct subject subject[GROUP_MAX];
	struct after left[TRIALS];
	const struct after *want;	/* of the reference mode, or NULL */
};

/* The cells that have not been refused. */
static void gather(struct session *s)
{
	s->count = 0;
	for (size_t i = 0; i < s->group->count; i++) {
		struct result *res = &s->run->results[s->group->first + i];

		if (res->refused)
			continue;
		s->cell[s->count] = (struct arena_cell){ .cell = &res->cell };
		s->result[s->count++] = res;
	}
}

/* Does the code in the arena do what it must?  A cell that does not is refused,
 * with all that was measured of it, and counted in @refused. */
static bool check_bodies(struct session *s, unsigned *refused)
{
	const struct machine *m = s->run->machine;

	*refused = 0;
	if (!m->quiet_begin(m->ctx))
		return false;
	for (unsigned i = 0; i < s->count; i++) {
		struct result *res = s->result[i];
		const struct arena_cell *a = &s->cell[i];
		const struct checked c[] = {
			{ body_code(&a->one), "body of one copy", true },
			{ body_code(&a->n), "body of n copies", false },
			{ body_code(&a->n2), "body of 2n copies", false },
		};

		const struct held h = held_to(&res->cell, s->want);

		res->refused = !check_workload(m, &h, c, 3, res->why,
					       sizeof(res->why));
		*refused += res->refused;
	}
	m->quiet_end(m->ctx);
	return true;
}

/* Records what the sites of one copy have become. */
static void describe_sites(const struct session *s, unsigned i)
{
	struct result *res = s->result[i];
	const uint8_t *bytes;
	struct text_form f;

	res->call_at = arena_call(&s->cell[i]);
	while (res->sites < CELL_SITES_MAX
	       && (bytes = arena_site(s->arena, &s->cell[i], res->sites, &f))
	       && res->site_bytes + f.len <= CELL_BYTES_MAX) {
		memcpy(res->bytes + res->site_bytes, bytes, f.len);
		res->site_len[res->sites++] = f.len;
		res->site_bytes += f.len;
		res->site_nops += f.nops;
		res->counts.sites++;
		res->counts.outcome[f.outcome]++;
	}
}

/* A series' counts of an offset, where they are written: nowhere else. */
static struct batch *counts_of(const struct session *s, const struct batch *series,
			       size_t at)
{
	struct batch *all = s->run->batches;

	return series ? all + (series - all) + at : NULL;
}

/* What is timed at an offset, and where its counts go. */
static void prepare_subjects(struct session *s, unsigned offset)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct result *res = s->result[i];
		size_t at = (size_t)offset * res->series.each;

		s->subject[i] = (struct subject){
			.wl = &workloads[res->cell.workload],
			.vif = backends[res->cell.backend]->vif,
			.state = &states[res->cell.state],
			.n = s->cell[i].n, .n2 = s->cell[i].n2,
			.reps = res->series.reps,
			.ticks = counts_of(s, res->series.ticks, at),
			.cycles = counts_of(s, res->series.cycles, at),
		};
		res->address[offset] = s->cell[i].n.first;
	}
}

/* At the first offset: how many passes make a timing? */
static bool choose_all_reps(struct session *s)
{
	const struct machine *m = s->run->machine;

	if (!m->quiet_begin(m->ctx))
		return false;
	for (unsigned i = 0; i < s->count; i++) {
		struct subject *k = &s->subject[i];

		k->reps = k->state->once ? 1
			: choose_reps(m, k, s->run->pass_ticks);
		s->result[i]->series.reps = k->reps;
	}
	m->quiet_end(m->ctx);
	return true;
}

static bool measure_offset(struct session *s, unsigned offset)
{
	const struct block b = {
		.subject = s->subject, .count = s->count,
		.want = state_batches(s->run->config, s->group->state),
		.tries = (states[s->group->state].once ? 8 : 2)
			* state_batches(s->run->config, s->group->state),
	};

	prepare_subjects(s, offset);
	if (!s->result[0]->series.reps && !choose_all_reps(s))
		return false;
	return measure_block(s->run->machine, &b, &s->rng, &s->group->quality,
			     &s->group->taken[offset]);
}

/* Bodies at an offset: built, checked, timed, and still the same after it. */
static bool run_offset(struct session *s, unsigned offset, struct run_error *e)
{
	unsigned step = run_offset_step(s->run->config), refused;

	if (!arena_build(s->arena, s->cell, s->count, offset * step, &s->rng,
			 e->text, sizeof(e->text)))
		return false;
	if (!check_bodies(s, &refused))
		return fail(e, NO_QUIET);
	for (unsigned i = 0; i < s->count && !offset; i++)
		describe_sites(s, i);
	if (refused) {			/* without them, once more */
		gather(s);
		return !s->count || run_offset(s, offset, e);
	}
	if (!measure_offset(s, offset))
		return fail(e, NO_QUIET);
	return arena_verify(s->arena, s->cell, s->count, e->text,
			    sizeof(e->text));
}

/* Every offset draws from the seed anew: how many batches were dropped at the
 * ones before is no matter: the same seed means the same places, and the same orders
 * as far as none is dropped. */
static struct rng rng_of(const struct session *s, unsigned offset)
{
	uint64_t group = (uint64_t)(s->group - s->run->group);

	return (struct rng){ s->run->seed + ((group * OFFSETS_MAX + offset) << 32) };
}

/* What the group's bodies are compared with. */
static bool refer_group(struct session *s)
{
	const struct machine *m = s->run->machine;

	if (!m->quiet_begin(m->ctx))
		return false;
	s->want = refer(s->run, s->group->workload, s->group->backend, s->left);
	m->quiet_end(m->ctx);
	return true;
}

static bool run_group(struct session *s, struct run_error *e)
{
	if (!use_backend(s->run, s->group->backend, e))
		return false;
	if (!refer_group(s))
		return fail(e, NO_QUIET);
	for (unsigned o = 0; o < s->run->config->offsets; o++) {
		s->rng = rng_of(s, o);
		gather(s);
		if (s->count && !run_offset(s, o, e))
			return false;
	}
	return still_in_use(s->run, s->group->backend, e);
}

static void add_quality(struct quality *to, const struct quality *q)
{
	to->tried += q->tried;
	for (unsigned i = 0; i < DROPPED_COUNT; i++)
		to->dropped[i] += q->dropped[i];
	to->windows += q->windows;
	to->overran += q->overran;
	if (q->largest_gap > to->largest_gap)
		to->largest_gap = q->largest_gap;
	if (q->longest_window > to->longest_window)
		to->longest_window = q->longest_window;
}

static bool run_groups(struct run *r, struct arena *a, struct run_error *e)
{
	static struct session s;
	unsigned groups = (unsigned)r->plan.groups, done;

	s.run = r;
	s.arena = a;
	for (done = 0; done < groups; done++) {
		r->machine->progress(r->machine->ctx, done, groups);
		s.group = &r->group[done];
		if (!run_group(&s, e))
			return false;
		add_quality(&r->quality, &s.group->quality);
	}
	r->machine->progress(r->machine->ctx, done, groups);
	return true;
}

/* Where each cell's raw counts go. */
static void lay_out(struct run *r)
{
	uint32_t each = plan_batches(r->config);
	size_t room = (size_t)each * r->config->offsets;
	struct batch *at = r->batches;

	for (size_t i = 0; i < r->plan.cells; i++) {
		struct series *s = &r->results[i].series;

		*s = (struct series){ .each = each, .ticks = at };
		at += room;
		if (!r->machine->cycles)
			continue;
		s->cycles = at;
		at += room;
	}
}

/* A clock that cannot be trusted ends a run before it begins. */
static bool watch(struct run *r, struct gaps *g, struct run_error *e)
{
	if (!watch_gaps(r->machine, r->gap_watch, g))
		return fail(e, NO_QUIET);
	if (g->stopped)
		return fail(e, "the TSC stands still: nothing can be timed by it");
	if (g->backwards)
		return fail(e, "the TSC ran backwards: nothing can be timed by it");
	return true;
}

static bool run_patched(struct run *r, struct run_error *e)
{
	struct arena a;

	if (!check_all(r, e))
		return false;
	r->pass_ticks = run_pass_ticks(r->config, r->before.step,
				       r->machine->emulated);
	if (!arena_open(&a, r->machine, r->text, r->nops, r->arena_memory))
		return fail(e, "the memory for bodies cannot be written");
	return run_groups(r, &a, e);
}

/* The trampolines are as they were built at the end, on every path. */
static bool run_timed(struct run *r, struct run_error *e)
{
	struct run_error second;
	bool ok;

	if (!watch(r, &r->before, e))
		return false;
	ok = run_patched(r, e);
	if (!restore(r, r->trampolines, ok ? e : &second))
		ok = false;
	return ok && watch(r, &r->after, e);
}

bool run_all(struct run *r, struct run_error *e)
{
	struct paravirt_ops found = paravirt_ops, found_callee = paravirt_callee;
	bool ok;

	lay_out(r);
	ok = run_timed(r, e);
	paravirt_ops = found;
	paravirt_callee = found_callee;
	r->failed = ok ? NULL : e->text;
	for (size_t i = 0; i < r->plan.groups; i++)
		summarise(&r->group[i], r->results, plan_batches(r->config),
			  r->chain_cycles, r->before.step, r->scratch);
	return ok;
}

unsigned run_empty(const struct run *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.groups; i++)
		n += !group_taken(&r->group[i]);
	return n;
}

unsigned run_refused(const struct run *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.cells; i++)
		n += r->results[i].refused;
	return n;
}
