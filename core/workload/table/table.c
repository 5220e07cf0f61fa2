/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table's ops, each by itself: a workload for every line of table.def.
 *
 * A copy is the op, with arguments from struct work.  An op that needs something done
 * before it has a shape of its own (run_op.h).
 */
#include "workload/run_op.h"

#define TABLE(name, column, shape, ...)	WORKLOAD_SOURCE(name, RUN_##shape(name);)
#define INSTRUCTION(name, ...)
#define TABLE_TOO(name, ...)
#include "list/table.def"
