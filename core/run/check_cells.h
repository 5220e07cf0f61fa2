/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before anything is timed: every cell is checked in the application's own text, and
 * what its sites do to registers.
 */
#ifndef CHECK_CELLS_H
#define CHECK_CELLS_H

#include "run/run.h"
#include "run/run_error.h"

/* Marks cells that fail as refused.  Return: false if it could not be done. */
bool check_cells(struct run *r, struct run_error *e);

#endif
