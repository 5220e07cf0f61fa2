/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "save_restore_fl": the flags read and set, IF as it is. */
#include "workload/workload.h"

WORKLOAD_SOURCE(save_restore_fl,
	w->flags = save_fl();
	LOOK(w->flags);
	restore_fl(w->flags);
)
