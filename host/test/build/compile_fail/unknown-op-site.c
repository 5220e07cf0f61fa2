/* SPDX-License-Identifier: GPL-2.0-only */
/* A site made by hand, of an op that is not in the list.
 * FAILS: invalid operands */
#include "convention/ccall.h"

#ifdef FAIL
#define WHAT	irq_disabled
#else
#define WHAT	irq_disable
#endif
#define MAKE(op)	CALL_v_v(op)

void body(void);

void body(void)
{
	MAKE(WHAT);
}
