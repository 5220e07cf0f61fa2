/* SPDX-License-Identifier: GPL-2.0-only */
/* A timer that wakes the CPU: for the check of the ops that halt it. */
#ifndef WAKE_TIMER_H
#define WAKE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * timer_start - for struct ops_check_env, whose contract it keeps.
 *
 * To be started within a quiet window that was opened with IF on: it closes the window,
 * and timer_stop() opens another.  Return: false where no tick comes in a second: then the
 * window is open again.
 */
bool timer_start(void *ctx);
void timer_stop(void *ctx);

/* Ticks so far, of all times it was started. */
uint32_t timer_count(void *ctx);

#endif
