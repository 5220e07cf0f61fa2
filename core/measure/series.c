/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of dropped.def. */
#include "measure/series.h"

const char *const dropped_names[DROPPED_COUNT] = {
#define DROPPED(name, what) #name,
#include "list/dropped.def"
#undef DROPPED
};
