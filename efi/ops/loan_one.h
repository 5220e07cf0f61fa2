/* SPDX-License-Identifier: GPL-2.0-only */
/* What the loans of single ops share.  Private to efi/ops/. */
#ifndef LOAN_ONE_H
#define LOAN_ONE_H

#include "paravirt/native.h"
#include "workload/workload.h"

/* Lends what an op needs: its operands, native_env, what is in force.  NULL, or why it is
 * not to be run: then nothing of the machine is changed. */
#define LEND(name) const char *lend_##name(__attribute__((unused)) struct work *w)

/* An operand that is what a register holds, in arg[0]. */
LEND(cr0);
LEND(cr2);
LEND(cr3);
LEND(cr4);
LEND(iopl);
LEND(clts);
LEND(debug);
LEND(msr);
LEND(pmc);
LEND(udelay);
LEND(gdt);
LEND(idt);
LEND(tr);
LEND(ldt);
LEND(tls);
LEND(invpcid);
LEND(swapgs);
LEND(cr8);
LEND(apic_version);
LEND(apic_priority);
LEND(halt);

/* Undoes what halt's did, but the task priority.  NULL, or what was not as it was. */
const char *undo_halt(void);

#endif
