/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of clock.def. */
#include "measure/clock.h"

const char *const clock_names[CLOCK_COUNT] = {
#define CLOCK(name, what) #name,
#include "list/clock.def"
#undef CLOCK
};
