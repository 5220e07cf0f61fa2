/* SPDX-License-Identifier: GPL-2.0-only */
/* What the table's ops work on, as far as it is memory of the workload's own. */
#ifndef OPERANDS_H
#define OPERANDS_H

#include "workload/table.h"

/* Where a pass's own entries, tables and answers are: of scratch, words of 64 bits.  The
 * words beside an entry are to stay as they are. */
#define OPERANDS_ENTRY		1	/* a page table's entry, or a slot of a table */
#define OPERANDS_THREAD		16	/* struct native_thread */

/* What such memory holds before a pass, and what an op is told to store there. */
#define OPERANDS_OLD		0x0123456789abcdefull
#define OPERANDS_NEW		0xfedcba9876543210ull

/**
 * operands_prepare - fill in an op's arguments, and the memory they lead to.
 * @op: of the table.
 * @w:  its scratch is filled, and those arguments that are of memory or constant; an
 *      argument that is of the machine is 0: platform.lend() has it.
 */
void operands_prepare(const struct table_op *op, struct work *w);

/* The same of all ops of mixes (mix_op.def), which share them. */
void operands_of_mix(struct work *w);

/* Of iret: returns to its caller by IRET; it changes RAX and RCX. */
void goes_back_by_iret(void);

#endif
