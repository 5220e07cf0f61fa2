/* SPDX-License-Identifier: GPL-2.0-only */
/* Why cells that were asked for are not in a plan. */
#ifndef SKIPPED_H
#define SKIPPED_H

enum skipped {
#define SKIPPED(name, what) SKIPPED_##name,
#include "list/skipped.def"
#undef SKIPPED
	SKIPPED_COUNT
};
extern const char *const skipped_names[SKIPPED_COUNT];

#endif
