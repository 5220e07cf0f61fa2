/* SPDX-License-Identifier: GPL-2.0-only */
/* The quiet window: what disturbs is silenced, the rest is counted. */
#ifndef QUIET_H
#define QUIET_H

#include <stdbool.h>
#include <stdint.h>
#include "measure/disturbance.h"
#include "patch/nop.h"
#include "machine/lfence.h"
#include "lib/sink.h"

/* Which CPU this is.  Before a window; until then it is one of no vendor. */
void quiet_learn(const struct cpu_id *id);

/**
 * quiet_begin - open a window: platform.h's contract.
 *
 * LFENCE is made serialising where that is a setting, then the guard is opened, and
 * %gs or %fs is made to reach pv_memory (percpu.h).
 * Return: false if something did not take its mask, or the segment cannot be had;
 * then all is put back.
 */
bool quiet_begin(void *ctx);
/* Why quiet_begin() last returned false, to follow "for"; NULL: it returned true. */
const char *quiet_failure(void);
/* Closes it, in the opposite order; EFLAGS.AC is as it was too. */
void quiet_end(void *ctx);
/* Closes the window if one is open: for ways out from anywhere. */
void quiet_abort(void);

/**
 * quiet_check - open and close a window, and compare what it touches.
 *
 * IF, the masks of the 8259s, the local vector table, the task priority, IDTR,
 * LFENCE's setting, EFLAGS.AC, and what the per-CPU segment is made of.  Once as the
 * machine is, and once with values of its own, so that lost ones show.  To be called before anybody else
 * holds the guard open, or a lost IDTR cannot show.  What was not put back is put
 * back here.
 *
 * Return: NULL, or the name of what is not as it was.
 */
const char *quiet_check(void);

/**
 * quiet_smi_count - how many SMIs the CPU has taken since its reset.
 *
 * MSR_SMI_COUNT, which Intel's CPUs have from Nehalem on (family 6, model 1ah and
 * up).  Under a hypervisor it is the hypervisor's word.  A count of 0 is only
 * believed where an MSR that no CPU has faults: QEMU's TCG reads as 0 what it does
 * not know, and so do Bochs and KVM if told to.
 *
 * Return: false where there is none, where the read faults, or where it is not to
 * be believed; *@n is untouched.
 *
 * Source: Intel SDM Vol. 4, "MSRs in Processors Based on Nehalem
 * Microarchitecture", MSR_SMI_COUNT.
 */
bool quiet_smi_count(uint32_t *n);

/* Fills *@d.  In a window: between batches, never in what is timed, as it may take
 * an RDMSR.  @ctx is not used: it is there for struct platform. */
void quiet_disturbance(void *ctx, struct disturbance *d);

/* What came within windows, all of them together. */
struct disturbance quiet_total(void);

/* One line for machines: the total, what came while the guard was open in all,
 * and the fence. */
void quiet_say(struct sink *s);

/* lfence_loan.c */
void lfence_learn(const struct cpu_id *id);
enum lfence_state lfence_state(void);	/* without a loan */
uint64_t lfence_setting(void);		/* the MSR, or 0 where it is of no use */
void lfence_lend(void);
void lfence_take_back(void);
/* What holds in a window that has been open, as a phrase to follow "LFENCE is". */
const char *quiet_lfence(void);

#endif
