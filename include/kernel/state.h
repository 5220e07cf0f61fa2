/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of the small kernel that paths run in. */
#ifndef KERNEL_STATE_H
#define KERNEL_STATE_H

#include <stddef.h>
#include <stdint.h>
#include "arch.h"
#include "kernel/ring3.h"
#include "kernel/spinlock_type.h"
#include "paravirt/native.h"
#include "paravirt/pv_memory.h"

struct kernel;

/* System calls, by number: ring 3's programs have them as text. */
#define KERNEL_GETPPID	0
#define KERNEL_READ	1
#define KERNEL_WRITE	2
#define KERNEL_EXIT	3
#define KERNEL_CALLS	4

/* As KERNEL_TEXT compiles it. */
typedef long FASTCALL kernel_call_fn(struct kernel *k, unsigned long a, unsigned long b,
			    unsigned long c);

/* A task.  Its first member is assembly's: where its registers are on its kernel stack. */
struct kernel_task {
	unsigned long sp;
	struct native_thread thread;	/* its descriptors, the top of that stack */
	unsigned long cr3;
	volatile uint32_t flags;	/* KERNEL_WORK: something is to be done before ring 3 */
	volatile uint32_t state;	/* KERNEL_RUNS, KERNEL_SLEEPS */
	struct spinlock wake_lock;
	struct kernel_task *next;	/* in the queue of those that could run */
	long tgid;
	const struct kernel_task *parent;
};
#define KERNEL_WORK	(1u << 1)
#define KERNEL_RUNS	0
#define KERNEL_SLEEPS	1

/* Who could run, but for who does. */
struct kernel_run_queue {
	struct spinlock lock;
	struct kernel_task *first, *last;
};

struct kernel_waiter {
	struct kernel_task *task;	/* NULL: it is in no queue */
	struct kernel_waiter *next;
};

struct kernel_wait_queue {
	struct spinlock lock;
	struct kernel_waiter *first;
};

#define KERNEL_PIPE_BYTES	256	/* a power of two */
struct kernel_pipe {
	struct kernel *k;
	volatile uint32_t mutex;	/* 1: it is held */
	unsigned head, tail;		/* bytes ever written, ever read */
	struct kernel_wait_queue readers, writers;
	uint8_t data[KERNEL_PIPE_BYTES];
};

/* A function that native code calls by a pointer, as convention native.h has it. */
struct kernel_called {
	unsigned long call;
};

/* An open file: what is done with it is its operations' business. */
struct kernel_file {
	const struct kernel_file_ops *ops;
	uint32_t mode;			/* KERNEL_MAY_READ, KERNEL_MAY_WRITE */
	uint64_t at;
	void *of;			/* its operations know what: a pipe */
};
#define KERNEL_MAY_READ		(1u << 0)
#define KERNEL_MAY_WRITE	(1u << 1)

struct kernel_file_ops {
	long (FASTCALL *read)(struct kernel_file *f, uint8_t *to, size_t n);
	long (FASTCALL *write)(struct kernel_file *f, const uint8_t *from, size_t n);
};

#define KERNEL_FILES	8

/* What the rows need, and no more.  Pointers to functions are those of the block that runs:
 * it sets them itself. */
struct kernel {
	struct spinlock lock;
	unsigned long guarded;		/* what the lock guards: a counter */
	struct kernel_ring3 ring3;
	struct pv_entry *entry;		/* the CPU's */
	struct kernel_task *current, task[USER_PROGRAMS], parent;
	struct kernel_run_queue queue;
	struct kernel_called load_tls;
	kernel_call_fn *calls[KERNEL_CALLS];
	struct kernel_file *files[KERNEL_FILES];	/* by descriptor */
	struct kernel_file zero, null;
	struct kernel_file_ops zero_ops, null_ops;
	struct kernel_pipe pipe[2];
	struct kernel_file pipe_end[4];		/* of each the one to read, the one to write */
	struct kernel_file_ops pipe_ops;
	unsigned long exit[2];		/* what ring 3's program ended with */
};

#define KERNEL_TGID	2
#define KERNEL_PPID	1

/* As a pass finds it: the lock is free, counters are 0, no file is open.  There is one;
 * whoever asks begins it anew. */
struct kernel *kernel_begin(void);

/* The same one, as the last pass left it. */
const struct kernel *kernel_left(void);

#endif
