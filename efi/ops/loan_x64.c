/* SPDX-License-Identifier: GPL-2.0-only */
/* Loans: what x86-64 alone has. */
#include "cpu/apic.h"
#include "cpu/cpu.h"
#include "cpu/msr.h"
#include "loan_one.h"

#if ARCH_WORD == 8


/* The same in both: they may change places as often as a body does it. */
LEND(swapgs)
{
	cpu_wrmsr(MSR_KERNEL_GS_BASE, cpu_rdmsr(MSR_GS_BASE));
	return NULL;
}

/* It is the class of the local APIC's task priority. */
LEND(cr8)
{
	if (!apic_is_in_use())
		return "no local APIC, which keeps the task priority";
	asm volatile("mov %%cr8, %0" : "=r" (w->arg[0]));
	return NULL;
}

#else

#define X64_ALONE	"x86-64 alone has it"

LEND(swapgs)
{
	return X64_ALONE;
}

LEND(cr8)
{
	return X64_ALONE;
}

#endif
