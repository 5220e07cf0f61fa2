/* SPDX-License-Identifier: GPL-2.0-only */
/* Who runs the code, see emulator.h. */
#include "machine/emulator.h"
#include "lib/mem.h"

#define TCG	"QEMU TCG"

static bool begins(const char *s, const char *with)
{
	while (*with && *s == *with)
		s++, with++;
	return !*with;
}

/* Does the clock count instructions?  Where 16 CPUIDs more take as many ticks as 16 NOPs
 * more, and that is so many an instruction, the same each time.  A CPUID takes a CPU a
 * hundred cycles, and many more under a hypervisor that takes it. */
static bool counts_instructions(const struct emulator_times t[EMULATOR_TIMES])
{
	uint64_t sixteen = t[0].nop_32 - t[0].nop_16;

	if (!sixteen || sixteen % 16 || sixteen >> 63)
		return false;
	for (unsigned i = 0; i < EMULATOR_TIMES; i++)
		if (t[i].nop_32 - t[i].nop_16 != sixteen
		    || t[i].cpuid_32 - t[i].cpuid_16 != sixteen)
			return false;
	return true;
}

struct emulator emulator_of(const struct emulator_facts *f)
{
	if (!memcmp(f->signature, "TCGTCGTCGTCG", 12))
		return (struct emulator){ TCG, "CPUID leaf 40000000h", true };
	if (begins(f->brand, "QEMU TCG CPU"))
		return (struct emulator){ TCG, "the CPU's name", true };
	if (f->rdpmc_undefined && f->absent_msrs_read)
		return (struct emulator){ TCG, "RDPMC: #UD, and MSRs that no CPU has are read",
					  true };
	if (counts_instructions(f->times))
		return (struct emulator){ "unnamed", "its clock counts instructions", false };
	return (struct emulator){ NULL, NULL, false };
}
