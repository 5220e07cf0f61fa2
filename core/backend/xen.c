/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Xen, since vcpu_info may be placed among the per-CPU data: the mask is one
 * instruction away.  It is 1 where interrupts are off, so save_fl turns it round:
 * of the word it returns IF alone means anything.
 *
 * Unmasking and testing for what is pending are two instructions: one that did both
 * lost events.
 *
 * Source: Linux 2.6.23 and later, arch/x86/xen/xen-asm.S.
 */
#include "paravirt/backend.h"

#define MASK	PERCPU(PV_VCPU + PV_VCPU_MASK)
#define PENDING	PERCPU(PV_VCPU + PV_VCPU_PENDING)

BODY(xen, irq_disable,
	"movb $1, " MASK);
BODY(xen, irq_enable,
	"movb $0, " MASK "\n\t"
	"testb $0xff, " PENDING "\n\t"
	"jz 1f\n\t"
	DELIVER
	"1:");
BODY(xen, save_fl,
	"testb $0xff, " MASK "\n\t"
	"setz %ah\n\t"
	"addb %ah, %ah");
/* A pending event and no mask are 0x0001. */
BODY(xen, restore_fl,
	ARCH_TEST_IF "\n\t"
	"setz " MASK "\n\t"
	"cmpw $0x0001, " PENDING "\n\t"
	"jnz 1f\n\t"
	DELIVER
	"1:");
BODY(xen, irq_save,
	"testb $0xff, " MASK "\n\t"
	"setz %ah\n\t"
	"addb %ah, %ah\n\t"
	"movb $1, " MASK);

/* Nothing is slow here that would want a delay.  Source: Linux 6.19,
 * arch/x86/xen/enlighten_pv.c, xen_io_delay(). */
BODY(xen, io_delay, "");

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(xen, irq_disable, 0),
	BODY_FORM(xen, irq_enable, 0),
	BODY_FORM(xen, save_fl, 0),
	BODY_FORM(xen, restore_fl, 0),
	BODY_FORM(xen, irq_save, 0),
	BODY_FORM(xen, io_delay, 0),
};

static void set(bool on)
{
	pv_memory.vcpu.evtchn_upcall_mask = !on;
}

static bool get(void)
{
	return !pv_memory.vcpu.evtchn_upcall_mask;
}

static void pend(bool pending)
{
	pv_memory.vcpu.evtchn_upcall_pending = pending;
}

static const struct virtual_if vif = { set, get, pend };

BACKEND_OF_BODIES(xen, IO_DELAY, IRQ_OPS, &vif);
