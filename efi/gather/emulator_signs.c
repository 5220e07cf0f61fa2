/* SPDX-License-Identifier: GPL-2.0-only */
/* The facts that emulator.h decides by, asked. */
#include "cpu/cpu.h"
#include "cpu/may_fault.h"
#include "gather.h"
#include "lib/mem.h"
#include "machine/emulator.h"

/* The first is one that Intel SDM Vol. 4, "Architectural MSRs", says no processor will
 * have; the other is in no manual's list. */
static const uint32_t absent_msrs[] = { 0x400000ff, 0x3ffffff1 };

static bool absent_msrs_read(void)
{
	uint64_t v;

	for (unsigned i = 0; i < sizeof(absent_msrs) / sizeof(absent_msrs[0]); i++)
		if (!msr_read(absent_msrs[i], &v))
			return false;
	return true;
}

/* Of 16 times @repeat, read before and behind. */
#define TICKS_OF(insn, repeat) ({					\
	uint32_t a_ = 0, b_, c_ = 0, d_;				\
	uint64_t began_ = cpu_tsc_begin();				\
									\
	asm volatile(".rept 16 * " #repeat "\n" insn "\n.endr"		\
		     : "+a" (a_), "=b" (b_), "+c" (c_), "=d" (d_) : : "memory"); \
	cpu_tsc_end() - began_; })

static struct emulator_times take_times(void)
{
	bool on = cpu_flags() & FLAGS_IF;
	struct emulator_times t;

	cpu_set_if(false);
	t.cpuid_16 = TICKS_OF("cpuid", 1);
	t.cpuid_32 = TICKS_OF("cpuid", 2);
	t.nop_16 = TICKS_OF("nop", 1);
	t.nop_32 = TICKS_OF("nop", 2);
	cpu_set_if(on);
	return t;
}

struct emulator emulator_here(const char *brand)
{
	struct emulator_facts f = {
		.brand = brand, .rdpmc_undefined = pmc_is_undefined(),
		.absent_msrs_read = absent_msrs_read(),
	};
	uint32_t r[4];

	cpu_cpuid(0x40000000, 0, r);
	memcpy(f.signature, r + 1, sizeof(f.signature));
	for (unsigned i = 0; i < EMULATOR_TIMES; i++)
		f.times[i] = take_times();
	return emulator_of(&f);
}
