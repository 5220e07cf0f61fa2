/* SPDX-License-Identifier: GPL-2.0-only */
/* #PF; ia32's firmware maps all that there is, so there #BR. */
#include "workload/workload.h"

#ifdef __x86_64__
#define LOAD	asm volatile("movabs 0x700000000000, %%eax" : : : "eax", "memory")
#else
#define LOAD	asm volatile("bound %0, %1" : : "r" (5), "m" (w->value[0]))
#endif

WORKLOAD_SOURCE(pf,
	w->flags = save_fl();
	w->value[0] = w->value[1] = 0;
	LOAD;
)
