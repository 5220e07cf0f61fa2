/* SPDX-License-Identifier: GPL-2.0-only */
/* #UD: there is no CR1. */
#include "workload/workload.h"

WORKLOAD_SOURCE(ud,
	w->flags = save_fl();
	asm volatile("mov %%cr1, %0" : "=r" (w->value[0]));
)
