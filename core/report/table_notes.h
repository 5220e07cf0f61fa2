/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands below the table: what it leaves out, what its words mean, how good the
 * timings were. */
#ifndef TABLE_NOTES_H
#define TABLE_NOTES_H

#include "lib/sink.h"
#include "run/run.h"

/* Cells that were not timed, what became of sites, and the legend: of it only what this
 * table has. */
void table_notes_cells(const struct run *r, struct sink *s);

/* Twins, batches, and the groups that did not get theirs. */
void table_notes_run(const struct run *r, struct sink *s);

#endif
