/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pipes of the small kernel: bytes in a ring, a mutex around it, a queue for who waits at each
 * end.
 *
 * The shape is that of Linux 5.10's pipe_read() and pipe_write().  Left out: pages, of which
 * Linux has one a write, here the ring is bytes; splicing, packets, signals; the slow way of the
 * mutex, for nobody sleeps while it is held; a write that fills the ring would sleep and not wake
 * the reader: no path writes so much.
 *
 * Source: Linux 5.10, fs/pipe.c, kernel/locking/mutex.c.
 */
#ifndef KERNEL_PIPE_H
#define KERNEL_PIPE_H

#include "kernel/file.h"
#include "kernel/wait.h"

static inline void mutex_lock(volatile uint32_t *m)
{
	uint32_t was = 0;

	asm volatile("lock cmpxchg %2, %1" : "+a" (was), "+m" (*m) : "r" (1) : "memory", "cc");
	if (was)
		__builtin_trap();
}

static inline void mutex_unlock(volatile uint32_t *m)
{
	uint32_t was = 1;

	asm volatile("lock cmpxchg %2, %1" : "+a" (was), "+m" (*m) : "r" (0) : "memory", "cc");
	if (was != 1)
		__builtin_trap();
}

static inline unsigned pipe_bytes(const struct kernel_pipe *p)
{
	return *(const volatile unsigned *)&p->head - *(const volatile unsigned *)&p->tail;
}

/* The mutex is held when it is called, and when it returns. */
static inline void pipe_wait(struct kernel_pipe *p, struct kernel_wait_queue *q,
			     unsigned full)
{
	struct kernel_waiter w;

	w.task = NULL;
	mutex_unlock(&p->mutex);
	for (;;) {
		prepare_to_wait(p->k, q, &w);
		if (pipe_bytes(p) != full)
			break;
		schedule(p->k);
	}
	finish_wait(p->k, q, &w);
	mutex_lock(&p->mutex);
}

KERNEL_NAMED long pipe_read(struct kernel_file *f, uint8_t *to, size_t n)
{
	struct kernel_pipe *p = f->of;
	size_t got = 0;
	bool was_full;

	mutex_lock(&p->mutex);
	while (!pipe_bytes(p))
		pipe_wait(p, &p->readers, 0);
	was_full = pipe_bytes(p) == KERNEL_PIPE_BYTES;
	for (; got < n && pipe_bytes(p); got++)
		*(volatile uint8_t *)&to[got] = p->data[p->tail++ % KERNEL_PIPE_BYTES];
	mutex_unlock(&p->mutex);
	if (was_full)
		wake_up(p->k, &p->writers);
	return (long)got;
}

KERNEL_NAMED long pipe_write(struct kernel_file *f, const uint8_t *from, size_t n)
{
	struct kernel_pipe *p = f->of;
	size_t put = 0;
	bool was_empty;

	mutex_lock(&p->mutex);
	was_empty = !pipe_bytes(p);
	while (put < n) {
		if (pipe_bytes(p) == KERNEL_PIPE_BYTES)
			pipe_wait(p, &p->writers, KERNEL_PIPE_BYTES);
		else
			p->data[p->head++ % KERNEL_PIPE_BYTES] =
				*(const volatile uint8_t *)&from[put++];
	}
	mutex_unlock(&p->mutex);
	if (was_empty)
		wake_up(p->k, &p->readers);
	return (long)put;
}

/* Two of them: descriptors 0 and 1 are the first one's ends, to read and to write; 2 and 3 the
 * second one's. */
static inline void pipes_open(struct kernel *k)
{
	k->calls[KERNEL_READ] = KERNEL_ADDRESS(call_read);
	k->calls[KERNEL_WRITE] = KERNEL_ADDRESS(call_write);
	k->pipe_ops.read = KERNEL_ADDRESS(pipe_read);
	k->pipe_ops.write = KERNEL_ADDRESS(pipe_write);
	for (unsigned i = 0; i < 2; i++) {
		struct kernel_pipe *p = &k->pipe[i];

		p->k = k;
		p->readers.lock.taken_from = p->writers.lock.taken_from = SPINLOCK_FREE;
		for (unsigned end = 0; end < 2; end++) {
			struct kernel_file *f = &k->pipe_end[2 * i + end];

			f->ops = &k->pipe_ops;
			f->mode = end ? KERNEL_MAY_WRITE : KERNEL_MAY_READ;
			f->of = p;
			k->files[2 * i + end] = f;
		}
	}
}

#endif
