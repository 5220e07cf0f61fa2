/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "lfence_rdtsc": what rdtsc_ordered is as built, which no record names. */
#include "arch.h"
#include "workload/workload.h"

WORKLOAD_PLAIN(lfence_rdtsc, lfence; rdtsc)
