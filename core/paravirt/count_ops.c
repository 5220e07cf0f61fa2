/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls through the table, counted; see count_ops.h.  count_ops_thunk.S has what counts. */
#include "count_ops_thunk.h"
#include "lib/mem.h"
#include "paravirt/count_ops.h"

void count_ops_begin(void)
{
	uintptr_t thunk;

	memset(counted_calls, 0, OP_COUNT * sizeof(counted_calls[0]));
	counted_ops = paravirt_ops;
	for (unsigned op = 0; op < OP_COUNT; op++) {
		thunk = (uintptr_t)count_ops_thunks + op * COUNT_OPS_THUNK_BYTES;
		memcpy((char *)&paravirt_ops + op * sizeof(thunk), &thunk, sizeof(thunk));
	}
}

void count_ops_end(void)
{
	paravirt_ops = counted_ops;
}

const uint32_t *count_ops_calls(void)
{
	return counted_calls;
}
