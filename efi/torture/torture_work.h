/* SPDX-License-Identifier: GPL-2.0-only */
/* The other CPUs' side of the torture: they run the loops, or stand between two passes. */
#ifndef TORTURE_WORK_H
#define TORTURE_WORK_H

#include <stdbool.h>
#include <stdint.h>
#include "mp/mp.h"
#include "torture_loop.h"

/* What each of them runs, for mp_start(); with interrupts on. */
void torture_work(struct mp_cpu *c);

/* Lets them run. */
void torture_go(void);

/**
 * torture_park - make them stand still between passes, so that nothing of a site is on
 * any stack; they go on answering.
 *
 * Return: false if one does not within @ticks.
 */
bool torture_park(uint64_t ticks);

/* What CPU @i has done since torture_forget(), which is for when they stand still. */
const struct torture_worker *torture_worker(unsigned i);
void torture_forget(void);

/* Passes of all of them together. */
uint64_t torture_passes(void);

#endif
