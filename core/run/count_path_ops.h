/* SPDX-License-Identifier: GPL-2.0-only */
/* Ops of kernel paths, counted. */
#ifndef COUNT_PATH_OPS_H
#define COUNT_PATH_OPS_H

#include "run/run.h"
#include "run/run_error.h"

/**
 * paths_count_ops - count them, of every path that the plan has.
 * @r: path_ops is filled.
 *
 * Three units are run and one, by sites as they are built; half of the difference is a unit's.
 * The text must be as it was built, backend native in force.
 *
 * Return: false: there was no quiet window.
 */
bool paths_count_ops(struct run *r, struct run_error *e);

#endif
