/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "fused_save_restore": irq_save_restore with one site for the first two
 * ops, as Linux 2.6.20 had it. */
#include "workload/workload.h"

WORKLOAD_SOURCE(fused_save_restore,
	w->flags = irq_save();
	LOOK(w->look());
	restore_fl(w->flags);
)
