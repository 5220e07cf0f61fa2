/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the checks of single ops share.  Private to efi/ops/.
 *
 * A check prepares what its op needs, calls the op through the table, looks at
 * the machine with an instruction of its own (not with the op's code: the same
 * slip would be in both), and puts everything back before it judges.  IF is 0
 * when it begins and when it ends.
 */
#ifndef OPS_CHECK_ONE_H
#define OPS_CHECK_ONE_H

#include <stddef.h>
#include "lib/mem.h"
#include "ops_check_env.h"
#include "own_gdt.h"
#include "paravirt/native.h"

/**
 * struct check - what the checks pass on.
 * @env:     of the caller.
 * @skipped: the op was not run: set by not_run().
 * @gdt:     a GDT of our own.
 * @no_gdt:  why there is none, or NULL.
 */
struct check {
	const struct ops_check_env *env;
	bool skipped;
	struct own_gdt gdt;
	const char *no_gdt;
};

/* A check's verdict: NULL is good, anything else says what is wrong, or, after
 * not_run(), why the op was not run. */
#define CHECK(op)							\
	const char *check_##op(__attribute__((unused)) struct check *c)

#define OP(name, shape, class, ring3, contract) CHECK(name);
#include "list/op.def"
#undef OP

static inline const char *unless(bool good, const char *why)
{
	return good ? NULL : why;
}

static inline const char *not_run(struct check *c, const char *why)
{
	c->skipped = true;
	return why;
}

/* A value no register holds by chance; fits where only 32 bits are kept. */
#define PATTERN		0x5a3c96f0ul

#define FL_CF		(1ul << 0)
#define FL_IF		(1ul << 9)

/* Instructions of the check's own: READ() those that give a value, WRITE() those that take
 * one. */

#define READ(insns) ({							\
	unsigned long value_;						\
	asm volatile(insns : "=r" (value_) : : "memory");		\
	value_; })
#define WRITE(insns, value)						\
	asm volatile(insns : : "r" ((unsigned long)(value)) : "memory", "cc")

static inline unsigned long flags_now(void)
{
	return READ("pushf\n\tpop %0");
}

static inline bool if_now(void)
{
	return flags_now() & FL_IF;
}

struct cpuid_words {
	uint32_t a, b, c, d;
};

static inline struct cpuid_words cpuid_now(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid_words r;

	asm volatile("cpuid" : "=a" (r.a), "=b" (r.b), "=c" (r.c), "=d" (r.d)
		     : "0" (leaf), "2" (subleaf) : "memory");
	return r;
}

static inline uint64_t rdmsr_now(uint32_t msr)
{
	uint32_t low, high;

	asm volatile("rdmsr" : "=a" (low), "=d" (high) : "c" (msr) : "memory");
	return (uint64_t)high << 32 | low;
}

static inline void wrmsr_now(uint32_t msr, uint64_t value)
{
	asm volatile("wrmsr" : : "c" (msr), "a" ((uint32_t)value),
		     "d" ((uint32_t)(value >> 32)) : "memory");
}

/* CPUID leaf 1, EDX.  Source: Intel SDM Vol. 2A, "CPUID--CPU
 * Identification". */
enum leaf1_bit {
	LEAF1_MSR = 5, LEAF1_APIC = 9, LEAF1_SEP = 11, LEAF1_PGE = 13,
};

/* Does CPUID say so? */
static inline bool has(enum leaf1_bit bit)
{
	return cpuid_now(1, 0).d >> bit & 1;
}

#endif
