/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's memory, see state.h. */
#include "kernel/state.h"
#include "lib/mem.h"

static struct kernel kernel;

struct kernel *kernel_begin(void)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.lock.taken_from = SPINLOCK_FREE;
	return &kernel;
}

const struct kernel *kernel_left(void)
{
	return &kernel;
}
