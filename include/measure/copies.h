/* SPDX-License-Identifier: GPL-2.0-only */
/* How many copies of a workload a body has. */
#ifndef COPIES_H
#define COPIES_H

#include "workload/workload.h"

/* Copies of a workload in the short body; the long body has twice as many. */
#define WORKLOAD_N	24

/**
 * workload_copies - the same of one: WORKLOAD_N, or 1; of a path, its units (path.def).
 *
 * 1 of a mix, whose copy is a whole sequence, and of an op of table.def alone that takes
 * long (hazard.def: few).  Those of workload.def keep theirs in every plan, io_delay too:
 * what was measured of it stays comparable.
 */
unsigned workload_copies(const struct workload *wl);

#endif
