/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that more than one program of ours reads the machine by: the application
 * in ring 0, the programs of host/user in ring 3.
 */
#ifndef INSTRUCTIONS_H
#define INSTRUCTIONS_H

#include <stdint.h>

/**
 * tsc_read_ordered - the TSC, in ticks.
 *
 * LFENCE waits for all that came before and holds back all that comes after.
 * Source: Intel SDM Vol. 2B, "RDTSC--Read Time-Stamp Counter".
 */
static inline uint64_t tsc_read_ordered(void)
{
	uint32_t lo, hi;

	asm volatile("lfence; rdtsc; lfence" : "=a" (lo), "=d" (hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

/* The flags register, as PUSHF has it. */
static inline unsigned long flags_read(void)
{
	unsigned long flags;

	asm volatile("pushf; pop %0" : "=r" (flags) : : "memory");
	return flags;
}

#endif
