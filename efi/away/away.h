/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "away": what is timed on another CPU than the boot CPU.
 *
 * One CPU at a time is taken from the firmware (mp/), and keeps for a while what it lends:
 * its interrupt table, its segment, its APIC, its counters.  It runs one thing after the
 * other, as it is asked to; whatever opens a quiet window there has the boot CPU asleep
 * until it is closed (sleep.h).  All other CPUs are the firmware's meanwhile.
 */
#ifndef AWAY_H
#define AWAY_H

#include "machine/environment.h"
#include "measure/platform.h"

/**
 * away_begin - CPUs that run_on() may name.
 * @m:   its cpu and cpus are set.  Where there are others than the boot CPU, run_on and
 *       the quiet windows are put there.
 * @env: of the boot CPU.
 * @at_end: called on another CPU before it is given back, however it ended: an exception
 *       may have left out what was lent there.
 *
 * The guard must be open from the first run_on() to away_end().
 */
void away_begin(struct platform *m, const struct environment *env, void (*at_end)(void));

/**
 * away_end - give the firmware back the CPU that is away, if one is.
 *
 * Any number of times, on every way out, by the boot CPU.  Return: NULL, or what went
 * wrong on any of them since away_begin(): something that was not put back.
 */
const char *away_end(void);

/* The number of the CPU that calls, as run_cpu.h has it. */
unsigned away_number(void);

#endif
