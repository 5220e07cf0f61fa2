/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "rdtsc": the timer's own read. */
#include "arch.h"
#include "workload/workload.h"

WORKLOAD_PLAIN(rdtsc, rdtsc)
