/* SPDX-License-Identifier: GPL-2.0-only */
/* The engine looks at its own ops only where a text is not foreign.  Here every text is,
 * so the list is empty, and core's, which needs all backends, is not linked. */
#include "paravirt/ops.h"

const struct op_info op_info[OP_COUNT];
