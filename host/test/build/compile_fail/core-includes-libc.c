/* SPDX-License-Identifier: GPL-2.0-only */
/* Core does not see libc's headers.
 * FAILS: stdio.h: No such file */
#include "patch/text.h"
#ifdef FAIL
#include <stdio.h>
#endif

extern int nothing;
