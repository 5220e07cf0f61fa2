/* SPDX-License-Identifier: GPL-2.0-only */
/* Before anything is timed: every cell in the application's own text, see check_cells.h. */
#include "backend_in_force.h"
#include "check_cells.h"
#include "probe_cells.h"
#include "reference.h"
#include "refuse.h"
#include "workload/code_table.h"
#include "workload/registry.h"
#include "workload/table.h"

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
static void check_compiled(struct run *r, const struct check_pass *p,
			   struct result *res)
{
	const struct platform *m = r->machine;
	const struct workload_code *code =
		code_of(res->cell.convention, res->cell.workload);
	const struct held h = cell_promise(&res->cell, p->want[res->cell.workload]);
	bool poison = p->padding == PADDING_poison;
	const struct checked c[] = {
		{ code->one, poison ? "body of one copy, as compiled, poisoned"
			: "body of one copy, as compiled", true, COPIES_one,
			(uintptr_t)code->one_end },
		{ code->three, poison ? "body of three copies, as compiled, poisoned"
			: "body of three copies, as compiled", false,
			COPIES_three, (uintptr_t)code->three_end },
	};
	struct fault f;

	refuse(r, res, check_workload(m, &h, c, 2, res->why, sizeof(res->why), &f), &f,
	       REFUSE_ALL);
}

/* Is it checked in this pass?  In a second one those alone that are compared by then.  Of a mix
 * its bodies alone are: in the text it has no sequence. */
static bool is_due(const struct check_pass *p, const struct result *res)
{
	return pass_has(p, res) && !workload_is_of_mix(res->cell.workload)
		&& (!p->again || table_op_of(workload_of(res->cell.workload)));
}

/* The pass's cells from *next on, as many as a window has time for.  False: none is
 * left. */
static bool check_some(struct run *r, const struct check_pass *p, size_t *next)
{
	const struct platform *m = r->machine;
	uint64_t opened = m->begin();
	bool some = false;

	for (; *next < r->plan.cells; ++*next) {
		if (!is_due(p, &r->results[*next]))
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
		if (is_due(p, &r->results[i]))
			return true;
	return false;
}

/* Every cell of a pass, each in the application's own text. */
static bool check_pass_cells(struct run *r, const struct check_pass *p, struct run_error *e)
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

/* What the reference mode does, of every workload there is a cell of: from *next on, as
 * many as a window has time for.  False: none is left. */
static bool refer_some(const struct run *r, struct check_pass *p, size_t *next)
{
	static struct reference left[WORKLOAD_MAX - WORKLOADS_MIX_MAX];
	const struct platform *m = r->machine;
	uint64_t opened = m->begin();

	for (; *next < r->plan.cells; ++*next) {
		const struct result *res = &r->results[*next];
		const struct cell *c = &res->cell;

		if (c->backend != p->backend || !conventions[c->convention].sites
		    || res->left_out || workload_is_of_mix(c->workload)
		    || p->want[c->workload])
			continue;
		p->want[c->workload] = run_reference(r, c->workload, p->backend, false,
						     &left[p->referred]);
		p->referred += !!p->want[c->workload];
		if (m->end() - opened >= m->quiet_ticks) {
			++*next;	/* there may be none: it is not asked for ever */
			return true;
		}
	}
	return false;
}

static bool refer_workloads(const struct run *r, struct check_pass *p)
{
	const struct platform *m = r->machine;
	size_t next = 0;
	bool more = true;

	while (more) {
		if (!m->quiet_begin(m->ctx))
			return false;
		more = refer_some(r, p, &next);
		m->quiet_end(m->ctx);
	}
	return true;
}

/* Native code, which nothing is patched of: once before there is anything to compare it
 * with, and what the table's ops leave once more. */
static bool check_native(struct run *r, struct check_pass *p, bool again, struct run_error *e)
{
	p->again = again;
	pass_begin(p, r, MODE_native, PADDING_long);
	return check_pass_cells(r, p, e);
}

static bool check_backend(struct run *r, enum backend_id b,
			  struct probes *probes, struct run_error *e)
{
	struct check_pass p = { .backend = b };

	if (!backend_put_in_force(r, b, e))
		return false;
	/* First of all: what the CPU does not do natively nobody else is asked for. */
	if (!check_native(r, &p, false, e) || !probe_backend(r, &p, probes, e))
		return false;
	if (!refer_workloads(r, &p))
		return run_fail(e, RUN_NO_QUIET);
	if (!check_native(r, &p, true, e))
		return false;
	p.again = false;
	for (unsigned mode = 0; mode < MODE_COUNT; mode++)
		for (unsigned padding = 0; padding < PADDING_COUNT; padding++)
			if (mode != MODE_native && pass_begin(&p, r, mode, padding)
			    && !check_pass_cells(r, &p, e))
				return false;
	return true;
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
	bool ok = probes_prepare(r, &probes, e);

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
