/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the two architectures' native ops, ia32's side. */
#ifndef NATIVE_ARCH_H
#define NATIVE_ARCH_H

#include <stddef.h>
#include <stdint.h>
#include "paravirt/shape.h"

/* Leaves through the frame on the stack. */
#define NATIVE_IRET	"iretl"

/* 8-byte slots of the GDT that a TSS or LDT descriptor takes.  Source: Intel
 * SDM Vol. 3A, "System Descriptor Types". */
#define NATIVE_SYSTEM_SLOTS	1

/* Source: Intel SDM Vol. 3A, "Task-State Segment (TSS)". */
struct native_tss {
	uint32_t link;
	uint32_t sp0, ss0, sp1, ss1, sp2, ss2;
	uint32_t cr3, eip, eflags;
	uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
	uint32_t es, cs, ss, ds, fs, gs;
	uint32_t ldt;
	uint16_t trap;
	uint16_t iomap;
} __attribute__((packed));

_Static_assert(sizeof(struct native_tss) == 104, "the CPU's 32-bit TSS");
_Static_assert(offsetof(struct native_tss, sp0) == 4, "ESP0 is at 4");
_Static_assert(offsetof(struct native_tss, ldt) == 96, "LDT is at 96");
_Static_assert(offsetof(struct native_tss, iomap) == 102, "I/O map is at 102");

/*
 * Page table entries are 8 bytes (PAE) and a store is 4.  The half with the
 * present bit is the low one.  The CPU keeps stores in order, "volatile" makes
 * the compiler do so.  Source: Intel SDM Vol. 3A, "Paging", "Memory Ordering in
 * P6 and More Recent Processor Families".
 */
struct native_entry {
	volatile uint32_t low, high;
} __attribute__((may_alias));

/* For an entry that was not present: complete before it is. */
static inline void native_entry_set(void *entry, uint64_t value)
{
	struct native_entry *e = entry;

	e->high = (uint32_t)(value >> 32);
	e->low = (uint32_t)value;
}

/* The first compare may fail on a value read in two halves; CMPXCHG8B then has
 * loaded the true one. */
static inline void native_entry_set_atomic(void *entry, uint64_t value)
{
	struct native_entry *e = entry;
	uint64_t seen = (uint64_t)e->high << 32 | e->low;

	asm volatile("1: lock cmpxchg8b %0; jnz 1b"
		     : "+m" (*e), "+A" (seen)
		     : "b" ((uint32_t)value), "c" ((uint32_t)(value >> 32))
		     : "memory", "cc");
}

/* For an entry that may be present: absent first, then complete. */
static inline void native_entry_set_present(void *entry, uint64_t value)
{
	struct native_entry *e = entry;

	e->low = 0;
	native_entry_set(entry, value);
}

static inline void native_entry_clear(void *entry)
{
	struct native_entry *e = entry;

	e->low = 0;
	e->high = 0;
}

/* Reads it and clears it: the half with the present bit and the CPU's marks at once, and
 * then the CPU looks at the other no more.  XCHG locks by itself. */
static inline uint64_t native_entry_take(void *entry)
{
	struct native_entry *e = entry;
	uint32_t low, high;

	/* one statement: a compiler would keep the 0 for another */
	asm volatile("xorl %0, %0\n\txchgl %0, %1"
		     : "=&r" (low), "+m" (e->low) : : "memory", "cc");
	high = e->high;
	e->high = 0;
	return (uint64_t)high << 32 | low;
}

/*
 * Jumps to an op that ends in IRET, with a frame that comes back here.
 * @flags: what the frame has for EFLAGS.
 *
 * Return: EFLAGS after the return.  Without a change of privilege the frame has
 * no stack pointer.  Source: Intel SDM Vol. 2A, "IRET--Interrupt Return".
 */
static inline unsigned long native_jump_iret(FN_v_v((*iret)),
					     unsigned long flags)
{
	asm volatile("push %0\n\t"
		     "mov %%cs, %%eax\n\tpush %%eax\n\t"
		     "push $1f\n\t"
		     "jmp *%1\n"
		     "1:\tpushf\n\tpop %0"
		     : "+r" (flags) : "r" (iret) : "eax", "memory", "cc");
	return flags;
}

#endif
