/* SPDX-License-Identifier: GPL-2.0-only */
/* The table's ops of a run, see op_rows.h. */
#include "op_rows.h"
#include "workload/registry.h"

/* Is it more like what an op is told by than another? */
static unsigned likeness(const struct group *g)
{
	return 4 * (g->state == STATE_warm) + 2 * (g->backend == BACKEND_native)
		+ (g->layout == LAYOUT_dense);
}

static bool is_ops(const struct run *r, const struct group *g, unsigned workload)
{
	return g->workload == workload && g->cpu == r->group[0].cpu;
}

static const struct group *group_of(const struct run *r, unsigned workload)
{
	const struct group *best = NULL;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		if (is_ops(r, g, workload) && (!best || likeness(g) > likeness(best)))
			best = g;
	}
	return best;
}

/* By a plain call, where that was asked for. */
static const struct result *by_call(const struct run *r, const struct group *g,
				    enum mode_id mode)
{
	const struct result *res = group_find(g, r->results, ROLE_cell, mode,
					      CONVENTION_ccall);

	for (unsigned c = 0; c < CONVENTION_COUNT && !res; c++)
		if (conventions[c].sites)
			res = group_find(g, r->results, ROLE_cell, mode, c);
	return res;
}

static bool has_number(const struct result *res)
{
	return res && (res->ticks.n || res->counted);
}

static void find_cells(const struct run *r, const struct group *g, struct op_row *to)
{
	to->native = group_find(g, r->results, ROLE_cell, MODE_native, CONVENTION_native);
	to->indirect = by_call(r, g, MODE_indirect);
	to->patched = by_call(r, g, MODE_best);
	if (!to->patched)
		to->patched = by_call(r, g, MODE_inline);
}

/* In whatever group: of what is asked for, not all may be where the others are. */
static bool is_timed(const struct run *r, unsigned workload)
{
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		for (size_t k = g->first; is_ops(r, g, workload) && k < g->first + g->count; k++)
			if (r->results[k].cell.role == ROLE_cell && !r->results[k].refused
			    && has_number(&r->results[k]))
				return true;
	}
	return false;
}

static void put_cost(const struct run *r, struct op_row *to)
{
	const struct result *n = to->native;

	/* Fetching what is cold would be taken for an exit. */
	if (n && n->ticks.n && !run_is_counted(r) && to->group->state == STATE_warm)
		to->cost = op_cost_of(n->offset_min, n->offset_max, n->ticks.median,
				      n->has_cycles ? n->cycles : 0);
}

/* Its group, cells and cost. */
static void take_cells(const struct run *r, const struct table_op *op, struct op_row *to)
{
	*to = (struct op_row){ .op = op, .group = group_of(r, op->workload) };
	if (to->group)
		find_cells(r, to->group, to);
	put_cost(r, to);
}

static bool has_reference(const struct environment *env, const struct table_op *op,
			  struct op_reference *to)
{
	return op_reference_of(&env->cpu, workload_of(op->workload)->name, to);
}

const char *hidden_by(const struct run *r, const struct environment *env)
{
	struct op_reference ref;
	struct op_row row;

	if (env->hypervisor[0] || r->machine->emulated || run_is_counted(r))
		return NULL;
	if (env->cpu.invented)
		return "the CPU's name";
	if (!op_uarch(&env->cpu))
		return NULL;
	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		/* Few have one that judges, and this is asked for each row. */
		if (!has_reference(env, &table_ops[i], &ref) || !ref.judges)
			continue;
		take_cells(r, &table_ops[i], &row);
		if (takes_an_exit(&row.cost, &ref))
			return workload_of(row.op->workload)->name;
	}
	return NULL;
}

static void judge(const struct run *r, const struct environment *env, struct op_row *to)
{
	const struct exits_conditions how = {
		.hypervisor = env->hypervisor[0], .emulated = r->machine->emulated,
		.counts = run_is_counted(r),
		.hidden = to->cost.known && hidden_by(r, env),
	};

	to->exits = exits_judge(&to->cost, to->has_ref ? &to->ref : NULL, &how);
}

bool op_row_of(const struct run *r, const struct environment *env, enum table_row row,
	       struct op_row *to)
{
	const struct table_op *op = &table_ops[row];

	take_cells(r, op, to);
	to->timed = is_timed(r, op->workload);
	to->has_ref = has_reference(env, op, &to->ref);
	to->left_out = op_left_out(r, op, to->why, sizeof(to->why));
	judge(r, env, to);
	return to->group || to->left_out;
}

bool is_left_out_whole(const struct run *r, unsigned workload)
{
	const struct table_op *op = table_op_of(workload_of(workload));
	char why[LEFT_OUT_ROOM];

	return op && op_left_out(r, op, why, sizeof(why));
}

struct op_rows op_rows_of(const struct run *r, const struct environment *env)
{
	struct op_rows all = { 0 };
	struct op_row row;

	for (unsigned i = 0; i < TABLE_ROWS; i++) {
		if (!op_row_of(r, env, i, &row))
			continue;
		all.rows++;
		all.timed += row.timed;
		all.left_out += row.left_out;
		all.judging += row.cost.known && row.has_ref && row.ref.judges;
		all.figures += row.timed && row.has_ref;
		all.exits[row.exits]++;
	}
	return all;
}

bool has_table_ops(const struct run *r)
{
	for (size_t i = 0; i < r->plan.groups; i++)
		if (workload_is_tables(workload_of(r->group[i].workload)))
			return true;
	return false;
}

/* Something else that a table has rows for: what is no op by itself, or a module's. */
static bool has_others(const struct run *r)
{
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct workload *wl = workload_of(r->group[i].workload);

		if (wl->kind == KIND_OP && !table_op_of(wl))
			return true;
	}
	return false;
}

bool has_table_ops_alone(const struct run *r)
{
	return r->config->plan == PLAN_OPS && has_table_ops(r) && !has_others(r);
}
