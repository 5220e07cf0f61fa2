/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a run, see run_memory.h. */
#include "firmware/console.h"
#include "firmware/memory.h"
#include "lib/mem.h"
#include "run/arena.h"
#include "run_memory.h"
#include "writer/near_memory.h"

bool run_memory_get(struct run *r, struct platform *m)
{
	size_t batches = run_batches(r->config, &r->plan, m);
	bool ok;

	r->group = pool_get(r->plan.groups * sizeof(*r->group));
	r->results = pool_get(r->plan.cells * sizeof(*r->results));
	r->batches = pool_get(batches * sizeof(*r->batches));
	r->scratch = pool_get(run_scratch(r->config, &r->plan, m) * sizeof(*r->scratch));
	r->width = pool_get(run_widths(r->config, &r->plan, m) * sizeof(*r->width));
	r->arena_memory = pool_get(ARENA_MEMORY_BYTES);
	ok = r->group && r->results && r->batches && r->scratch && r->width
		&& r->arena_memory && near_get(&m->near);
	if (!ok) {
		sink_printf(console, "parapatch: no memory for %u cells of %u batches; "
			    "ask for fewer batches, offsets, layouts or states\n",
			    (unsigned)r->plan.cells,
			    (unsigned)(plan_blocks(r->config, m) * plan_batches(r->config)));
		return false;
	}
	memset(r->group, 0, r->plan.groups * sizeof(*r->group));
	memset(r->results, 0, r->plan.cells * sizeof(*r->results));
	plan(r->config, m, r->group, r->results);
	return true;
}

void run_memory_put(struct run *r, struct platform *m)
{
	pool_put(r->group);
	pool_put(r->results);
	pool_put(r->batches);
	pool_put(r->scratch);
	pool_put(r->width);
	pool_put(r->arena_memory);
	near_put(&m->near);
}
