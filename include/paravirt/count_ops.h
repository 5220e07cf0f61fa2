/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every call through the table, counted: whatever backend is in force, and every op.
 *
 * A count is of calls that go through the slots of paravirt_ops: of sites as they are built, but
 * not of convention callee.
 */
#ifndef COUNT_OPS_H
#define COUNT_OPS_H

#include <stdint.h>
#include "paravirt/ops.h"

/* Between the two each slot leads to what counts, and then does what the slot did. */
void count_ops_begin(void);
void count_ops_end(void);

/* By enum op, since the last count_ops_begin(). */
const uint32_t *count_ops_calls(void);

#endif
