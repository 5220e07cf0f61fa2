/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of the small kernel that paths run in. */
#ifndef KERNEL_STATE_H
#define KERNEL_STATE_H

#include "kernel/spinlock_type.h"

/* What the rows need, and no more. */
struct kernel {
	struct spinlock lock;
	unsigned long guarded;		/* what the lock guards: a counter */
};

/* As a pass finds it: the lock is free, the counter 0.  There is one; whoever asks begins
 * it anew. */
struct kernel *kernel_begin(void);

/* The same one, as the last pass left it. */
const struct kernel *kernel_left(void);

#endif
