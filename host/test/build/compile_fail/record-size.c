/* SPDX-License-Identifier: GPL-2.0-only */
/* A record of another size than the assembler emits.
 * FAILS: SITE and PARA_PATCH emit 8 bytes */
#ifdef FAIL
#include <stdint.h>
#define uint16_t	uint64_t
#endif
#include "site/site.h"

extern int nothing;
