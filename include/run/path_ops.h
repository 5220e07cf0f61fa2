/* SPDX-License-Identifier: GPL-2.0-only */
/* Which ops a unit of a kernel path runs, and how many of each. */
#ifndef PATH_OPS_H
#define PATH_OPS_H

#include <stdbool.h>
#include <stdint.h>
#include "paravirt/ops.h"

/* Of one unit, by enum op.  Not known where ring 0's instructions cannot be run, or the path
 * does not come to its end. */
struct path_ops {
	bool known;
	uint32_t of[OP_COUNT];
};

#endif
