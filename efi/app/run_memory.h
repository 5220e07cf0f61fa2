/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a run, from the firmware. */
#ifndef RUN_MEMORY_H
#define RUN_MEMORY_H

#include "measure/platform.h"
#include "run/run.h"

/**
 * run_memory_get - what the groups, results and timings of a plan lie in, in one piece
 * each, and memory for bodies.
 * @r: its plan is counted; it is made here.
 * @m: its near memory is set.
 *
 * Return: false: a line says what there is no room for.  run_memory_put() is owed.
 */
bool run_memory_get(struct run *r, struct platform *m);
void run_memory_put(struct run *r, struct platform *m);

#endif
