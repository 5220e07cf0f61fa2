/* SPDX-License-Identifier: GPL-2.0-only */
/* The order in which the blocks of a plan are timed: the first pass, and rounds. */
#ifndef TIME_GROUPS_H
#define TIME_GROUPS_H

#include "run/arena.h"
#include "run/run.h"
#include "run/run_error.h"

/**
 * time_groups - time every group; with a budget go on with those that are open.
 *
 * Without a budget each group's blocks are timed, one group after the other.  With one
 * the first pass goes over all groups for each code offset, which are drawn for each
 * group (core/run/placement.h), and is cut where it would
 * not fit: then all groups have fewer, and what they have is said in
 * r->rounds.first_blocks.  Then what is open goes on, see go_on.h.  Each CPU has the
 * whole budget, that of the first counts from r->rounds.began.
 *
 * Return: false if the run must end.
 */
bool time_groups(struct run *r, struct arena *a, struct run_error *e);

#endif
