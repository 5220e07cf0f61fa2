/* SPDX-License-Identifier: GPL-2.0-only */
/* A spin lock as it lies in memory. */
#ifndef SPINLOCK_TYPE_H
#define SPINLOCK_TYPE_H

#include <stdint.h>

/* 1: free.  Whoever takes it counts it down by one: who finds it 1 has it, and the others
 * wait until it is above 0. */
struct spinlock {
	volatile int8_t taken_from;
};
#define SPINLOCK_FREE	1

#endif
