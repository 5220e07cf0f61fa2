/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPU: its clock and its flags. */
#include "cpu.h"

/* Source: Intel SDM Vol. 2A, "CPUID--CPU Identification". */
#define CPUID1_EDX_TSC		(1u << 4)
#define CPUID1_EDX_SSE2		(1u << 26)

const char *cpu_lacks(void)
{
	uint32_t r[4];

	cpu_cpuid(1, 0, r);
	if (!(r[3] & CPUID1_EDX_TSC))
		return "a time-stamp counter";
	if (!(r[3] & CPUID1_EDX_SSE2))
		return "LFENCE (SSE2), which orders the reads of the time-stamp counter";
	return NULL;
}

/*
 * LFENCE waits for all that came before and holds back all that comes after.
 * Source: Intel SDM Vol. 2B, "RDTSC--Read Time-Stamp Counter".
 */
uint64_t cpu_tsc_begin(void)
{
	uint32_t lo, hi;

	asm volatile("lfence; rdtsc; lfence" : "=a" (lo), "=d" (hi) : : "memory");
	return (uint64_t)hi << 32 | lo;
}

uint64_t cpu_tsc_end(void)
{
	return cpu_tsc_begin();
}

unsigned long cpu_flags(void)
{
	unsigned long flags;

	asm volatile("pushf; pop %0" : "=r" (flags) : : "memory");
	return flags;
}

void cpu_set_if(bool on)
{
	if (on)
		asm volatile("sti; nop" : : : "memory");
	else
		asm volatile("cli" : : : "memory");
}

bool cpu_irqs_off(void)
{
	bool on = cpu_flags() & FLAGS_IF;

	cpu_set_if(false);
	return on;
}

void cpu_set_ac(bool on)
{
	unsigned long others = cpu_flags() & ~FLAGS_AC;

	asm volatile("push %0; popf"
		     : : "r" (others | (on ? FLAGS_AC : 0)) : "memory", "cc");
}
