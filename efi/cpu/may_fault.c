/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions that may fault, see may_fault.h. */
#include "control.h"
#include "guard_try.h"
#include "may_fault.h"

bool msr_read(uint32_t msr, uint64_t *v)
{
	uint32_t lo = 0, hi = 0;

	if (!TRY("guard_try_rdmsr", lo, hi, msr))
		return false;
	*v = (uint64_t)hi << 32 | lo;
	return true;
}

bool msr_write(uint32_t msr, uint64_t v)
{
	uint32_t lo = (uint32_t)v, hi = (uint32_t)(v >> 32);

	return TRY("guard_try_wrmsr", lo, hi, msr);
}

bool pmc_read(uint32_t counter, uint64_t *v)
{
	uint32_t lo = 0, hi = 0;

	if (!TRY("guard_try_rdpmc", lo, hi, counter))
		return false;
	*v = (uint64_t)hi << 32 | lo;
	return true;
}

bool pmc_is_undefined(void)
{
	uint32_t lo = 0, hi = 0;

	return !TRY("guard_try_rdpmc", lo, hi, 0) && guard_fault == VECTOR_UD;
}

/* A page fault leaves its address in CR2. */
bool byte_store(volatile uint8_t *at)
{
	uint32_t was = 0, none = 0;
	unsigned long cr2 = cpu_cr2();
	bool stored;

	stored = TRY("guard_try_store", was, none, at);
	if (!stored)
		cpu_set_cr2(cr2);
	return stored;
}

#if ARCH_WORD == 4
bool fs_load(uint16_t selector)
{
	uint32_t fs = selector, none = 0;

	return TRY("guard_try_fs", fs, none, 0);
}
#endif
