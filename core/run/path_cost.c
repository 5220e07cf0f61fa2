/* SPDX-License-Identifier: GPL-2.0-only */
/* Ops x their own cost, of a path; see path_cost.h. */
#include "run/part_cell.h"
#include "run/path_cost.h"
#include "workload/registry.h"
#include "workload/table.h"

/* The op by itself; NULL: it is no workload. */
static const struct table_op *row_of(unsigned op)
{
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		if (table_ops[i].op == op)
			return &table_ops[i];
	return NULL;
}

static struct path_more more_of(const struct run *r, const struct group *g,
				const struct result *res)
{
	const struct result *native = g ? group_find(g, r->results, ROLE_cell, MODE_native,
						     CONVENTION_native) : NULL;

	if (!res || !native)
		return (struct path_more){ 0 };
	if (res->counted && native->counted)
		return (struct path_more){
			true, (int64_t)res->instructions - (int64_t)native->instructions, { 0 } };
	if (group_reference(g, r->results) == native)
		return (struct path_more){ res->has_vs, res->vs.difference, res->vs.difference_95 };
	/* What native calls too is compared with another: medians are what there is. */
	return (struct path_more){ res->ticks.n && native->ticks.n,
				   res->ticks.median - native->ticks.median, { 0 } };
}

static void add(struct path_more *to, const struct path_more *m, uint32_t count)
{
	to->known &= m->known;
	to->more += count * m->more;
	to->more_95.known &= m->more_95.known;
	to->more_95.lo += count * m->more_95.lo;
	to->more_95.hi += count * m->more_95.hi;
}

struct path_cost path_cost(const struct run *r, const struct group *g,
			   const struct result *res)
{
	const struct path_ops *ops = &r->path_ops[path_of(workload_of(g->workload))];
	struct path_cost c = { more_of(r, g, res), { ops->known, 0, { !res->counted, 0, 0 } } };

	for (unsigned op = 0; op < OP_COUNT && c.ops.known; op++) {
		const struct table_op *row = ops->of[op] ? row_of(op) : NULL;
		const struct group *of = row ? part_group(r, g, row->workload) : NULL;
		const struct path_more m = more_of(r, of, part_cell(r, of, &res->cell));

		if (ops->of[op])
			add(&c.ops, &m, ops->of[op]);
	}
	return c;
}

bool path_cost_agrees(const struct path_cost *c)
{
	const struct interval *a = &c->unit.more_95, *b = &c->ops.more_95;

	if (!c->unit.known || !c->ops.known)
		return false;
	if (!a->known && !b->known)
		return c->unit.more == c->ops.more;
	return a->known && b->known && a->lo <= b->hi && b->lo <= a->hi;
}
