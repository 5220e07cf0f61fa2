/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "add_chain": a chain of one cycle a link.  Not of immediates: some cores fold those. */
#include "arch.h"
#include "workload/workload.h"

WORKLOAD_PLAIN(add_chain, add R(eax), R(eax))
