/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before anything is timed: every backend and mode in the application's own text, what
 * its sites do to registers, and what its workloads do.
 */
#include "backend_in_force.h"
#include "check/probe.h"
#include "check_cells.h"
#include "lib/mem.h"
#include "lib/sink.h"
#include "reference.h"
#include "workload/code_table.h"
#include "workload/registry.h"

/* The application's own text: a backend in a mode, with a padding. */
struct check_pass {
	enum backend_id backend;
	enum mode_id mode;
	enum padding_id padding;
	struct nop_table nops;
	/* What the reference leaves, by workload. */
	const struct reference *want[WORKLOAD_MAX];
	struct probes *probes;
};

/* @applied: what became of its sites, as the report has it. */
static bool apply_text(const struct run *r, const struct check_pass *p,
		       const struct text *t,
		       struct text_counts (*applied)[MODE_COUNT],
		       bool (*was_applied)[MODE_COUNT], struct run_error *e)
{
	struct text_counts counts;
	struct text_error te;

	if (!text_apply(t, backends[p->backend], &modes[p->mode], &p->nops,
			TEXT_ALL, r->machine->writer, &counts, &te))
		return run_fail_text(e, "patching failed", &te);
	if (p->padding != PADDING_long)
		return true;
	applied[p->backend][p->mode] = counts;
	was_applied[p->backend][p->mode] = true;
	return true;
}

/* The application's, and every module's. */
static bool apply(struct run *r, const struct check_pass *p, struct run_error *e)
{
	bool ok = apply_text(r, p, r->text, r->applied, r->was_applied, e);

	for (unsigned i = 0; ok && i < r->modules; i++) {
		struct run_module *m = &r->module[i];

		if (m->text)
			ok = apply_text(r, p, m->text, m->applied,
					m->was_applied, e);
	}
	return ok;
}

static bool verify_text(const struct check_pass *p, const struct text *t,
			struct run_error *e)
{
	struct text_error te;

	return text_verify(t, backends[p->backend], &modes[p->mode], &p->nops,
			   TEXT_ALL, &te)
		|| run_fail_text(e, "the text changed while it was checked", &te);
}

/* Nobody else stored to the texts meanwhile. */
static bool verify(const struct run *r, const struct check_pass *p, struct run_error *e)
{
	bool ok = verify_text(p, r->text, e);

	for (unsigned i = 0; ok && i < r->modules; i++)
		if (r->module[i].text)
			ok = verify_text(p, r->module[i].text, e);
	return ok;
}

/* Does the compiled code do what it must, as it is patched now?  In a window. */
static void check_compiled(const struct run *r, const struct check_pass *p,
			   struct result *res)
{
	const struct platform *m = r->machine;
	const struct workload_code *code =
		code_of(res->cell.convention, res->cell.workload);
	const struct held h = cell_promise(&res->cell, p->want[res->cell.workload]);
	bool poison = p->padding == PADDING_poison;
	const struct checked c[] = {
		{ code->one, poison ? "body of one copy, as compiled, poisoned"
			: "body of one copy, as compiled", true, COPIES_one },
		{ code->three, poison ? "body of three copies, as compiled, poisoned"
			: "body of three copies, as compiled", false,
			COPIES_three },
	};

	res->refused = !check_workload(m, &h, c, 2, res->why, sizeof(res->why));
}

/* Is a cell checked in this pass?  Poison is for every cell, whatever its own
 * padding, once. */
static bool in_pass(const struct check_pass *p, const struct result *res)
{
	const struct cell *c = &res->cell;

	return c->backend == p->backend && c->mode == p->mode && !res->refused
		&& (c->padding == p->padding || p->padding == PADDING_poison);
}

/* A probe failed: so do all cells with such a site in that mode; and where the
 * reference has such sites there is none. */
static void refuse_sites(struct run *r, const struct check_pass *p,
			 const struct probe *k, const char *why)
{
	for (size_t i = 0; i < r->plan.cells; i++) {
		struct result *res = &r->results[i];
		const struct cell *c = &res->cell;

		if (res->refused || c->backend != p->backend || c->mode != p->mode
		    || c->convention != k->convention
		    || !set_has(&k->workloads, c->workload))
			continue;
		res->refused = true;
		text_format(res->why, sizeof(res->why), "%s", why);
	}
	for (unsigned w = 0; w < workload_end() && p->mode == MODE_indirect; w++)
		if (set_has(&k->workloads, w) && k->convention == workload_first_sited(w))
			set_add(&r->no_reference[p->backend], w);
}

