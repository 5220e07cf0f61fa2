/* SPDX-License-Identifier: GPL-2.0-only */
/* What cells are held to: the workload's promises, and what the reference mode left. */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "check/workload_check.h"
#include "run/run.h"

/* The first convention in which the workload has sites; CONVENTION_COUNT: none. */
unsigned workload_first_sited(enum workload_id w);

/**
 * run_reference - what the reference mode of a workload leaves, as built.
 * @few:  bodies have 1 and 2 copies, whatever the workload's are.
 * @left: filled.
 *
 * The text must be as it was built, the backend in force, and a quiet window open.
 * Return: @left, or NULL where there is no such mode, or it is not to be run, or an
 * exception ended it.
 */
const struct reference *run_reference(const struct run *r, enum workload_id w,
				      enum backend_id b, bool few, struct reference *left);

/* What a cell is held to; @want: what its workload's reference left, or NULL. */
struct held cell_promise(const struct cell *c, const struct reference *want);

#endif
