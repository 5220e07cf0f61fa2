/* SPDX-License-Identifier: GPL-2.0-only */
/* What counts a call and goes on: one thunk an op, by its number. */
#ifndef COUNT_OPS_THUNK_H
#define COUNT_OPS_THUNK_H

#define COUNT_OPS_THUNK_BYTES	32

#ifndef __ASSEMBLER__
#include "paravirt/ops.h"

extern const char count_ops_thunks[];
extern uint32_t counted_calls[];		/* OP_COUNT of them */
extern struct paravirt_ops counted_ops;		/* what the slots held */
#endif

#endif
