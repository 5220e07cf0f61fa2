/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the two architectures' native ops, x86-64's side. */
#ifndef NATIVE_ARCH_H
#define NATIVE_ARCH_H

#include <stddef.h>
#include <stdint.h>
#include "paravirt/shape.h"

/* Leaves through the frame on the stack.  Without the suffix the assembler
 * would pop 32-bit words. */
#define NATIVE_IRET	"iretq"

/* 8-byte slots of the GDT that a TSS or LDT descriptor takes.  Source: Intel
 * SDM Vol. 3A, "Segment Descriptor Tables in IA-32e Mode". */
#define NATIVE_SYSTEM_SLOTS	2

/* Source: Intel SDM Vol. 3A, "Task Management in 64-bit Mode". */
struct native_tss {
	uint32_t reserved0;
	uint64_t sp0, sp1, sp2;
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t iomap;
} __attribute__((packed));

_Static_assert(sizeof(struct native_tss) == 104, "the CPU's 64-bit TSS");
_Static_assert(offsetof(struct native_tss, sp0) == 4, "RSP0 is at 4");
_Static_assert(offsetof(struct native_tss, ist) == 36, "IST1 is at 36");
_Static_assert(offsetof(struct native_tss, iomap) == 102, "I/O map is at 102");

/*
 * Page table entries.  An aligned 8-byte store is one store, so all the ways to
 * set an entry are the same.  Source: Intel SDM Vol. 3A, "Guaranteed Atomic
 * Operations".
 */
static inline void native_entry_set(void *entry, uint64_t value)
{
	*(volatile uint64_t *)entry = value;
}

static inline void native_entry_set_atomic(void *entry, uint64_t value)
{
	native_entry_set(entry, value);
}

static inline void native_entry_set_present(void *entry, uint64_t value)
{
	native_entry_set(entry, value);
}

static inline void native_entry_clear(void *entry)
{
	native_entry_set(entry, 0);
}

/* Reads it and clears it at once: the CPU marks no access in between.  XCHG locks by
 * itself. */
static inline uint64_t native_entry_take(void *entry)
{
	uint64_t was;

	/* one statement: a compiler would keep the 0 for another */
	asm volatile("xorl %k0, %k0\n\txchgq %0, %1"
		     : "=&r" (was), "+m" (*(volatile uint64_t *)entry) : : "memory", "cc");
	return was;
}

/* Ops of class x64. */

static inline FN_v_v(native_swapgs)
{
	asm volatile("swapgs" : : : "memory");
}

static inline FN_u_v(native_read_cr8)
{
	unsigned long value;

	asm volatile("mov %%cr8, %0" : "=r" (value) : : "memory");
	return value;
}

static inline FN_v_u(native_write_cr8)
{
	asm volatile("mov %0, %%cr8" : : "r" (a) : "memory");
}

/*
 * Jumps to an op that ends in IRET, with a frame that comes back here.
 * @flags: what the frame has for RFLAGS.
 *
 * Return: RFLAGS after the return.  The frame has RSP and SS at every
 * privilege level.  Source: Intel SDM Vol. 3A, "IRET in IA-32e Mode".
 */
static inline unsigned long native_jump_iret(FN_v_v((*iret)),
					     unsigned long flags)
{
	asm volatile("mov %%rsp, %%rcx\n\t"
		     "mov %%ss, %%eax\n\tpush %%rax\n\t"
		     "push %%rcx\n\t"
		     "push %0\n\t"
		     "mov %%cs, %%eax\n\tpush %%rax\n\t"
		     "lea 1f(%%rip), %%rax\n\tpush %%rax\n\t"
		     "jmp *%1\n"
		     "1:\tpushf\n\tpop %0"
		     : "+r" (flags) : "r" (iret) : "rax", "rcx", "memory", "cc");
	return flags;
}

#endif
