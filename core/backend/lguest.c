/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lguest: a word in lguest_data that is 0x200, IF's bit, where interrupts are on;
 * the Host sets another to the same where one is waiting.  lguest was for i386;
 * x86-64 has the same with RIP-relative operands.
 *
 * Source: Linux 4.4, arch/x86/lguest/boot.c (save_fl, irq_disable), head_32.S
 * (lg_irq_enable, lg_restore_fl).
 */
#include "paravirt/backend.h"

#define ENABLED	MEM(PV_LGUEST + PV_LGUEST_ENABLED)
#define WAITING	MEM(PV_LGUEST + PV_LGUEST_PENDING)

BODY(lguest, irq_disable,
	"movl $0, " ENABLED FIX_MEM(4));
BODY(lguest, irq_enable,
	"movl $0x200, " ENABLED FIX_MEM(4)
	"\tcmpl $0, " WAITING FIX_MEM(1)
	"\tje 1f\n\t"
	DELIVER
	"1:");
BODY(lguest, save_fl,
	"movl " ENABLED ", %eax" FIX_MEM(0));
/* One is to be sent if it is waiting and IF is asked for. */
BODY(lguest, restore_fl,
	"movl %" ARCH_ARG32 ", " ENABLED FIX_MEM(0)
	"\ttestl %" ARCH_ARG32 ", " WAITING FIX_MEM(0)
	"\tjz 1f\n\t"
	DELIVER
	"1:");
BODY(lguest, irq_save,
	"movl " ENABLED ", %eax" FIX_MEM(0)
	"\tmovl $0, " ENABLED FIX_MEM(4));

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(lguest, irq_disable, 0),
	BODY_FORM(lguest, irq_enable, 0),
	BODY_FORM(lguest, save_fl, 0),
	BODY_FORM(lguest, restore_fl, 0),
	BODY_FORM(lguest, irq_save, 0),
};

static void set(bool on)
{
	pv_memory.lguest.irq_enabled = on ? 0x200 : 0;
}

static bool get(void)
{
	return pv_memory.lguest.irq_enabled & 0x200;
}

static void pend(bool pending)
{
	pv_memory.lguest.irq_pending = pending ? 0x200 : 0;
}

static const struct virtual_if vif = { set, get, pend };

/* In boot.c, and in head_32.S. */
#define LGUEST_C(X, backend)						\
	X(backend, v_v, irq_disable) X(backend, u_v, save_fl)		\
	X(backend, u_v, irq_save)
#define LGUEST_KEEPING(X, backend)					\
	X(backend, v_v, irq_enable) X(backend, v_u, restore_fl)

BACKEND_OF_BODIES(lguest, LGUEST_C, LGUEST_KEEPING, &vif);
