/* SPDX-License-Identifier: GPL-2.0-only */
/* Sites run alone, for the cells that have them; see probe_cells.h. */
#include "lib/mem.h"
#include "lib/sink.h"
#include "mix/row.h"
#include "probe_cells.h"
#include "reference.h"
#include "refuse.h"
#include "workload/code_table.h"
#include "workload/registry.h"

/* Has the workload such a site?  Those of a mix are its ops', which are workloads by
 * themselves in every plan that has mixes. */
static bool has_site(unsigned workload, const struct probe *k)
{
	const struct mix_row *row = mix_row_of(workload);

	for (unsigned p = 0; row && p < MIX_PARTS; p++)
		if (row->drawn->sequence.count[p]
		    && set_has(&k->workloads, mix_part_workload(p)))
			return true;
	return set_has(&k->workloads, workload);
}

/* A probe failed: so do all cells with such a site in that mode; and where the
 * reference has such sites there is none. */
static void refuse_sites(struct run *r, const struct check_pass *p,
			 const struct probe *k, const char *why, const struct fault *f)
{
	for (size_t i = 0; i < r->plan.cells; i++) {
		struct result *res = &r->results[i];
		const struct cell *c = &res->cell;

		if (res->refused || c->backend != p->backend || c->mode != p->mode
		    || c->convention != k->convention
		    || !has_site(c->workload, k))
			continue;
		text_format(res->why, sizeof(res->why), "%s", why);
		refuse(r, res, f->vector == NO_FAULT ? CHECK_WRONG : CHECK_FAULT, f,
		       REFUSE_ALL);
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

	if (workload_is_of_mix(c->workload))
		return;
	if (pass_has(p, res))
		set_add(&w->workloads[c->convention], c->workload);
	if (p->mode == MODE_indirect && conventions[c->convention].sites && !res->left_out)
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

/* From *next on, as many as a window has time for.  False: none is left. */
static bool probe_some(struct run *r, const struct check_pass *p,
		       const struct probes *probes, const struct probe_set *w,
		       unsigned *next)
{
	const struct probed of = {
		r->text->where.isa, backends[p->backend]->vif, p->mode,
		p->padding == PADDING_poison,
	};
	const struct platform *m = r->machine;
	uint64_t opened = m->begin();
	char why[sizeof(r->results->why)];
	bool some = false;		/* one at least, whatever the clock says */
	enum probe_end end;
	struct fault f;

	for (; *next < probes->count; ++*next) {
		const struct probe *k = &probes->probe[*next];

		if (!set_meets(&w->workloads[k->convention], &k->workloads))
			continue;
		if (some && m->end() - opened >= m->quiet_ticks)
			return true;
		some = true;
		end = probe_check(m, k, &of, why, sizeof(why), &f);
		r->clobbers.checked += end != PROBE_NOT_RUN;
		r->clobbers.not_run += end == PROBE_NOT_RUN;
		if (end != PROBE_WRONG)
			continue;
		r->clobbers.failed++;
		refuse_sites(r, p, k, why, &f);
	}
	return false;
}

/* What a pass's sites do to registers. */
static bool probe_pass(struct run *r, const struct check_pass *p,
		       const struct probes *probes, struct run_error *e)
{
	const struct platform *m = r->machine;
	const struct probe_set w = probes_asked(r, p);
	struct text_counts ignored;
	struct text_error te;
	unsigned next = 0;
	bool more = is_any(&w);

	if (more && !text_apply(&probes->text, backends[p->backend],
				&modes[p->mode], &p->nops, TEXT_ALL, m->writer,
				&ignored, &te))
		return run_fail_text(e, "patching probes failed", &te);
	while (more) {
		if (!m->quiet_begin(m->ctx))
			return run_fail(e, RUN_NO_QUIET);
		more = probe_some(r, p, probes, &w, &next);
		m->quiet_end(m->ctx);
	}
	return true;
}

/* Before anything relies on what a site does to registers.  Paddings other than
 * these show nothing that they do not. */
bool probe_backend(struct run *r, struct check_pass *p, const struct probes *probes,
		   struct run_error *e)
{
	for (unsigned mode = 0; mode < MODE_COUNT; mode++) {
		if (mode == MODE_native)
			continue;
		if (pass_begin(p, r, mode, PADDING_long) && !probe_pass(r, p, probes, e))
			return false;
		if (pass_begin(p, r, mode, PADDING_poison) && !probe_pass(r, p, probes, e))
			return false;
	}
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

bool probes_prepare(struct run *r, struct probes *p, struct run_error *e)
{
	static bool added[CONVENTION_COUNT][WORKLOAD_MAX];
	const char *why;

	memset(p, 0, sizeof(*p));
	memset(added, 0, sizeof(added));
	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct cell *c = &r->results[i].cell;

		if (conventions[c->convention].sites && !workload_is_of_mix(c->workload)) {
			add_probe(r, p, added, c->convention, c->workload);
			add_probe(r, p, added, workload_first_sited(c->workload), c->workload);
		}
	}
	memset(r->no_reference, 0, sizeof(r->no_reference));
	r->clobbers = (struct probe_counts){ .not_run = p->not_run };
	why = p->count ? probes_build(p, r->machine, r->text, r->arena_memory) : NULL;
	return !why || run_fail(e, why);
}
