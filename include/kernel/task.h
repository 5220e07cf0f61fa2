/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks of the small kernel: which one runs, the switch to another, and two of them.
 *
 * The shape is that of Linux 5.10's schedule(), on one CPU: interrupts off, the run queue's
 * lock, the task that sleeps left out, the next one's address space, its stack of ring 0, its
 * TLS descriptors, its registers.  In another order: Linux switches stacks behind the address
 * space, and does the rest on the new one.  Left out: which task is the best, preemption at a
 * wake-up, accounting, clocks, FPU state, debug registers, and FS and GS of ring 3.
 *
 * Source: Linux 5.10, kernel/sched/core.c, arch/x86/kernel/process_64.c, process_32.c,
 * arch/x86/mm/tlb.c.
 */
#ifndef KERNEL_TASK_H
#define KERNEL_TASK_H

#include "kernel/call.h"
#include "kernel/spinlock.h"
#include "kernel_switch.h"

FASTCALL void kernel_switch(struct kernel_task *from, struct kernel_task *to);

static inline void queue_add(struct kernel_run_queue *q, struct kernel_task *t)
{
	t->next = NULL;
	if (q->first)
		q->last->next = t;
	else
		q->first = t;
	q->last = t;
}

static inline struct kernel_task *queue_take(struct kernel_run_queue *q)
{
	struct kernel_task *t = q->first;

	if (!t)
		__builtin_trap();	/* all sleep: there is nobody who would wake them */
	q->first = t->next;
	return t;
}

/* A function that native code calls by its address, for it has data of its own. */
static inline void task_load_tls(const struct kernel_called *w, struct kernel_task *t)
{
	(void)w;
	CALLED(load_tls)(&t->thread, 0);
}

static inline void context_switch(struct kernel *k, struct kernel_task *from,
				  struct kernel_task *to)
{
	start_context_switch(from);
	write_cr3(to->cr3);
	k->current = to;
	load_esp0((void *)(unsigned long)k->ring3.tss, &to->thread);
	k->entry->kernel_sp = to->thread.sp0;
	task_load_tls(&k->load_tls, to);
	end_context_switch(to);
	kernel_switch(from, to);
}

/* The current task goes on when it is its turn: at once, if it does not sleep. */
KERNEL_TEXT void schedule(struct kernel *k)
{
	struct kernel_task *from = k->current, *to;

	irq_disable();
	spin_lock(&k->queue.lock);
	if (from->state == KERNEL_RUNS)
		queue_add(&k->queue, from);
	to = queue_take(&k->queue);
	if (to != from)
		context_switch(k, from, to);
	spin_unlock(&k->queue.lock);
	irq_enable();
}

/* Of a task that never ran: the end of the schedule() that came to it, and of its first call. */
KERNEL_NAMED void kernel_begins(struct kernel *k)
{
	spin_unlock(&k->queue.lock);
	irq_enable();
	irq_disable();
	kernel_exit_work(k);
}

/* Makes it one that could run. */
KERNEL_TEXT bool try_to_wake_up(struct kernel *k, struct kernel_task *t)
{
	const unsigned long flags = spin_lock_irqsave(&t->wake_lock);
	const bool sleeps = t->state != KERNEL_RUNS;

	if (sleeps) {
		t->state = KERNEL_RUNS;
		spin_lock(&k->queue.lock);
		queue_add(&k->queue, t);
		spin_unlock(&k->queue.lock);
	}
	spin_unlock_irqrestore(&t->wake_lock, flags);
	return sleeps;
}

/* Bytes between the stacks of the two tasks. */
#define KERNEL_STACK_BYTES	8192

/* The second program's: it never ran. */
static inline void task_other(struct kernel *k)
{
	struct kernel_task *t = &k->task[1];
	unsigned long *sp;

	t->thread.sp0 = kernel_stack(k, KERNEL_STACK_ABOVE + KERNEL_STACK_BYTES);
	t->cr3 = (unsigned long)k->ring3.other_cr3;
	t->tgid = KERNEL_TGID + 1;
	t->parent = &k->parent;
	sp = (unsigned long *)t->thread.sp0 - 5;
	sp[0] = (unsigned long)k->ring3.other_ip;
	sp[1] = (unsigned long)k->ring3.cs;
	sp[2] = FLAGS_OF_RING3;
	sp[3] = (unsigned long)k->ring3.other_sp;
	sp[4] = (unsigned long)k->ring3.ss;
	*--sp = (unsigned long)KERNEL_ADDRESS(kernel_first);
	for (unsigned i = 0; i < SWITCH_REGISTERS; i++)
		*(volatile unsigned long *)--sp = 0;
	t->sp = (unsigned long)sp;
	queue_add(&k->queue, t);
}

/* Both programs, until the first one ends. */
static inline void kernel_run_both(struct kernel *k, unsigned long units)
{
	for (unsigned i = 0; i < USER_PROGRAMS; i++)
		k->task[i].wake_lock.taken_from = SPINLOCK_FREE;
	task_other(k);
	kernel_run_ring3(k, units);
}

#endif
