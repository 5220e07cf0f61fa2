/* SPDX-License-Identifier: GPL-2.0-only */
/* Time in ticks of the TSC, see ticks.h. */
#include "ticks.h"

/* Of a TSC whose rate is not known. */
#define SLOW_KHZ	1000000

static uint64_t known_hz;

void ticks_learn(uint64_t tsc_hz)
{
	known_hz = tsc_hz;
}

uint64_t ticks_hz(void)
{
	return known_hz;
}

uint64_t ticks_of_ms(uint64_t ms)
{
	return (known_hz ? known_hz / 1000 : SLOW_KHZ) * ms;
}
