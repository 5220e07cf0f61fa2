/* SPDX-License-Identifier: GPL-2.0-only */
/* #GP: ES takes no selector beyond the limit of the GDT. */
#include "workload/workload.h"

WORKLOAD_SOURCE(gp,
	w->flags = save_fl();
	asm volatile("mov %0, %%es" : : "r" (0xfff8));
)
