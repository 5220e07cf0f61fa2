/* SPDX-License-Identifier: GPL-2.0-only */
/* Checking a workload, then timing it: the one timing loop of the product. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>
#include "cell.h"
#include "machine.h"

/* Passes over a body in one timing, at most. */
#define REPS_MAX	1024

/**
 * check_workload - does the code do what the workload must?
 * @m:    the machine, in a quiet window.
 * @wl:   what must be true.
 * @code: as it is now, patched or not.
 * @why:  filled on failure: one line.
 * @room: bytes of @why.
 *
 * Runs all three bodies from IF = 0 and IF = 1, with flags that ask for IF = 0
 * and IF = 1, and compares IF (and for the first body what it looked at) with
 * workload.def.  Leaves IF = 0.
 *
 * Return: false at the first difference.
 */
bool check_workload(const struct machine *m, const struct workload *wl,
		    const struct workload_code *code, char *why, size_t room);

/**
 * choose_reps - passes that make one timing last about as long as asked.
 * @pass_ticks: that long.
 *
 * In a quiet window.  Return: from 1 to REPS_MAX.
 */
uint32_t choose_reps(const struct machine *m, const struct workload *wl,
		     const struct workload_code *code, uint32_t pass_ticks);

/**
 * measure - time a workload's short and long body, in turn.
 * @m:     the machine, outside of a quiet window: opens and closes its own.
 * @reps:  passes in one timing.
 * @batch: @count results.
 *
 * Each window begins with two untimed passes over each body and is left when
 * it has lasted m->quiet_ticks.  A timing longer than 2^32-1 ticks is stored as
 * that.
 *
 * Return: false if a quiet window could not be had; batches are then missing.
 */
bool measure(const struct machine *m, const struct workload *wl,
	     const struct workload_code *code, uint32_t reps,
	     struct batch *batch, uint32_t count);

#endif
