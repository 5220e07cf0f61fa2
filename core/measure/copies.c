/* SPDX-License-Identifier: GPL-2.0-only */
/* How many copies a body has, see copies.h. */
#include "measure/copies.h"
#include "workload/table.h"

unsigned workload_copies(const struct workload *wl)
{
	const struct table_op *op = workload_is_tables(wl) ? table_op_of(wl) : NULL;

	return kind_is_of_mix(wl->kind) || (op && hazards[op->hazard].few) ? 1 : WORKLOAD_N;
}
