/* SPDX-License-Identifier: GPL-2.0-only */
/* The order of a run: check everything, then build, check, time and summarise. */
#ifndef RUN_ALL_H
#define RUN_ALL_H

#include "run/run.h"
#include "run/run_error.h"

/**
 * run_all - measure every cell.
 * @r: see above; planned.
 * @e: filled on failure.
 *
 * First every mode of every backend is applied to the application's own text, with
 * each padding that is asked for and with poison, and every workload is checked
 * there, against workload.def and against the reference mode (indirect, as built).
 * Before that a site of each op is run alone (probe.h), as it is and poisoned: what
 * changes a register that it may not is not run in a workload.  A cell whose check
 * fails is marked and not timed.  Then, for each group and each
 * code offset, bodies are built, patched, checked and timed.  In the end the built
 * bytes and the tables are put back, on every path.
 *
 * Return: false if the text could not be patched, the bodies could not be made, the
 * clock stopped or no quiet window could be had; r->failed is then e->text, and what was
 * finished is summarised.
 */
bool run_all(struct run *r, struct run_error *e);

#endif
