/* SPDX-License-Identifier: GPL-2.0-only */
/* What the paths of this module share.  All they work on is in struct work: a copy
 * that is timed runs at another address than the code it was made from. */
#ifndef HOT_PATH_H
#define HOT_PATH_H

#include "workload/workload.h"

/* One CPU: a lock is never found taken, so there is no loop.  What it costs is the
 * locked exchange and the store. */
static inline void lock(volatile unsigned long *word)
{
	unsigned long taken = 1;

	asm volatile("xchg %0, %1" : "+r" (taken), "+m" (*word) : : "memory");
}

static inline void unlock(volatile unsigned long *word)
{
	*word = 0;
}

#endif
