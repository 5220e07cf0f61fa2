/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of reasons, see skipped.h. */
#include "plan/skipped.h"

const char *const skipped_names[SKIPPED_COUNT] = {
#define SKIPPED(name, what) #name,
#include "list/skipped.def"
#undef SKIPPED
};
