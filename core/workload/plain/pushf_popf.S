/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "pushf_popf": the pair whose cost was published for the most CPUs. */
#include "arch.h"
#include "workload/workload.h"

WORKLOAD_PLAIN(pushf_popf, pushf; popf)
