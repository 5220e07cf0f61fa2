/* SPDX-License-Identifier: GPL-2.0-only */
/* A group of a plan: built into bodies, checked once more, and timed. */
#ifndef TIME_GROUP_H
#define TIME_GROUP_H

#include "run/arena.h"
#include "run/run.h"
#include "run/run_error.h"

/**
 * time_blocks - time some blocks of a group.
 * @g: says where they lie.
 * @from, @to: those from the one to before the other; block 0 comes before any other.
 *
 * Its backend is put in force for them, and looked at afterwards.  Of its cells those are
 * timed that were not refused.  Counts are taken into the group's taken[] and quality.
 *
 * Return: false if the run must end.
 */
bool time_blocks(struct run *r, struct arena *a, struct group *g, unsigned from,
		 unsigned to, struct run_error *e);

#endif
