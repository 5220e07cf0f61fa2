/* SPDX-License-Identifier: GPL-2.0-only */
/* A site whose length is no byte.
 * FAILS: value 0x100 truncated */
#include "site/site.h"

#ifdef FAIL
#define LENGTH	".skip 256, 0x90"
#else
#define LENGTH	".skip 255, 0x90"
#endif

void body(void);

void body(void)
{
	asm volatile(SITE(irq_disable, 0, LENGTH));
}
