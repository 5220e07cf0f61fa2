/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "quiet": the quiet window, in which what disturbs is silenced and the rest is
 * counted, and what it lends of the machine: masks of interrupts, LFENCE's setting.
 */
#ifndef QUIET_H
#define QUIET_H

#include <stdbool.h>

/**
 * quiet_begin - open a window: platform.h's contract.
 *
 * LFENCE is made serialising where that is a setting, then the guard is opened, and
 * %gs or %fs is made to reach pv_memory (percpu.h).
 * Return: false if something did not take its mask, or the segment cannot be had;
 * then all is put back.
 */
bool quiet_begin(void *ctx);
/* Why quiet_begin() last returned false, to follow "for"; NULL: it returned true. */
const char *quiet_failure(void);
/* Closes it, in the opposite order; EFLAGS.AC is as it was too. */
void quiet_end(void *ctx);
/* Closes the window if one is open: for ways out from anywhere. */
void quiet_abort(void);

#endif
