/* SPDX-License-Identifier: GPL-2.0-only */
/* What the interrupt does that ends HLT, see wake_handler.h. */
#include "cpu/apic.h"
#include "wake_handler.h"

volatile uint32_t wakes;
uint32_t wake_late_ticks;

void woken(void)
{
	wakes++;
	apic_eoi();
	apic_set(APIC_INITIAL, wake_late_ticks);
}
