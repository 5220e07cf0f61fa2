/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a CPU remembers of page tables, see translations.h.
 *
 * Source: Intel SDM Vol. 3A, "Invalidation of TLBs and Paging-Structure Caches".
 */
#include "control.h"
#include "translations.h"

void cpu_forget_translations(void)
{
	unsigned long cr4 = cpu_cr4();

	if (cr4 & CR4_PGE) {
		cpu_set_cr4(cr4 & ~CR4_PGE);
		cpu_set_cr4(cr4);
	} else {
		cpu_set_cr3(cpu_cr3());
	}
}
