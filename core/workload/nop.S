/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "nop": what an instruction costs that does nothing. */
#include "arch.h"
#include "workload.h"

WORKLOAD_PLAIN(nop, nop)
