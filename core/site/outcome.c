/* SPDX-License-Identifier: GPL-2.0-only */
/* Outcomes by their words, see outcome.h. */
#include "site/outcome.h"

const char *const patched_names[PATCHED_COUNT] = {
#define PATCHED(name, what) [name] = what,
#include "list/outcome.def"
#undef PATCHED
};
