/* SPDX-License-Identifier: GPL-2.0-only */
/* Core does not see EFI's headers.
 * FAILS: efi.h: No such file */
#include "patch/text.h"
#ifdef FAIL
#include <efi.h>
#endif

extern int nothing;
