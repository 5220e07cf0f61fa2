/* SPDX-License-Identifier: GPL-2.0-only */
/* The steps of run_all(), which core/run*.c share; for nobody else. */
#ifndef RUN_STEPS_H
#define RUN_STEPS_H

#include "measure/measure.h"
#include "backend/backends.h"
#include "run/run.h"

#define NO_QUIET "no quiet window: an interrupt controller did not take its mask, or the per-CPU segment cannot be had"
#define CLOCK_STOPPED "the TSC stands still: nothing can be timed by it"

/* Both put a line into @e and return false. */
bool fail(struct run_error *e, const char *what);
bool fail_text(struct run_error *e, const char *what, const struct text_error *t);

/* A backend's tables in force, and its trampolines; are they still? */
bool use_backend(const struct run *r, enum backend_id b, struct run_error *e);
bool still_in_use(const struct run *r, enum backend_id b, struct run_error *e);

/* The first convention in which the workload has sites; CONVENTION_COUNT: none. */
unsigned first_sited(enum workload_id w);

/**
 * refer - what the reference mode leaves, as built.
 * @left: filled.
 *
 * The text must be as it was built, the backend in use, and a quiet window open.
 * Return: @left, or NULL where there is no such mode.
 */
const struct reference *refer(const struct run *r, enum workload_id w,
			  enum backend_id b, struct reference *left);

/* What a cell is held to; @want: what its workload's reference left, or NULL. */
struct held held_to(const struct cell *c, const struct reference *want);

/* The built bytes of a text; NULL: there is none. */
bool restore(const struct run *r, const struct text *t, struct run_error *e);

/* check_cells.c: marks cells that fail; false: it could not be done. */
bool check_all(struct run *r, struct run_error *e);

/* time_group.c: times the others. */
bool run_groups(struct run *r, struct arena *a, struct run_error *e);

#endif
