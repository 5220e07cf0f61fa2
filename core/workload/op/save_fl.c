/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "save_fl": read the flags. */
#include "workload/workload.h"

WORKLOAD_SOURCE(save_fl,
	unsigned long flags = save_fl();

	LOOK(flags);
)
