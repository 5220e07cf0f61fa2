/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the table's ops were asked for and not timed, and why. */
#ifndef LEFT_OUT_H
#define LEFT_OUT_H

#include "run/run.h"
#include "workload/table.h"

/* Room that no reason exceeds. */
#define LEFT_OUT_ROOM	UNMEASURED_ROOM

_Static_assert(LEFT_OUT_ROOM >= sizeof(((struct result *)0)->why), "a cell's reason has room");

/**
 * op_left_out - was an op asked for, and is none of its cells timed?
 * @r:    after run_all(); before it, what the plan leaves out.
 * @why:  @room bytes; if so the reason, as a phrase: the plan's, or that of its first
 *        cell that is left out, or of its first group, of which no batch counts.
 *
 * An op of which a cell was refused, for it did something wrong, is not left out: that is
 * a failed check, and said as one.  Nor is one of which one CPU's cells are timed.
 */
bool op_left_out(const struct run *r, const struct table_op *op, char *why, size_t room);

/* Ops of table.def that were asked for: with a cell that was not refused, and left out. */
struct ops_tally {
	unsigned timed, left_out;
};
struct ops_tally run_ops(const struct run *r);

#endif
