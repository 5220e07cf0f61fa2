/* SPDX-License-Identifier: GPL-2.0-only */
/* Ops of kernel paths, counted; see count_path_ops.h. */
#include "count_path_ops.h"
#include "lib/mem.h"
#include "measure/measure.h"
#include "paravirt/count_ops.h"
#include "paravirt/pv_memory.h"
#include "reference.h"
#include "workload/code_table.h"
#include "workload/path.h"
#include "workload/registry.h"

struct counts {
	uint32_t of[OP_COUNT];
};

/* Runs it once, and counts what it calls.  False: it did not come to its end. */
static bool count(const struct platform *m, const struct workload *wl,
		  void (*run)(struct work *w), struct counts *c)
{
	struct fault ignored;
	struct work w;
	bool whole;

	pv_memory_open();
	w.look = m->flags;
	if (begin_pass(m, wl, NULL, true, &w))
		return false;
	count_ops_begin();
	whole = try_body(m, run, &w, 1, &ignored);
	count_ops_end();
	memcpy(c->of, count_ops_calls(), sizeof(c->of));
	return !end_passes(m, wl, NULL) && whole;
}

/* What two units more come to, halved; a count that is odd is no unit's. */
static bool halve(const struct counts *three, const struct counts *one, struct path_ops *to)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		const uint32_t two = three->of[op] - one->of[op];

		if (three->of[op] < one->of[op] || two % 2)
			return false;
		to->of[op] = two / 2;
	}
	return true;
}

static void count_path(struct run *r, unsigned workload)
{
	const struct workload *wl = workload_of(workload);
	const struct workload_code *code = code_of(workload_first_sited(workload), workload);
	struct path_ops *to = &r->path_ops[path_of(wl)];
	struct counts three, one;

	to->known = count(r->machine, wl, code->three, &three)
		&& count(r->machine, wl, code->one, &one) && halve(&three, &one, to);
}

bool paths_count_ops(struct run *r, struct run_error *e)
{
	const struct platform *m = r->machine;

	memset(r->path_ops, 0, sizeof(r->path_ops));
	if (m->ring)
		return true;
	for (unsigned w = WORKLOAD_COUNT; w < workload_end(); w++) {
		if (workload_of(w)->kind != KIND_PATH || !run_has_groups_of(r, w))
			continue;
		if (!m->quiet_begin(m->ctx))
			return run_fail(e, RUN_NO_QUIET);
		count_path(r, w);
		m->quiet_end(m->ctx);
	}
	return true;
}
