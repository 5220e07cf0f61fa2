/* SPDX-License-Identifier: GPL-2.0-only */
/* Time in ticks of the TSC, for bounds of what is waited for. */
#ifndef TICKS_H
#define TICKS_H

#include <stdint.h>

/* The TSC's rate, once it is known; until then, and where it is not, it is 0. */
void ticks_learn(uint64_t tsc_hz);
uint64_t ticks_hz(void);

/**
 * ticks_of_ms - ticks of so many milliseconds.
 *
 * Where the TSC's rate is not known its ticks are taken for those of a slow one, 1 GHz:
 * so what is bounded is rather too short.
 */
uint64_t ticks_of_ms(uint64_t ms);

#endif
