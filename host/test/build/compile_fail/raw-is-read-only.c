/* SPDX-License-Identifier: GPL-2.0-only */
/* Raw ticks are not adjusted once they are taken.
 * FAILS: assignment of member 'n' in read-only object */
#include "plan/cell.h"

uint32_t adjust(struct series *s, uint32_t overhead);

uint32_t adjust(struct series *s, uint32_t overhead)
{
#ifdef FAIL
	s->ticks[0].n -= overhead;
#endif
	return s->ticks[0].n - overhead;
}
