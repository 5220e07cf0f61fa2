/* SPDX-License-Identifier: GPL-2.0-only */
/* #DE. */
#include "workload/workload.h"

WORKLOAD_SOURCE(de,
	w->flags = save_fl();
	asm volatile("xor %%ecx, %%ecx; div %%ecx" : : : "eax", "ecx", "edx", "cc");
)
