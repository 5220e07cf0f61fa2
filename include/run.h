/* SPDX-License-Identifier: GPL-2.0-only */
/* A run: the plan's cells, applied, checked, measured and summarised. */
#ifndef RUN_H
#define RUN_H

#include "cell.h"
#include "config.h"
#include "machine.h"

/* What it says about a failed run. */
struct run_error {
	char text[200];
};

/* Caller-owned; everything before results is set by the caller. */
struct run {
	const struct config *config;
	const struct machine *machine;
	const struct text *text;
	const struct nop_table *nops;
	struct result *results;		/* one a cell */
	size_t cells;
	struct batch *batches;		/* config->rounds * config->batches a cell */
	int64_t *scratch;		/* rounds * batches, or cells: the larger */
	/* Filled by run_all(): what became of all sites in each mode. */
	struct text_counts applied[MODE_COUNT];
	bool was_applied[MODE_COUNT];
	const char *failed;		/* why it ended early, or NULL */
};

/**
 * plan - the cells a configuration asks for.
 * @cells: NULL to only count them.
 *
 * Native cells once a workload; the other modes once for every convention that
 * has sites.  In the order of the lists, workload first.
 *
 * Return: how many; may be 0.
 */
size_t plan(const struct config *c, struct cell *cells);

/**
 * run_all - measure every cell.
 * @r: see above; results[i].cell holds the plan.
 * @e: filled on failure.
 *
 * Round by round, so that a drift of the machine reaches all modes alike: in
 * each round each mode is applied once and its cells are timed.  A cell whose
 * check fails is marked and not timed.  In the end the built bytes and the
 * table are put back, on every path.
 *
 * Return: false if the text could not be patched or no quiet window could be
 * had; r->failed is then e->text, and the rounds that were finished are
 * summarised.
 */
bool run_all(struct run *r, struct run_error *e);

/* Cells that failed their check. */
unsigned run_refused(const struct run *r);

/**
 * run_find - the result of another mode of the same workload.
 * @of:   a result of @r.
 * @mode: MODE_native finds the native cell, which has no other convention.
 *
 * Return: NULL if the plan has none, or it was refused.
 */
const struct result *run_find(const struct run *r, const struct result *of,
			      enum mode_id mode);

#endif
