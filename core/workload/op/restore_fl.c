/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "restore_fl": set the flags from a word in memory. */
#include "workload/workload.h"

WORKLOAD_SOURCE(restore_fl,
	restore_fl(w->flags);
)
