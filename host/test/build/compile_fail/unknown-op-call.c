/* SPDX-License-Identifier: GPL-2.0-only */
/* A call site of an op that is not in the list.
 * FAILS: implicit declaration of function 'irq_disabled' */
#include "convention/ccall.h"

void body(void);

void body(void)
{
#ifdef FAIL
	irq_disabled();
#else
	irq_disable();
#endif
}
