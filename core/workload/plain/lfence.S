/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "lfence": the timer's own fence: one that does not wait is seen here. */
#include "arch.h"
#include "workload/workload.h"

WORKLOAD_PLAIN(lfence, lfence)