/* Workloads whose probes a pass asks for, by convention. */
struct probe_set {
	struct set workloads[CONVENTION_COUNT];
};

/* A cell's; and its reference's, which is run whether or not it is in the plan. */
static void ask_probes(struct probe_set *w, const struct check_pass *p, const struct result *res)
{
	const struct cell *c = &res->cell;

	if (in_pass(p, res))
		set_add(&w->workloads[c->convention], c->workload);
	if (p->mode == MODE_indirect && conventions[c->convention].sites)
		set_add(&w->workloads[workload_first_sited(c->workload)], c->workload);
}

static struct probe_set probes_asked(const struct run *r, const struct check_pass *p)
{
	struct probe_set w = { { { { 0 } } } };

	for (size_t g = 0; g < r->plan.groups; g++) {
		const struct result *res = &r->results[r->group[g].first];

		if (r->group[g].backend != p->backend)
			continue;
		for (unsigned i = 0; i < r->group[g].count; i++)
			ask_probes(&w, p, &res[i]);
	}
	return w;
}

static bool is_any(const struct probe_set *w)
{
	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		if (!set_is_empty(&w->workloads[c]))
			return true;
	return false;
}

/* As check_some(), of probes. */
static bool probe_some(struct run *r, const struct check_pass *p,
		       const struct probe_set *w, unsigned *next)
{
	const struct probed of = {
		r->text->where.isa, backends[p->backend]->vif, p->mode,
		p->padding == PADDING_poison,
	};
	const struct platform *m = r->machine;
	uint64_t opened = m->begin();
	char why[sizeof(r->results->why)];
	bool some = false;		/* one at least, whatever the clock says */

	for (; *next < p->probes->count; ++*next) {
		const struct probe *k = &p->probes->probe[*next];

		if (!set_meets(&w->workloads[k->convention], &k->workloads))
			continue;
		if (some && m->end() - opened >= m->quiet_ticks)
			return true;
		some = true;
		r->clobbers.checked++;
		if (probe_check(m, k, &of, why, sizeof(why)))
			continue;
		r->clobbers.failed++;
		refuse_sites(r, p, k, why);
	}
	return false;
}

/* What a pass's sites do to registers. */
static bool probe_pass(struct run *r, const struct check_pass *p, struct run_error *e)
{
	const struct platform *m = r->machine;
	const struct probe_set w = probes_asked(r, p);
	struct text_counts ignored;
	struct text_error te;
	unsigned next = 0;
	bool more = is_any(&w);

	if (more && !text_apply(&p->probes->text, backends[p->backend],
				&modes[p->mode], &p->nops, TEXT_ALL, m->writer,
				&ignored, &te))
		return run_fail_text(e, "patching probes failed", &te);
	while (more) {
		if (!m->quiet_begin(m->ctx))
			return run_fail(e, RUN_NO_QUIET);
		more = probe_some(r, p, &w, &next);
		m->quiet_end(m->ctx);
	}
	return true;
}

/* The pass's cells from *next on, as many as a window has time for.  False: none is
 * left. */
static bool check_some(struct run *r, const struct check_pass *p, size_t *next)
{
	const struct platform *m = r->machine;
	uint64_t opened = m->begin();
	bool some = false;

	for (; *next < r->plan.cells; ++*next) {
		if (!in_pass(p, &r->results[*next]))
			continue;
		if (some && m->end() - opened >= m->quiet_ticks)
			return true;
		some = true;
		check_compiled(r, p, &r->results[*next]);
	}
	return false;
}

static bool has_pass(const struct run *r, const struct check_pass *p)
{
	for (size_t i = 0; i < r->plan.cells; i++)
		if (in_pass(p, &r->results[i]))
			return true;
	return false;
}

