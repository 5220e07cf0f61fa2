/* SPDX-License-Identifier: GPL-2.0-only */
/* The clock, outside of timings. */
#ifndef NOW_H
#define NOW_H

#include "measure/platform.h"

/**
 * clock_now - the TSC, read in a quiet window of its own.
 * @m: outside of a quiet window.
 *
 * Return: false if no window could be had.
 */
bool clock_now(const struct platform *m, uint64_t *ticks);

#endif
