/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is taken for an emulator, and by which sign; and who is not. */
#include <string.h>
#include "machine/emulator.h"
#include "tap.h"

/* By times: of 16 CPUIDs, of 16 NOPs; how much it is off from one time to the next. */
static const struct platform {
	const char *what;
	const char *signature, *brand;
	bool rdpmc_undefined, absent_msrs_read;
	uint64_t cpuid, nop, jitter;
	const char *name, *sign;	/* right */
	bool threads;
} machines[] = {
	{ "Zen 5", "", "AMD Ryzen 9 9950X 16-Core Processor", false, false, 1600, 4, 0,
	  NULL, NULL, false },
	{ "an Intel CPU, whose last leaf answers", "\x8d\1\0\0\x64\0\0\0\0\0\0",
	  "Intel(R) Core(TM) i9-12900K", false, false, 2200, 4, 2, NULL, NULL, false },
	{ "a CPU whose clock goes by 26 at once", "", "Intel(R) Atom(TM)", false, false,
	  1976, 26, 26, NULL, NULL, false },
	{ "a CPU whose clock hardly moves", "", "", false, false, 0, 0, 0, NULL, NULL,
	  false },
	{ "KVM", "KVMKVMKVM\0\0", "AMD EPYC-Rome Processor", false, false, 20000, 5, 900,
	  NULL, NULL, false },
	{ "KVM, told to ignore MSRs", "KVMKVMKVM\0\0", "QEMU Virtual CPU version 2.5+",
	  false, true, 20000, 5, 900, NULL, NULL, false },
	{ "KVM, hidden", "", "QEMU Virtual CPU version 2.5+", false, true, 20000, 5, 900,
	  NULL, NULL, false },
	{ "a hypervisor that has no RDPMC", "", "Intel(R) Xeon(R)", true, false, 20000, 5,
	  900, NULL, NULL, false },
	{ "Hyper-V", "Microsoft Hv", "AMD EPYC 7763", false, false, 40000, 5, 900, NULL,
	  NULL, false },
	{ "Xen, lenient with MSRs", "XenVMMXenVMM", "AMD EPYC 7763", false, true, 9000, 5,
	  900, NULL, NULL, false },
	{ "TCG", "TCGTCGTCGTCG", "QEMU TCG CPU version 2.5+", true, true, 700, 20, 300,
	  "QEMU TCG", "CPUID leaf 40000000h", true },
	{ "TCG, no signature", "\0\0\0\0", "QEMU TCG CPU version 2.5+", true, true, 700, 20,
	  300, "QEMU TCG", "the CPU's name", true },
	{ "TCG, as another CPU, no signature", "", "AMD EPYC Processor", true, true, 700,
	  20, 300, "QEMU TCG", "RDPMC: #UD, and MSRs that no CPU has are read", true },
	{ "TCG as qemu64, no signature, counting", "", "QEMU Virtual CPU version 2.5+", true,
	  true, 2048, 2048, 0, "QEMU TCG", "RDPMC: #UD, and MSRs that no CPU has are read",
	  true },
	{ "Bochs", "", "Intel(R) Core(TM) i7-6700K", false, true, 16, 16, 0, "unnamed",
	  "its clock counts instructions", false },
	{ "an emulator, 128 ticks an instruction", "", "", false, false, 2048, 2048, 0,
	  "unnamed", "its clock counts instructions", false },
	{ "as many ticks, now and then another number", "", "", false, false, 2048, 2048, 1,
	  NULL, NULL, false },
	{ "a number that 16 instructions cannot have", "", "", false, false, 24, 24, 0, NULL,
	  NULL, false },
	{ "a clock that runs backwards", "", "", false, false, -16ull, -16ull, 0, NULL, NULL,
	  false },
};

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static void test_machines(void)
{
	for (unsigned i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		const struct platform *m = &machines[i];
		struct emulator_facts f = {
			.brand = m->brand, .rdpmc_undefined = m->rdpmc_undefined,
			.absent_msrs_read = m->absent_msrs_read,
		};
		struct emulator e;

		memcpy(f.signature, m->signature, strlen(m->signature));
		for (unsigned k = 0; k < EMULATOR_TIMES; k++) {
			uint64_t more = k == 5 ? m->jitter : 0;

			f.times[k] = (struct emulator_times){
				.cpuid_16 = 40 + m->cpuid, .nop_16 = 40 + m->nop,
				.cpuid_32 = 40 + 2 * m->cpuid + more,
				.nop_32 = 40 + 2 * m->nop,
			};
		}
		e = emulator_of(&f);
		ok(same(e.name, m->name) && same(e.sign, m->sign)
		   && e.threads == m->threads, "%s: %s%s%s", m->what,
		   e.name ? e.name : "no emulator", e.name ? ", by: " : "",
		   e.name ? e.sign : "");
	}
}

int main(void)
{
	test_machines();
	return done();
}
