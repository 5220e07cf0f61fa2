/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PVM: bit 9 of the per-CPU event flags, IF's, and bit 8, where an event is pending.
 * It has 64-bit guests alone.
 *
 * restore_fl is ours, made of the two: Linux had none by then, and tests IF in C (mode
 * test_sti).
 *
 * Source: virt-pvm/linux, arch/x86/entry/entry_64_pvm.S: save_fl, irq_disable,
 * irq_enable.
 */
#include "paravirt/backend.h"

#if ARCH_WORD == 8

#define FLAGS	PERCPU(PV_PVCS)
#define IF_BIT	SITE_STR(PV_PVCS_IF_BIT)
#define IP_BIT	SITE_STR(PV_PVCS_IP_BIT)

#define ENABLE								\
	"orq $0x200, " FLAGS "\n\t"					\
	"btq $" IP_BIT ", " FLAGS "\n\t"				\
	"jnc 1f\n\t"							\
	DELIVER								\
	"1:"

BODY(pvm, irq_disable,
	"btrq $" IF_BIT ", " FLAGS);
BODY(pvm, irq_enable,
	ENABLE);
BODY(pvm, save_fl,
	"movq " FLAGS ", %rax");
BODY(pvm, restore_fl,
	"bt $" IF_BIT ", %edi\n\t"
	"jc 2f\n\t"
	"btrq $" IF_BIT ", " FLAGS "\n\t"
	"jmp 1f\n"
	"2:\t" ENABLE);
BODY(pvm, irq_save,
	"movq " FLAGS ", %rax\n\t"
	"btrq $" IF_BIT ", " FLAGS);

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(pvm, irq_disable, 0),
	BODY_FORM(pvm, irq_enable, 0),
	BODY_FORM(pvm, save_fl, 0),
	BODY_FORM(pvm, restore_fl, 0),
	BODY_FORM(pvm, irq_save, 0),
};

static void set(bool on)
{
	uint64_t bit = 1u << PV_PVCS_IF_BIT;

	pv_memory.pvcs = on ? pv_memory.pvcs | bit : pv_memory.pvcs & ~bit;
}

static bool get(void)
{
	return pv_memory.pvcs >> PV_PVCS_IF_BIT & 1;
}

static void pend(bool pending)
{
	uint64_t bit = 1u << PV_PVCS_IP_BIT;

	pv_memory.pvcs = pending ? pv_memory.pvcs | bit : pv_memory.pvcs & ~bit;
}

static const struct virtual_if vif = { set, get, pend };

BACKEND_OF_BODIES(pvm, NO_OPS, IRQ_OPS, &vif);

#else

/* Not to be had: backend.def says so. */
const struct backend pvm_backend = { .name = "pvm" };

#endif
