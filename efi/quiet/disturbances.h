/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What disturbs a measurement, counted: NMIs, interrupts, SMIs.
 *
 * SMIs are counted by MSR_SMI_COUNT, which Intel's CPUs have from Nehalem on (family 6,
 * model 1ah and up).  Under a hypervisor it is the hypervisor's word.  A count of 0 is
 * only believed where an MSR that no CPU has faults: QEMU's TCG reads as 0 what it does
 * not know, and so do Bochs and KVM if told to.  Else it is not known.
 *
 * Source: Intel SDM Vol. 4, "MSRs in Processors Based on Nehalem Microarchitecture",
 * MSR_SMI_COUNT.
 */
#ifndef DISTURBANCES_H
#define DISTURBANCES_H

#include "lib/sink.h"
#include "measure/disturbance.h"
#include "patch/nop.h"

/* Which CPU this is.  Before a window; until then it is one of no vendor. */
void disturbances_learn(const struct cpu_id *id);

/* Fills *@d.  In a window: between batches, never in what is timed, as it may take
 * an RDMSR.  @ctx is not used: it is there for struct platform. */
void disturbances_read(void *ctx, struct disturbance *d);

/* NMIs and interrupts are those that another counts than the guard: for windows on a CPU
 * that has a table of its own.  NULL: the guard's again. */
struct guard_counts;
void disturbances_counted_by(struct guard_counts (*of)(void));

/* What came within windows, all of them together. */
struct disturbance disturbances_total(void);

/* A window is over, in which that much came. */
void disturbances_add(const struct disturbance *d);

/* One line for machines: the total, what came while the guard was open in all,
 * and the fence. */
void disturbances_say(struct sink *s);

#endif
