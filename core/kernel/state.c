/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's memory, see state.h. */
#include "kernel/state.h"
#include "lib/mem.h"

static struct kernel kernel;

struct kernel *kernel_begin(void)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.lock.taken_from = SPINLOCK_FREE;
	kernel.entry = &pv_memory.entry;
	kernel.current.tgid = KERNEL_TGID;
	kernel.current.parent = &kernel.parent;
	kernel.parent.tgid = KERNEL_PPID;
	return &kernel;
}

const struct kernel *kernel_left(void)
{
	return &kernel;
}
