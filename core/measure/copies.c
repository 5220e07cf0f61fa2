/* SPDX-License-Identifier: GPL-2.0-only */
/* How many copies a body has, see copies.h. */
#include "measure/copies.h"
#include "workload/path.h"
#include "workload/table.h"

unsigned workload_copies(const struct workload *wl)
{
	const struct table_op *op = workload_is_tables(wl) ? table_op_of(wl) : NULL;

	if (wl->kind == KIND_PATH)
		return path_units(path_of(wl));
	return kind_is_of_mix(wl->kind) || (op && hazards[op->hazard].few) ? 1 : WORKLOAD_N;
}
