/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two backends of 2006 have in common: a vcpu_info of the shared page is
 * found, by XEN_2006_UP(reg) or XEN_2006_SMP(reg), and its mask written or read.
 */
#ifndef XEN_2006_H
#define XEN_2006_H

#include "paravirt/backend.h"

#if ARCH_WORD == 8
#define VCPU_A		"%rax"
#define VCPU_A32	"%eax"
/* restore_fl has its argument in RDI and RAX to itself. */
#define VCPU_R		"%rax"
#define VCPU_R32	"%eax"
#define XEN_2006_SCRATCH CLOBBER_AX
#define XEN_2006_SAVE_SCRATCH CLOBBER_DX
#define XEN_2006_CPU(reg, reg32)					\
	"mov " PERCPU(PV_CPU_NUMBER) ", " reg32 "\n\t"
#else
#define VCPU_A		"%eax"
#define VCPU_A32	"%eax"
/* restore_fl has its argument in EAX. */
#define VCPU_R		"%ecx"
#define VCPU_R32	"%ecx"
#define XEN_2006_SCRATCH CLOBBER_CX
#define XEN_2006_SAVE_SCRATCH (CLOBBER_CX | CLOBBER_DX)
#define XEN_2006_CPU(reg, reg32)					\
	"mov $-" SITE_STR(THREAD_SIZE) ", " reg "\n\t"		\
	"and %esp, " reg "\n\t"					\
	"mov " SITE_STR(TI_CPU) "(" reg "), " reg "\n\t"
#endif

#define XEN_2006_UP(reg, reg32)						\
	"mov " MEM(PV_SHARED) ", " reg FIX_MEM(0)
#define XEN_2006_SMP(reg, reg32)					\
	XEN_2006_CPU(reg, reg32)					\
	"shl $" SITE_STR(PV_VCPU_SHIFT) ", " reg "\n\t"		\
	"add " MEM(PV_SHARED) ", " reg FIX_MEM(0)

#define XEN_2006_DELIVER						\
	"cmpb $0, (" VCPU_A ")\n\t"					\
	"je 1f\n\t"							\
	DELIVER								\
	"1:"
#define XEN_2006_FLAGS							\
	"movzbl 1(" VCPU_A "), " VCPU_A32 "\n\t"			\
	"xor $1, " VCPU_A32 "\n\t"					\
	"shl $9, " VCPU_A32

#define XEN_2006_BODIES(backend, VCPU)					\
BODY(backend, irq_disable,						\
	VCPU(VCPU_A, VCPU_A32)						\
	"\tmovb $1, 1(" VCPU_A ")");					\
BODY(backend, irq_enable,						\
	VCPU(VCPU_A, VCPU_A32)						\
	"\tmovb $0, 1(" VCPU_A ")\n\t"					\
	XEN_2006_DELIVER);						\
BODY(backend, save_fl,							\
	VCPU(VCPU_A, VCPU_A32)						\
	"\t" XEN_2006_FLAGS);						\
BODY(backend, restore_fl,						\
	VCPU(VCPU_R, VCPU_R32)						\
	"\t" ARCH_TEST_IF "\n\t"					\
	"setz 1(" VCPU_R ")\n\t"					\
	"jz 1f\n\t"							\
	"cmpb $0, (" VCPU_R ")\n\t"					\
	"je 1f\n\t"							\
	DELIVER								\
	"1:");								\
BODY(backend, irq_save,							\
	VCPU(VCPU_R, VCPU_R32)						\
	"\tmovzbl 1(" VCPU_R "), %edx\n\t"				\
	"movb $1, 1(" VCPU_R ")\n\t"					\
	"mov %edx, %eax\n\t"						\
	"xor $1, %eax\n\t"						\
	"shl $9, %eax");

static void xen_2006_set(bool on)
{
	pv_memory.shared->vcpu_info[0].evtchn_upcall_mask = !on;
}

static bool xen_2006_get(void)
{
	return !pv_memory.shared->vcpu_info[0].evtchn_upcall_mask;
}

static void xen_2006_pend(bool pending)
{
	pv_memory.shared->vcpu_info[0].evtchn_upcall_pending = pending;
}

#endif
