/* SPDX-License-Identifier: GPL-2.0-only */
/* It raises nothing. */
#include "workload/workload.h"

WORKLOAD_SOURCE(good,
	w->flags = save_fl();
	LOOK(w->flags);
)
