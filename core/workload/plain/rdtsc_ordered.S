/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "rdtsc_ordered": RDTSC behind LFENCE, or RDTSCP where the CPU has it, as
 * Linux's function of that name: an alternative, applied at the start. */
#include "alternative/alternative_site.h"
#include "arch.h"
#include "workload/workload.h"

WORKLOAD_PLAIN(rdtsc_ordered, alternative "lfence; rdtsc", "rdtscp", ALT_rdtscp)
