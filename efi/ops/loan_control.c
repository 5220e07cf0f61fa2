/* SPDX-License-Identifier: GPL-2.0-only */
/* Loans: control and debug registers, MSRs, counters, time. */
#include "cpu/control.h"
#include "cpu/cpu.h"
#include "cpu/may_fault.h"
#include "cpu/msr.h"
#include "cpu/ticks.h"
#include "loan_one.h"

#define CR0_TS			(1ul << 3)
#define DR7_ENABLES		0xfful

#define LEND_WORD(name, value)						\
	LEND(name)							\
	{								\
		w->arg[0] = (value);					\
		return NULL;						\
	}

LEND_WORD(cr0, cpu_cr0())
LEND_WORD(cr2, cpu_cr2())
LEND_WORD(cr3, cpu_cr3())
LEND_WORD(cr4, cpu_cr4())
LEND_WORD(iopl, cpu_flags() & NATIVE_FL_IOPL)

/* No instruction of the FPU is in here. */
LEND(clts)
{
	if (cpu_cr0() & CR0_TS)
		cpu_set_cr0(cpu_cr0() & ~CR0_TS);
	return NULL;
}

/* While DR7 enables no breakpoint, DR0 means nothing. */
LEND(debug)
{
	if (cpu_dr7() & DR7_ENABLES)
		return "a debugger has breakpoints set";
	w->arg[1] = cpu_dr0();
	return NULL;
}

/* Nothing uses SYSENTER here, and NMIs and SMIs do not either. */
LEND(msr)
{
	uint64_t esp;

	if (!msr_read(MSR_SYSENTER_ESP, &esp))
		return "RDMSR of IA32_SYSENTER_ESP raises #GP here";
	w->arg[0] = MSR_SYSENTER_ESP;
	w->arg_q[0] = esp;
	return NULL;
}

/* A counter that is there need not be announced by leaf 0Ah: AMD's are not. */
LEND(pmc)
{
	uint64_t count;

	return pmc_read(0, &count) ? NULL : "RDPMC of counter 0 raises #GP or #UD here";
}

LEND(udelay)
{
	native_env.tsc_hz = ticks_hz();
	if (!native_env.tsc_hz)
		return "the TSC's frequency is unknown";
	return NULL;
}

/* PCID 0 is one whether CR4.PCIDE is set or not. */
LEND(invpcid)
{
	w->scratch[0] = 0;
	w->scratch[1] = (uintptr_t)&w->scratch[2];
	w->arg[0] = (unsigned long)&w->scratch[0];
	return NULL;
}
