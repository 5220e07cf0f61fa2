/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPU: its clock, its flags, and stores to code. */
#include "app.h"
#include "lib.h"

/* Source: Intel SDM Vol. 2A, "CPUID--CPU Identification". */
#define CPUID1_EDX_TSC		(1u << 4)
#define CPUID1_EDX_SSE2		(1u << 26)

/* Source: Intel SDM Vol. 3A, "Control Registers". */
#define CR0_WP	(1ul << 16)
#define CR4_CET	(1ul << 23)

/* Source: Intel SDM Vol. 1, "Control-flow Enforcement Technology". */
#define MSR_S_CET	0x6a2
#define S_CET_SHSTK	(1u << 0)
#define S_CET_ENDBR	(1u << 2)

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

void cpu_set_ac(bool on)
{
	unsigned long others = cpu_flags() & ~FLAGS_AC;

	asm volatile("push %0; popf"
		     : : "r" (others | (on ? FLAGS_AC : 0)) : "memory", "cc");
}

/*
 * Stores to code.  The firmware may map our text read-only; ring 0 ignores that
 * while CR0.WP is clear, and CR0.WP can only be cleared while CR4.CET is.
 * Interrupts stay off in between: nobody else runs without write protection.
 * Where the firmware runs with shadow stacks or IBT of its own, they cannot be
 * switched off between a call and its return: that is refused.
 */
static unsigned long read_cr0(void)
{
	unsigned long v;

	asm volatile("mov %%cr0, %0" : "=r" (v));
	return v;
}

static unsigned long read_cr4(void)
{
	unsigned long v;

	asm volatile("mov %%cr4, %0" : "=r" (v));
	return v;
}

bool cpu_has_cet(void)
{
	return (read_cr4() & CR4_CET)
		&& (cpu_rdmsr(MSR_S_CET) & (S_CET_SHSTK | S_CET_ENDBR));
}

/* CPUID serialises, so no instruction fetched before the stores is executed
 * after them.  Source: Intel SDM Vol. 3A, "Serializing Instructions". */
static bool writer_window(void *ctx, uint8_t *at, size_t len,
			  void (*store)(void *arg, ptrdiff_t shift), void *arg)
{
	unsigned long flags = cpu_flags(), cr0 = read_cr0(), cr4 = read_cr4();
	uint32_t r[4];

	(void)ctx, (void)at, (void)len;
	if (cpu_has_cet())
		return false;
	cpu_set_if(false);
	if (cr4 & CR4_CET)
		asm volatile("mov %0, %%cr4" : : "r" (cr4 & ~CR4_CET) : "memory");
	asm volatile("mov %0, %%cr0" : : "r" (cr0 & ~CR0_WP) : "memory");
	store(arg, 0);
	cpu_cpuid(0, 0, r);
	asm volatile("mov %0, %%cr0" : : "r" (cr0) : "memory");
	if (cr4 & CR4_CET)
		asm volatile("mov %0, %%cr4" : : "r" (cr4) : "memory");
	cpu_set_if(flags & FLAGS_IF);
	return true;
}

const struct text_writer cpu_text_writer = { writer_window, NULL };
