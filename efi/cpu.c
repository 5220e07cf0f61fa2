/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPU: its name, its clock, its flags, and stores to code. */
#include "app.h"
#include "lib.h"

/* Source: Intel SDM Vol. 2A, "CPUID--CPU Identification". */
#define CPUID1_EDX_TSC		(1u << 4)
#define CPUID1_EDX_SSE2		(1u << 26)
#define CPUID1_ECX_HYPERVISOR	(1u << 31)
#define CPUID_INVARIANT_TSC	(1u << 8)	/* 80000007 EDX */

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

/* Words of a CPUID answer as text; unprintable bytes become spaces. */
static void add_text(char *to, const uint32_t *r, unsigned words)
{
	for (unsigned i = 0; i < 4 * words; i++) {
		char c = (char)(r[i / 4] >> 8 * (i % 4));

		to[i] = c >= ' ' && c <= '~' ? c : (c ? ' ' : '\0');
	}
}

static void identify_model(struct cpu_id *id)
{
	uint32_t r[4], text[3];

	cpu_cpuid(0, 0, r);
	text[0] = r[1];
	text[1] = r[3];
	text[2] = r[2];
	add_text(id->vendor, text, 3);
	cpu_cpuid(1, 0, r);
	id->family = r[0] >> 8 & 0xf;
	id->model = r[0] >> 4 & 0xf;
	id->stepping = r[0] & 0xf;
	if (id->family == 6 || id->family == 15)
		id->model |= r[0] >> 12 & 0xf0;
	if (id->family == 15)
		id->family += r[0] >> 20 & 0xff;
}

static void identify_hypervisor(struct environment *env)
{
	uint32_t r[4];

	cpu_cpuid(1, 0, r);
	if (!(r[2] & CPUID1_ECX_HYPERVISOR))
		return;
	cpu_cpuid(0x40000000, 0, r);
	add_text(env->hypervisor, r + 1, 3);
	if (!env->hypervisor[0])
		memcpy(env->hypervisor, "unnamed", 8);
}

void cpu_identify(struct environment *env)
{
	uint32_t r[4], top;

	identify_model(&env->cpu);
	identify_hypervisor(env);
	cpu_cpuid(0x80000000, 0, r);
	top = r[0];
	for (uint32_t i = 0; i < 3 && top >= 0x80000004; i++) {
		cpu_cpuid(0x80000002 + i, 0, r);
		add_text(env->brand + 16 * i, r, 4);
	}
	if (top >= 0x80000007) {
		cpu_cpuid(0x80000007, 0, r);
		env->invariant_tsc = r[3] & CPUID_INVARIANT_TSC;
	}
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

/*
 * Stores to code.  The firmware may map our text read-only; ring 0 ignores that
 * while CR0.WP is clear, and CR0.WP can only be cleared while CR4.CET is.
 * Interrupts stay off in between: nobody else runs without write protection.
 * Where the firmware runs with shadow stacks or IBT of its own, they cannot be
 * switched off between a call and its return: that is refused.
 */
static struct {
	unsigned long cr0, cr4, flags;
} writer_found;

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

static bool writer_open(void *ctx)
{
	(void)ctx;
	writer_found.flags = cpu_flags();
	cpu_set_if(false);
	writer_found.cr0 = read_cr0();
	writer_found.cr4 = read_cr4();
	if ((writer_found.cr4 & CR4_CET)
	    && (cpu_rdmsr(MSR_S_CET) & (S_CET_SHSTK | S_CET_ENDBR))) {
		cpu_set_if(writer_found.flags & FLAGS_IF);
		return false;
	}
	if (writer_found.cr4 & CR4_CET)
		asm volatile("mov %0, %%cr4" : : "r" (writer_found.cr4 & ~CR4_CET)
			     : "memory");
	asm volatile("mov %0, %%cr0" : : "r" (writer_found.cr0 & ~CR0_WP)
		     : "memory");
	return true;
}

static void writer_write(void *ctx, uint8_t *to, const uint8_t *from, size_t len)
{
	(void)ctx;
	memcpy(to, from, len);
}

/* CPUID serialises, so no instruction fetched before the stores is executed
 * after them.  Source: Intel SDM Vol. 3A, "Serializing Instructions". */
static void writer_close(void *ctx)
{
	uint32_t r[4];

	(void)ctx;
	cpu_cpuid(0, 0, r);
	asm volatile("mov %0, %%cr0" : : "r" (writer_found.cr0) : "memory");
	if (writer_found.cr4 & CR4_CET)
		asm volatile("mov %0, %%cr4" : : "r" (writer_found.cr4) : "memory");
	cpu_set_if(writer_found.flags & FLAGS_IF);
}

const struct text_writer cpu_text_writer = {
	writer_open, writer_write, writer_close, NULL
};
