/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Convention "wide32": ccall, and 26 bytes of NOPs behind the call, so that a
 * form of up to 32 bytes fits: 3 NOPs of 8 and one of 2, since a longer one
 * costs some decoders more.  As built they are executed.
 */
#define CCALL_PAD	; SITE_NOP8; SITE_NOP8; SITE_NOP8; SITE_NOP2

#include "convention/ccall.h"
