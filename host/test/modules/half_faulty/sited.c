/* SPDX-License-Identifier: GPL-2.0-only */
/* #UD, where there are sites: native is the convention that has none. */
#include "workload/workload.h"

WORKLOAD_SOURCE(sited,
	w->flags = save_fl();
	if (WL_STR(SITES)[0] != 'n')
		asm volatile("mov %%cr1, %0" : "=r" (w->value[0]));
)
