/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lock that a kernel takes with interrupts off, in the shape that Linux 2.6.17 has it
 * on an SMP i386: out of line; a locked decrement of a byte; who waits has the interrupts on
 * that its caller had.  Left out: preemption's count.
 *
 * Source: Linux 2.6.17, kernel/spinlock.c, include/asm-i386/spinlock.h.
 */
#ifndef SPINLOCK_H
#define SPINLOCK_H

#include "kernel/spinlock_type.h"
#include "kernel/text.h"

static inline bool spin_try(struct spinlock *l)
{
	bool taken;

	asm volatile("lock decb %0" : "+m" (l->taken_from), "=@ccns" (taken) : : "memory");
	return taken;
}

/* For who has interrupts off. */
static inline void spin_lock(struct spinlock *l)
{
	while (!spin_try(l))
		while (l->taken_from <= 0)
			asm volatile("pause");
}

static inline void spin_unlock(struct spinlock *l)
{
	l->taken_from = SPINLOCK_FREE;
	asm volatile("" : : : "memory");
}

/* With interrupts as they were when it was asked for. */
static inline void spin_wait(const struct spinlock *l, unsigned long flags)
{
	if (flags & KERNEL_IF)
		irq_enable();
	while (l->taken_from <= 0)
		asm volatile("pause");
	if (flags & KERNEL_IF)
		irq_disable();
}

/* The flags as they were, for spin_unlock_irqrestore(). */
KERNEL_TEXT unsigned long spin_lock_irqsave(struct spinlock *l)
{
	const unsigned long flags = save_fl();

	irq_disable();
	while (!spin_try(l))
		spin_wait(l, flags);
	return flags;
}

KERNEL_TEXT void spin_unlock_irqrestore(struct spinlock *l, unsigned long flags)
{
	l->taken_from = SPINLOCK_FREE;
	restore_fl(flags);
}

#endif
