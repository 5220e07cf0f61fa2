/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What ring 0 gives an op of the table for a pass, and takes back: platform.h's lend and
 * take_back.
 *
 *	machine.lend = loan_lend;
 *	machine.take_back = loan_take_back;
 *	...
 *	loans_end();				on every way out
 *	loans_lost();				is all as it was?
 *
 * A loan is of the CPU that runs the pass; one is out at a time.  What the op may change is
 * read before and compared after, by the bits that a hypervisor keeps (machine/kept.h), and
 * put back whatever it is.  native_env is as it was outside of a pass.
 *
 * An exception may end an attempt at any point between the two.  loan_take_back() is owed
 * then too: it puts back as far as was lent, and names what does not come back, but not what
 * the op, cut short, had changed.
 */
#ifndef LOAN_H
#define LOAN_H

#include "workload/table.h"

/* In a quiet window, with IF off.  An op that needs nothing of the machine, and changes
 * nothing that is not looked at anyhow, costs no instruction of it. */
const char *loan_lend(void *ctx, const struct table_op *op, struct work *w);
const char *loan_take_back(void *ctx, const struct table_op *op);

/* Takes back what is out on the CPU that calls, if something is, as loan_take_back() does:
 * for ways out from the middle of a pass.  Of the quiet window in which it was lent, and
 * with no attempt on. */
void loans_end(void);

/* NULL, or the first op that did not leave the machine as it was: on which CPU, and what of
 * it. */
const char *loans_lost(void);

#endif
