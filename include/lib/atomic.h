/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words that CPUs hand over to each other.
 *
 * x86 keeps the order of stores, and of loads: these hold back the compiler alone.
 */
#ifndef ATOMIC_H
#define ATOMIC_H

#include <stdint.h>

/* What was stored before is seen by whoever reads this value by load_acquire(). */
static inline void store_release(volatile uint32_t *to, uint32_t v)
{
	__atomic_store_n(to, v, __ATOMIC_RELEASE);
}

/* What is read behind this is at least as new as the value is. */
static inline uint32_t load_acquire(const volatile uint32_t *from)
{
	return __atomic_load_n(from, __ATOMIC_ACQUIRE);
}

#endif
