/* SPDX-License-Identifier: GPL-2.0-only */
/* Stands in for guard.c, see guard_standin.h. */
#include "app.h"
#include "guard_standin.h"

bool msr_read(uint32_t msr, uint64_t *v)
{
	*v = cpu_rdmsr(msr);
	return true;
}

bool msr_write(uint32_t msr, uint64_t v)
{
	cpu_wrmsr(msr, v);
	return true;
}

bool pmc_read(uint32_t counter, uint64_t *v)
{
	uint32_t lo, hi;

	asm volatile("rdpmc" : "=a" (lo), "=d" (hi) : "c" (counter));
	*v = (uint64_t)hi << 32 | lo;
	return true;
}
