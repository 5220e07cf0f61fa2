/* SPDX-License-Identifier: GPL-2.0-only */
/* What the interrupt does that ends HLT: wake_entry.S calls it, loan_halt.c waits for it. */
#ifndef WAKE_HANDLER_H
#define WAKE_HANDLER_H

#include <stdint.h>

/* How often it came; and for how long the local APIC's timer is armed again each time, in
 * its ticks. */
extern volatile uint32_t wakes;
extern uint32_t wake_late_ticks;

/* An EOI, and the timer armed again. */
void woken(void);

#endif
