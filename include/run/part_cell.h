/* SPDX-License-Identifier: GPL-2.0-only */
/* An op by itself, beside the mix or the path that runs it. */
#ifndef PART_CELL_H
#define PART_CELL_H

#include "run/run.h"

/* The group of it in layout work, state warm, of the backend and CPU of @like; NULL: there is
 * none. */
const struct group *part_group(const struct run *r, const struct group *like, unsigned workload);

/* Its cell of the convention, mode and padding of @as, not refused; NULL: there is none, or no
 * group. */
const struct result *part_cell(const struct run *r, const struct group *g,
			       const struct cell *as);

#endif
