/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues of the small kernel: a lock with interrupts off around a list of those who wait.
 * Left out: in which order exclusive waiters are woken, and signals.
 *
 * Source: Linux 5.10, kernel/sched/wait.c: prepare_to_wait_event(), finish_wait(),
 * __wake_up_common_lock().
 */
#ifndef KERNEL_WAIT_H
#define KERNEL_WAIT_H

#include "kernel/task.h"

KERNEL_TEXT void prepare_to_wait(struct kernel *k, struct kernel_wait_queue *q,
				 struct kernel_waiter *w)
{
	const unsigned long flags = spin_lock_irqsave(&q->lock);

	if (!w->task) {
		w->task = k->current;
		w->next = q->first;
		q->first = w;
	}
	k->current->state = KERNEL_SLEEPS;
	spin_unlock_irqrestore(&q->lock, flags);
}

/* Who is in no queue takes no lock.  Who was woken and has asked again is in it once more. */
static inline void finish_wait(struct kernel *k, struct kernel_wait_queue *q,
			       struct kernel_waiter *w)
{
	unsigned long flags;

	k->current->state = KERNEL_RUNS;
	if (!w->task)
		return;
	flags = spin_lock_irqsave(&q->lock);
	q->first = w->next;
	w->task = NULL;
	spin_unlock_irqrestore(&q->lock, flags);
}

/* Who came last; one waits at most. */
KERNEL_TEXT void wake_up(struct kernel *k, struct kernel_wait_queue *q)
{
	const unsigned long flags = spin_lock_irqsave(&q->lock);
	struct kernel_waiter *w = q->first;

	if (w && try_to_wake_up(k, w->task)) {
		q->first = w->next;
		w->task = NULL;
	}
	spin_unlock_irqrestore(&q->lock, flags);
}

#endif
