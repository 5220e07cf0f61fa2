/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPU: its clock and its flags. */
#include "cpu.h"
#include "lib/compiler.h"
#include "machine/instructions.h"

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

/* One copy: what is timed is timed with it, at its beginning and by way of the other name
 * at its end, and both have to cost what they cost. */
ONE_COPY uint64_t cpu_tsc_begin(void)
{
	return tsc_read_ordered();
}

uint64_t cpu_tsc_end(void)
{
	return cpu_tsc_begin();
}

unsigned long cpu_flags(void)
{
	return flags_read();
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
