/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "nop": what an instruction costs that does nothing.  Four a copy: fewer
 * would hide in what a pass costs besides. */
#include "arch.h"
#include "workload/workload.h"

WORKLOAD_PLAIN(nop, nop; nop; nop; nop)