/* Every cell of a pass, each in the application's own text. */
static bool check_in_pass(struct run *r, const struct check_pass *p, struct run_error *e)
{
	const struct platform *m = r->machine;
	bool more = has_pass(r, p);
	size_t next = 0;

	if (!more)
		return true;
	if (p->mode != MODE_native && !apply(r, p, e))
		return false;
	while (more) {
		if (!m->quiet_begin(m->ctx))
			return run_fail(e, RUN_NO_QUIET);
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
static bool refer_workloads(const struct run *r, struct check_pass *p)
{
	static struct reference left[WORKLOAD_MAX];
	const struct platform *m = r->machine;

	if (!m->quiet_begin(m->ctx))
		return false;
	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct cell *c = &r->results[i].cell;

		if (c->backend == p->backend && conventions[c->convention].sites
		    && !p->want[c->workload])
			p->want[c->workload] = run_reference(r, c->workload, p->backend,
						     &left[c->workload]);
	}
	m->quiet_end(m->ctx);
	return true;
}

/* A mode that pads nothing cannot be padded otherwise. */
static bool pass_begin(struct check_pass *p, const struct run *r, enum mode_id mode,
		    enum padding_id padding)
{
	p->mode = mode;
	p->padding = padding;
	p->nops = nop_padding(r->nops, padding);
	return padding == PADDING_long || modes[mode].pads;
}

/* Before anything relies on what a site does to registers.  Paddings other than
 * these show nothing that they do not. */
static bool probe_backend(struct run *r, struct check_pass *p, struct run_error *e)
{
	for (unsigned mode = 0; mode < MODE_COUNT; mode++) {
		if (mode == MODE_native)
			continue;
		if (pass_begin(p, r, mode, PADDING_long) && !probe_pass(r, p, e))
			return false;
		if (pass_begin(p, r, mode, PADDING_poison) && !probe_pass(r, p, e))
			return false;
	}
	return true;
}

static bool check_backend(struct run *r, enum backend_id b,
			  struct probes *probes, struct run_error *e)
{
	struct check_pass p = { .backend = b, .probes = probes };

	if (!backend_put_in_force(r, b, e) || !probe_backend(r, &p, e))
		return false;
	if (!refer_workloads(r, &p))
		return run_fail(e, RUN_NO_QUIET);
	for (unsigned mode = 0; mode < MODE_COUNT; mode++)
		for (unsigned padding = 0; padding < PADDING_COUNT; padding++)
			if (pass_begin(&p, r, mode, padding) && !check_in_pass(r, &p, e))
				return false;
	return true;
}

static void add_probe(const struct run *r, struct probes *p,
		      bool added[][WORKLOAD_MAX], unsigned convention,
		      unsigned workload)
{
	if (!added[convention][workload])
		probes_add(p, text_of(workload, r->text), convention, workload,
			   code_of(convention, workload));
	added[convention][workload] = true;
}

/* A site of every op that a cell has one of, or its reference. */
static bool build_probes(struct run *r, struct probes *p,
			 struct run_error *e)
{
	static bool added[CONVENTION_COUNT][WORKLOAD_MAX];
	const char *why;

	memset(p, 0, sizeof(*p));
	memset(added, 0, sizeof(added));
	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct cell *c = &r->results[i].cell;

		if (conventions[c->convention].sites) {
			add_probe(r, p, added, c->convention, c->workload);
			add_probe(r, p, added, workload_first_sited(c->workload), c->workload);
		}
	}
	memset(r->no_reference, 0, sizeof(r->no_reference));
	r->clobbers = (struct probe_counts){ .not_run = p->not_run };
	why = p->count ? probes_build(p, r->machine, r->text, r->arena_memory) : NULL;
	return !why || run_fail(e, why);
}

/* The application's text and every module's, as they were built; all of them, also
 * where one cannot be. */
static bool restore_all(const struct run *r, struct run_error *e)
{
	struct run_error second;
	bool ok = run_restore_text(r, r->text, e);

	for (unsigned i = 0; i < r->modules; i++)
		if (!run_restore_text(r, r->module[i].text, ok ? e : &second))
			ok = false;
	return ok;
}

bool check_cells(struct run *r, struct run_error *e)
{
	static struct probes probes;
	bool ok = build_probes(r, &probes, e);

	for (unsigned b = 0; ok && b < BACKEND_COUNT; b++) {
		struct run_error second;

		if (!has_cells(r, b))
			continue;
		ok = check_backend(r, b, &probes, e);
		if (!restore_all(r, ok ? e : &second))
			ok = false;
	}
	return ok;
}
