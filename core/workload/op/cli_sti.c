/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "cli_sti": interrupts off and on again, as C wrappers. */
#include "workload/workload.h"

WORKLOAD_SOURCE(cli_sti,
	irq_disable();
	LOOK(w->look());
	irq_enable();
)
