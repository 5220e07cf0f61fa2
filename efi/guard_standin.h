/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for guard.h until that is here: the same names, unguarded.  A fault
 * is the firmware's, and ends the application. */
#ifndef GUARD_STANDIN_H
#define GUARD_STANDIN_H

#include <stdbool.h>
#include "app.h"

static inline bool msr_read(uint32_t msr, uint64_t *v)
{
	*v = cpu_rdmsr(msr);
	return true;
}

static inline bool msr_write(uint32_t msr, uint64_t v)
{
	cpu_wrmsr(msr, v);
	return true;
}

static inline bool pmc_read(uint32_t counter, uint64_t *v)
{
	uint32_t lo, hi;

	asm volatile("rdpmc" : "=a" (lo), "=d" (hi) : "c" (counter));
	*v = (uint64_t)hi << 32 | lo;
	return true;
}

#endif
