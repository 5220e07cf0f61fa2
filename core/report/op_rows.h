/* SPDX-License-Identifier: GPL-2.0-only */
/* The table's ops of a run, one by one: what was timed, whether it left the guest, what is
 * on record of it, and why another was not timed. */
#ifndef OP_ROWS_H
#define OP_ROWS_H

#include "machine/environment.h"
#include "run/left_out.h"
#include "stats/exits.h"
#include "workload/table.h"

struct op_row {
	const struct table_op *op;
	/* On the first CPU: dense and warm, under backend native; where that was not asked
	 * for the group that is most like it, warm before native before dense.  NULL: none. */
	const struct group *group;
	/* Of that group; NULL: there is no such cell, or it was refused.  Patched: by the
	 * best form, else inline. */
	const struct result *native, *indirect, *patched;
	bool timed;			/* a cell of it, of any group, has a time or a count */
	bool left_out;			/* asked for, and not to be had here: why */
	char why[LEFT_OUT_ROOM];
	struct op_cost cost;		/* of a native cell that is warm */
	bool has_ref;
	struct op_reference ref;
	enum exits exits;
};

/**
 * op_row_of - of one row of table.def.
 * @r: finished.
 *
 * Return: false if nobody asked for it: it has no group, and was not left out.
 */
bool op_row_of(const struct run *r, const struct environment *env, enum table_row row,
	       struct op_row *to);

/* What tells of a hypervisor though none is announced: "the CPU's name", if it was never
 * made, or the first op that takes_an_exit().  Nothing is judged then.  NULL: nothing, or
 * an emulator runs this. */
const char *hidden_by(const struct run *r, const struct environment *env);

/* All of them together. */
struct op_rows {
	unsigned rows, timed, left_out;
	unsigned judging;		/* by which a hypervisor that hides would be seen */
	unsigned exits[EXITS_COUNT];	/* of those that were asked for */
	unsigned figures;		/* those timed of which one is on record */
};

struct op_rows op_rows_of(const struct run *r, const struct environment *env);

/* Is it an op of the table of which nothing was timed, for it is not to be had here? */
bool is_left_out_whole(const struct run *r, unsigned workload);

/* Has the run ops that are in no other table: those of kind table, and instructions? */
bool has_table_ops(const struct run *r);

/* Is it plan ops, of such ops alone: is all that it tells the table of ops? */
bool has_table_ops_alone(const struct run *r);

#endif
