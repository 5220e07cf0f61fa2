/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "irq_save_restore": the pair around every critical section. */
#include "workload/workload.h"

WORKLOAD_SOURCE(irq_save_restore,
	w->flags = save_fl();
	irq_disable();
	LOOK(w->look());
	restore_fl(w->flags);
)
