/* SPDX-License-Identifier: GPL-2.0-only */
/* What an op of the table, timed by itself, must leave: see promise.def. */
#ifndef PROMISE_H
#define PROMISE_H

#include "patch/mode.h"
#include "workload/table.h"

/* Memory of a pass, as it was when the pass began. */
struct scratch {
	uint64_t word[WORK_SCRATCH];
};

struct scratch scratch_of(const struct work *w);

/**
 * promise_broken - what of its promise did an op's code not keep?
 * @op:     of the table.
 * @effect: of the mode: one that does nothing promises to leave all, and no more.
 * @looks:  what the op returned is in @w.
 * @if_on:  IF when the pass began.
 * @began:  scratch memory then.
 * @w:      as the pass left it.
 *
 * Pure.  Of an instruction that the table has no op for nothing is promised.
 *
 * Return: NULL, or what is not kept, in words.
 */
const char *promise_broken(const struct table_op *op, enum effect effect, bool looks,
			   bool if_on, const struct scratch *began, const struct work *w);

/* IF after a pass in which the op does nothing: as it was, but where the source of the
 * workload turns it on itself, as that of halt does.  @op: NULL: of another workload. */
enum if_want promise_if_of_nothing(const struct table_op *op);

/* What of @got, which an op returned, is the same from one run to the next. */
uint64_t promise_same(const struct table_op *op, uint64_t got);

#endif
