/* SPDX-License-Identifier: GPL-2.0-only */
/* The reads of the core's cycles, fenced on both sides as the TSC's are. */
#include "counters_read.h"

uint64_t counters_read_fixed_1(void)
{
	uint32_t lo, hi;

	asm volatile("lfence; rdpmc; lfence" : "=a" (lo), "=d" (hi)
		     : "c" (RDPMC_FIXED_1) : "memory");
	return (uint64_t)hi << 32 | lo;
}

uint64_t counters_read_aperf(void)
{
	uint32_t lo, hi;

	asm volatile("lfence; rdmsr; lfence" : "=a" (lo), "=d" (hi)
		     : "c" (MSR_APERF) : "memory");
	return (uint64_t)hi << 32 | lo;
}
