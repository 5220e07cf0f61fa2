/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of ops: those of x86-64 alone (class x64).
 *
 * Source: Intel SDM Vol. 2B, "SWAPGS--Swap GS Base Register"; Vol. 3A, "Interaction of
 * Task Priorities between CR8 and APIC".
 */
#include "cpu/msr.h"
#include "machine/kept.h"
#include "ops_check_one.h"

#if ARCH_WORD == 8


/* Nothing uses GS meanwhile: IF is 0, and an NMI's entry does not. */
CHECK(swapgs)
{
	uint64_t gs = rdmsr_now(MSR_GS_BASE), kernel = rdmsr_now(MSR_KERNEL_GS_BASE);
	bool there, back;

	wrmsr_now(MSR_KERNEL_GS_BASE, gs ^ PATTERN);
	paravirt_ops.swapgs();
	there = rdmsr_now(MSR_GS_BASE) == (gs ^ PATTERN)
		&& rdmsr_now(MSR_KERNEL_GS_BASE) == gs;
	paravirt_ops.swapgs();
	back = rdmsr_now(MSR_GS_BASE) == gs
		&& rdmsr_now(MSR_KERNEL_GS_BASE) == (gs ^ PATTERN);
	wrmsr_now(MSR_GS_BASE, gs);
	wrmsr_now(MSR_KERNEL_GS_BASE, kernel);
	return unless(there && back, "the two bases do not change places");
}

/* Without a local APIC nobody has to keep a task priority. */
#define NO_PRIORITY	"no local APIC, which keeps the task priority"

/* With IF 0 the task priority can be changed at will. */
static const char *priority_set(struct check *c, bool write)
{
	unsigned long found = READ("mov %%cr8, %0"), want = found ^ 5, got;

	if (!has(LEAF1_APIC))
		return not_run(c, NO_PRIORITY);
	if (write)
		paravirt_ops.write_cr8(want);
	else
		WRITE("mov %0, %%cr8", want);
	got = write ? READ("mov %%cr8, %0") : paravirt_ops.read_cr8();
	WRITE("mov %0, %%cr8", found);
	return unless(kept_same_cr8(got, want), write ? "CR8 does not read back"
		      : "differs from MOV from CR8");
}

CHECK(read_cr8)
{
	return priority_set(c, false);
}

CHECK(write_cr8)
{
	return priority_set(c, true);
}

#endif
