/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What runs the code, if it is no CPU: decided by facts, not by one bit that people
 * switch off.  To take a CPU for an emulator would be worse than to miss one, so each
 * sign is something that no CPU does, and that no hypervisor that runs code on one does
 * but where it is told to say that it is TCG (QEMU's model-id and hv-vendor-id take any
 * text under KVM too).
 */
#ifndef EMULATOR_H
#define EMULATOR_H

#include <stdbool.h>
#include <stdint.h>

/* Ticks of 16 and of 32 instructions, one behind the other: CPUID, and NOP. */
struct emulator_times {
	uint64_t cpuid_16, cpuid_32, nop_16, nop_32;
};
#define EMULATOR_TIMES	8

struct emulator_facts {
	/* CPUID leaf 40000000h's EBX, ECX, EDX, asked whether or not a hypervisor is
	 * announced: a CPU answers with some other leaf's numbers, or zeros. */
	char signature[12];
	const char *brand;		/* CPUID 80000002h to 80000004h */
	/* RDPMC in ring 0 raises #UD.  A CPU raises #GP for a counter that it has not.
	 * Source: Intel SDM Vol. 2B, "RDPMC--Read Performance-Monitoring Counters";
	 * AMD64 APM Vol. 3, "RDPMC". */
	bool rdpmc_undefined;
	/* MSRs that no CPU has can be read.  A CPU raises #GP; KVM and Xen do but where
	 * they are told not to.  Source: Intel SDM Vol. 2B, "RDMSR--Read From Model
	 * Specific Register". */
	bool absent_msrs_read;
	struct emulator_times times[EMULATOR_TIMES];
};

struct emulator {
	const char *name;		/* NULL: none that is known */
	const char *sign;		/* what tells it */
	/* Each CPU is a thread of the host's: one that spins may keep another from
	 * running, and a store to code is seen late. */
	bool threads;
};

/**
 * emulator_of - decide by all facts.
 *
 * The signature and the brand "QEMU TCG CPU" are TCG's own: KVM has others.  ("QEMU
 * Virtual CPU" is not: KVM's guests may have it.)  Without them TCG is told by RDPMC
 * and absent MSRs together: KVM answers RDPMC as a CPU does, with #GP, whatever it does
 * with MSRs.  Any other emulator is told by a clock that counts instructions.
 */
struct emulator emulator_of(const struct emulator_facts *f);

#endif
