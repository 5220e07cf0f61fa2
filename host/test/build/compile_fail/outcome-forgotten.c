/* SPDX-License-Identifier: GPL-2.0-only */
/* A caller that does not answer for every outcome.
 * FAILS: 'KEPT_OUT_OF_REACH' not handled in switch */
#include "site/sited_op.h"

int is_kept(enum patched outcome);

int is_kept(enum patched outcome)
{
	switch (outcome) {
	case PATCHED_INLINE:
	case PATCHED_CALL:
	case PATCHED_STUB:
	case PATCHED_JUMP:
	case PATCHED_TEST_CALL:
	case PATCHED_COUNT:
		return 0;
	case KEPT_AS_BUILT:
	case KEPT_NO_FORM:
	case KEPT_TOO_SMALL:
	case KEPT_NO_REGISTER:
#ifndef FAIL
	case KEPT_OUT_OF_REACH:
#endif
		return 1;
	}
	return 0;
}
