/* SPDX-License-Identifier: GPL-2.0-only */
/* The regimes of a run's batches: where their widths are taken, and what they come to. */
#ifndef RUN_REGIMES_H
#define RUN_REGIMES_H

#include "run/run.h"

/* Room for the widths of a group's block, which the group then has; NULL where nobody
 * asks: in an emulator, by a clock that counts instructions or is too coarse, or
 * without memory for it. */
struct width_taken *run_width(const struct run *r, struct group *g, unsigned block);

/**
 * run_regimes - find the regimes of each CPU's batches so far, and sort these.
 * @r: each group's regimes are set.  Before summarise(), which goes by them.
 *
 * Return: has it changed of an older batch, what it is or whether it counts?
 */
bool run_regimes(struct run *r);

#endif
