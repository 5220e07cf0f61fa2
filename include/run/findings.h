/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a run found besides cells: what came of checking the ops and the machine, of
 * patching under other CPUs, and what came into windows that were to be quiet.
 *
 * All zero, nothing was found and nothing failed.  Each part is filled by who does it,
 * before the report is written; what is known before the run is in
 * machine/environment.h.
 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "alternative/own_alternatives.h"
#include "measure/disturbance.h"
#include "paravirt/ops.h"
#include "run/torture.h"

/**
 * struct op_note - an op that failed its check, or was not run.
 * @result: a word or two, "failed" among them.
 * @why:    what was wrong, or empty.
 */
struct op_note {
	const char *name, *result, *why;
};

/* Every op of the table, run once and checked: how many. */
struct ops_found {
	unsigned checked, failed, not_run, trapping;
	unsigned notes;			/* of @note, those that are filled */
	struct op_note note[OP_COUNT];
};

struct findings {
	const char *check_failed;	/* what was not put back, or NULL */
	struct ops_found ops;
	struct own_alternatives_found alternatives;
	struct torture torture;
	struct disturbance disturbed;	/* all quiet windows together */
};

#endif
