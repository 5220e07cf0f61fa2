/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's memory, see state.h. */
#include "kernel/state.h"
#include "lib/mem.h"
#include "paravirt/install.h"

static struct kernel kernel;

struct kernel *kernel_begin(void)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.lock.taken_from = SPINLOCK_FREE;
	kernel.entry = &pv_memory.entry;
	kernel.current = &kernel.task[0];
	kernel.current->tgid = KERNEL_TGID;
	kernel.current->parent = &kernel.parent;
	kernel.parent.tgid = KERNEL_PPID;
	kernel.load_tls.call = backend_op(&native_backend, OP_load_tls, false);
	kernel.queue.lock.taken_from = SPINLOCK_FREE;
	return &kernel;
}

const struct kernel *kernel_left(void)
{
	return &kernel;
}
