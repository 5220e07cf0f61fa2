/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vSMP: interrupts are off where AC is on, whatever IF; the flags register is all
 * there is.  AC means nothing else in ring 0 without user pages; in ring 3 it makes
 * misaligned accesses fault, so it is on no longer than a pass lasts.
 *
 * Source: Linux 4.4, arch/x86/kernel/vsmp_64.c.
 */
#include "paravirt/backend.h"

#if ARCH_WORD == 8

#define IF		"0x200"
#define AC		"0x40000"

#define READ		"pushf\n\tpop %rax\n\t"
#define WRITE		"push %rax\n\tpopf"

BODY(vsmp, irq_disable,
	READ
	"and $~" IF ", %rax\n\t"
	"or $" AC ", %rax\n\t"
	WRITE);
BODY(vsmp, irq_enable,
	READ
	"or $" IF ", %rax\n\t"
	"and $~" AC ", %rax\n\t"
	WRITE);
BODY(vsmp, save_fl,
	READ
	"bt $18, %eax\n\t"
	"jnc 1f\n\t"
	"and $~" IF ", %eax\n"
	"1:");
BODY(vsmp, restore_fl,
	"mov %edi, %eax\n\t"
	"and $~" AC ", %eax\n\t"
	"bt $9, %eax\n\t"
	"jc 1f\n\t"
	"or $" AC ", %eax\n"
	"1:\t" WRITE);
BODY(vsmp, irq_save,
	READ
	"mov %eax, %edx\n\t"
	"bt $18, %eax\n\t"
	"jnc 1f\n\t"
	"and $~" IF ", %edx\n"
	"1:\tand $~" IF ", %rax\n\t"
	"or $" AC ", %rax\n\t"
	WRITE "\n\t"
	"mov %edx, %eax");

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(vsmp, irq_disable, CLOBBER_AX),
	BODY_FORM(vsmp, irq_enable, CLOBBER_AX),
	BODY_FORM(vsmp, save_fl, 0),
	BODY_FORM(vsmp, restore_fl, CLOBBER_AX),
	BODY_FORM(vsmp, irq_save, CLOBBER_DX),
};

static void set(bool on)
{
	unsigned long flags;

	asm volatile("pushf; pop %0" : "=r" (flags) : : "memory");
	flags = on ? (flags & ~0x40000ul) | 0x200 : (flags & ~0x200ul) | 0x40000;
	asm volatile("push %0; popf" : : "r" (flags) : "memory", "cc");
}

static bool get(void)
{
	unsigned long flags;

	asm volatile("pushf; pop %0" : "=r" (flags) : : "memory");
	return (flags & 0x200) && !(flags & 0x40000);
}

static const struct virtual_if vif = { set, get, NULL };

BACKEND_OF_BODIES(vsmp, IRQ_OPS, NO_OPS, &vif);

#else

/* Not to be had: backend.def says so. */
const struct backend vsmp_backend = { .name = "vsmp" };

#endif
