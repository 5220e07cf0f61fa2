/* SPDX-License-Identifier: GPL-2.0-only */
/* #UD, once: when DR0 has counted so far. */
#include "workload/workload.h"

WORKLOAD_SOURCE(late,
	w->flags = save_fl();
	asm volatile("mov %%dr0, %0; inc %0; mov %0, %%dr0; cmp $20000, %0; jne 1f;"
		     "mov %%cr1, %0; 1:" : "=&r" (w->value[0]) : : "cc");
)
