/* SPDX-License-Identifier: GPL-2.0-only */
/* What became of a site when it was patched: one of the outcomes in outcome.def. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <stdbool.h>

/*
 * Outcomes.  Every site lands in exactly one of them at every encode, so the
 * counts sum to the number of sites.
 */
enum patched {
#define PATCHED(name, what) name,
#include "list/outcome.def"
#undef PATCHED
	PATCHED_COUNT
};

/* The report's word for each. */
extern const char *const patched_names[PATCHED_COUNT];

/* Did the site stay as it was built? */
static inline bool outcome_is_kept(enum patched outcome)
{
	switch (outcome) {
	case PATCHED_INLINE:
	case PATCHED_CALL:
	case PATCHED_STUB:
	case PATCHED_JUMP:
	case PATCHED_TEST_CALL:
		return false;
	case KEPT_AS_BUILT:
	case KEPT_NO_FORM:
	case KEPT_TOO_SMALL:
	case KEPT_NO_REGISTER:
	case KEPT_OUT_OF_REACH:
	case PATCHED_COUNT:
		break;
	}
	return true;
}

#endif
