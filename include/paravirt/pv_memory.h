/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory that backends share with a hypervisor, and the stack of the thread
 * that they run in.
 *
 * Backends of hypervisors keep their flags per CPU, where a segment register
 * reaches them: the base of %gs (x86-64) or %fs (ia32) is &pv_memory in every
 * quiet window, and for good in a process of bench-host.  Offsets are numbers, so
 * that assembly can use them; pv_memory.c holds them against the structures.
 */
#ifndef PV_MEMORY_H
#define PV_MEMORY_H

/* Per CPU: what is reached by the segment register. */
#define PV_CPU_NUMBER		0	/* uint32_t */
#define PV_ENTRY		8	/* struct pv_entry */
#define PV_VCPU			64	/* struct pv_vcpu_info */
#define PV_PVCS			128	/* uint64_t: pvm's event_flags */

/* Of struct pv_entry, from the segment's base. */
#define PV_USER_SP		8	/* each a uint64_t */
#define PV_KERNEL_SP		16
#define PV_KERNEL		24
#define PV_USER_CS		32
#define PV_USER_SS		40

/* Not per CPU. */
#define PV_LGUEST		192	/* struct pv_lguest_data */
#define PV_DELIVERED		256	/* uint32_t */
#define PV_SHARED		320	/* a pointer to shared_info */
#define PV_TRACE		384	/* uint32_t for each op */
#define PV_SHARED_INFO		768	/* struct pv_shared_info */

/* Of struct pv_vcpu_info: side by side, so that a 16-bit compare tests both. */
#define PV_VCPU_PENDING		0	/* uint8_t */
#define PV_VCPU_MASK		1	/* uint8_t */
#define PV_VCPU_SHIFT		6	/* it has 64 bytes */
#define PV_VCPUS		4	/* Xen has 32; one CPU takes part */

/* Bits of pvm's event_flags. */
#define PV_PVCS_IP_BIT		8	/* an event is pending */
#define PV_PVCS_IF_BIT		9	/* interrupts are on */

/* Of struct pv_lguest_data. */
#define PV_LGUEST_ENABLED	0	/* uint32_t */
#define PV_LGUEST_PENDING	4	/* uint32_t */

/* The thread's stack and, at the bottom of it, its struct thread_info. */
#define THREAD_SIZE		32768
#define TI_CPU			16	/* uint32_t: the CPU's number */

#ifndef __ASSEMBLER__

#include <stdint.h>
#include "paravirt/ops.h"

/* Source: Xen public headers, xen.h, "struct vcpu_info". */
struct pv_vcpu_info {
	uint8_t evtchn_upcall_pending;
	uint8_t evtchn_upcall_mask;
	uint8_t unused[62];
};

/* Source: Xen public headers, xen.h, "struct shared_info". */
struct pv_shared_info {
	struct pv_vcpu_info vcpu_info[PV_VCPUS];
};

/* Each 0x200 or 0, as IF itself.  Source: Linux, include/linux/lguest.h, "struct
 * lguest_data"; what it has in between is left out. */
struct pv_lguest_data {
	uint32_t irq_enabled;
	uint32_t irq_pending;
};

/* What a kernel's entry from ring 3 needs before it has a register: where ring 3's stack was,
 * the kernel's own, a pointer to struct kernel, and ring 3's selectors.  0 unless a path that
 * goes to ring 3 runs. */
struct pv_entry {
	uint64_t user_sp, kernel_sp, kernel, user_cs, user_ss;
};

/*
 * Each part has a cache line of its own, but that the first two share one.
 * @cpu_number: of the CPU that this is the area of: 0.
 * @entry:     of a kernel's entry from ring 3.
 * @vcpu:      Xen's, where it is registered per CPU.
 * @pvcs:      pvm's event_flags.
 * @delivered: how often the hypervisor was called to deliver what was pending.
 * @shared:    &shared_info; read at run time, as Xen's guests do.
 * @trace:     how often an op was called, by enum op.
 */
struct pv_memory {
	uint32_t cpu_number;
	struct pv_entry entry __attribute__((aligned(8)));
	struct pv_vcpu_info vcpu __attribute__((aligned(64)));
	uint64_t pvcs __attribute__((aligned(64)));
	struct pv_lguest_data lguest __attribute__((aligned(64)));
	uint32_t delivered __attribute__((aligned(64)));
	struct pv_shared_info *shared __attribute__((aligned(64)));
	uint32_t trace[OP_COUNT] __attribute__((aligned(64)));
	struct pv_shared_info shared_info __attribute__((aligned(64)));
} __attribute__((aligned(64)));

extern struct pv_memory pv_memory;

/**
 * pv_memory_open - set the pointer to shared_info, clear the rest.
 *
 * To be called before the first quiet window: a window reads that pointer through
 * the segment register, to see that the base is right.
 */
void pv_memory_open(void);

/* What XenoLinux finds by masking the stack pointer.  Source: Linux,
 * include/asm-i386/thread_info.h, "struct thread_info". */
struct thread_info {
	uint32_t task, exec_domain, flags, status;
	uint32_t cpu;
};

/**
 * thread_stack_top - the end of THREAD_SIZE bytes of stack, for on_stack().
 *
 * They begin at a multiple of THREAD_SIZE, with a struct thread_info whose cpu is
 * 0.  There is one such stack: nobody may run on it when this is called.
 *
 * Return: a multiple of 16.
 */
void *thread_stack_top(void);

#endif
#endif
