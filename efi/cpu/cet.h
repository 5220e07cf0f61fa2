/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control-flow enforcement: off for as long as the application runs, see entry.S.
 *
 * Source: Intel SDM Vol. 3A, "Control Registers".
 */
#ifndef CET_H
#define CET_H

#include <stdbool.h>
#include <stdint.h>
#include "control.h"

#define CR4_CET		(1ul << 23)

/* CR4.CET as the firmware called with it, at its place in CR4.  The entry's. */
extern uint32_t cet_before;

static inline bool cet_is_on(void)
{
	return cpu_cr4() & CR4_CET;
}

/* For a way out that does not return to where it was switched off: Exit() takes SSP back
 * to where it was when the firmware called.  Inlined, so that no return follows it that
 * no call is on the shadow stack of. */
static inline __attribute__((always_inline)) void cet_put_back(void)
{
	if (cet_before)
		cpu_set_cr4(cpu_cr4() | cet_before);
}

#endif
