/* SPDX-License-Identifier: GPL-2.0-only */
/* What the sites of cells do to registers, before any of them is relied on. */
#ifndef PROBE_CELLS_H
#define PROBE_CELLS_H

#include "check_pass.h"
#include "run/run_error.h"

/* A site of every op that a cell has one of, or its reference; as built. */
bool probes_prepare(struct run *r, struct probes *p, struct run_error *e);

/**
 * probe_backend - run them in every mode of a backend, as they are and poisoned.
 * @p: begins passes of its own; the backend is in force.
 *
 * A cell with a site that changes what it may not is refused, and what of workloads has
 * no reference for that is noted.  Return: false if it could not be done.
 */
bool probe_backend(struct run *r, struct check_pass *p, const struct probes *probes,
		   struct run_error *e);

#endif
