/* SPDX-License-Identifier: GPL-2.0-only */
/* The groups of a plan: built into bodies, checked once more, and timed. */
#ifndef TIME_GROUP_H
#define TIME_GROUP_H

#include "run/arena.h"
#include "run/run.h"
#include "run/run_error.h"

/* Those cells that were not refused.  Return: false if the run must end. */
bool time_groups(struct run *r, struct arena *a, struct run_error *e);

#endif
