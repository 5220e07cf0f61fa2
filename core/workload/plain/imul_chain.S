/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "imul_chain": a chain that takes the IMUL's latency, whatever else the CPU can do. */
#include "arch.h"
#include "workload/workload.h"

WORKLOAD_PLAIN(imul_chain, imul R(eax), R(eax))
