/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory for bodies, which the writer may store to and the CPU may run. */
#ifndef NEAR_MEMORY_H
#define NEAR_MEMORY_H

#include <stdbool.h>
#include "measure/platform.h"

/* Pages for bodies, in a call's reach of the application where there are any. */
bool near_get(struct near_memory *near);
void near_put(struct near_memory *near);

#endif
