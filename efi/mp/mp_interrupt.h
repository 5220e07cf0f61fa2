/* SPDX-License-Identifier: GPL-2.0-only */
/* What the other CPUs answer to, by interrupt or in passing. */
#ifndef MP_INTERRUPT_H
#define MP_INTERRUPT_H

#include "mp_shared.h"

/* A quiet point: where work stands still or answers, if it is asked. */
void mp_point(struct mp_cpu *c);

/* Which CPU is this?  By its segment. */
struct mp_cpu *mp_this_cpu(void);

#endif
