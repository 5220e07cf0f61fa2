/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run by a clock that counts instructions: found out, begun, each group proved, and
 * what agrees or does not in the end.
 */
#ifndef COUNT_H
#define COUNT_H

#include "run/run.h"
#include "run/run_error.h"

/* What is measured of each group then, but where a configuration says another number:
 * two batches show that a count comes again, two placements that it is none of where
 * the code lies. */
#define COUNT_OFFSETS	2
#define COUNT_BATCHES	2

/**
 * count_begin - where an emulator runs this: does its clock count instructions?
 *
 * Chains of IMUL, of ADD and of NOP are timed in an arena of their own.  If it does,
 * r->clock says so, and the plan is that of the first CPU, with few blocks and batches.  Nothing is
 * changed but that, and nothing fails: what is in the way of timing shows when that is
 * done.
 */
void count_begin(struct run *r);

/**
 * count_group - a group's counts: the same whole number in every batch of a cell, and
 * its twin's the reference's.
 *
 * Return: false if they are not; then r->clock is of time, and says which cell and batch.
 */
bool count_group(struct run *r, const struct group *g);

/* Ops in which time passes have no count that is their own: they are left out.  After all
 * are checked, before any is timed. */
void count_leave_out(struct run *r);

/* Back to times: the configuration as it was, and nothing measured yet. */
void count_end(struct run *r);

/* After all groups: do layouts and states agree?  And nothing is left that is of time. */
void count_compare(struct run *r);

#endif
