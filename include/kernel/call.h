/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls of the small kernel: from the entry by number to a function, and back.
 *
 * The shape is that of Linux 5.10, do_syscall_64(): interrupts on, the table, interrupts off,
 * and the flags of the thread looked at before ring 3 goes on.  Left out: the look at the flags
 * before the call (tracing, seccomp), the number held back from speculation, context tracking.
 *
 * Source: Linux 5.10, arch/x86/entry/common.c, kernel/entry/common.c.
 */
#ifndef KERNEL_CALL_H
#define KERNEL_CALL_H

#include "kernel/state.h"
#include "kernel/text.h"
#include "kernel_entry.h"

/* Flags that ring 3 begins with: IF. */
#define FLAGS_OF_RING3	0x202

FASTCALL void kernel_to_ring3(struct kernel_ring3 *r, unsigned long units);
FASTCALL void kernel_from_ring3(struct kernel_ring3 *r) __attribute__((noreturn));

/* Work before ring 3 goes on: a signal, another task's turn.  No row here has any. */
static inline void kernel_exit_work(const struct kernel *k)
{
	while (k->current->flags & KERNEL_WORK) {
		irq_enable();
		irq_disable();
	}
}

static __attribute__((used)) ONE_COPY FASTCALL
void kernel_call(struct kernel_regs *regs, struct kernel *k)
{
	const unsigned long n = CALL_NUMBER(regs);

	irq_enable();
	if (n < KERNEL_CALLS)
		CALL_RESULT(regs) = k->calls[n](k, CALL_ARG1(regs), CALL_ARG2(regs),
						CALL_ARG3(regs));
	irq_disable();
	kernel_exit_work(k);
}

/* It ends ring 3's program: two words for the check. */
KERNEL_NAMED long call_exit(struct kernel *k, unsigned long a, unsigned long b,
			   unsigned long c)
{
	(void)c;
	k->exit[0] = a;
	k->exit[1] = b;
	kernel_from_ring3(&k->ring3);
}

/* So much is left above the stack of ring 0 for what calls ring 3. */
#define KERNEL_STACK_ABOVE	1024

static inline unsigned long kernel_stack(struct kernel *k, unsigned long below)
{
	const unsigned long at = (unsigned long)__builtin_frame_address(0) - below;
	const unsigned long sp0 = (at & -64ul) - KERNEL_STACK_WORDS * sizeof(long);

	KERNEL_STACK_FILL(sp0, k);
	return sp0;
}

/* Ring 3's program for so many units. */
static inline void kernel_run_ring3(struct kernel *k, unsigned long units)
{
	k->calls[KERNEL_EXIT] = KERNEL_ADDRESS(call_exit);
	k->ring3.sp0 = kernel_stack(k, KERNEL_STACK_ABOVE);
	k->current->thread.sp0 = (unsigned long)k->ring3.sp0;
	k->current->cr3 = (unsigned long)k->ring3.cr3;
	k->entry->kernel = (unsigned long)k;
	k->entry->user_cs = k->ring3.cs;
	k->entry->user_ss = k->ring3.ss;
	kernel_to_ring3(&k->ring3, units);
	*k->entry = (struct pv_entry){ 0 };
}

#endif
