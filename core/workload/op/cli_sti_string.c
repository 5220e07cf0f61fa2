/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "cli_sti_string": interrupts off and on again, as strings in asm. */
#include "workload/workload.h"

WORKLOAD_SOURCE(cli_sti_string,
	asm volatile(CLI_STRING : : : STRING_CLOBBERS);
	LOOK(w->look());
	asm volatile(STI_STRING : : : STRING_CLOBBERS);
)
