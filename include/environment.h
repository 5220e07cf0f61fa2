/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a report was made: what must be known to read its numbers. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdbool.h>
#include <stdint.h>
#include "nop.h"
#include "paravirt.h"

struct environment {
	const char *version;		/* of parapatch: git describe */
	const char *arch;
	const char *compiler, *flags;
	struct cpu_id cpu;
	char brand[49];			/* CPU's own name, or empty */
	char hypervisor[13];		/* its signature, or empty on bare metal */
	bool invariant_tsc;
	char firmware[80];		/* vendor and revision */
	char date[21];			/* 2026-11-23T20:00:00 by the firmware's
					 * clock, or empty */
	uint64_t tsc_hz;		/* 0: not known, then there are no ns */
	const char *tsc_source;
	uint64_t text_addr, text_len;	/* of the running image */
	const char *check_failed;	/* what was not put back, or NULL */
	struct {			/* the check of the ops */
		unsigned checked, failed, not_run, trapping;
		unsigned notes;		/* ops that failed or were not run */
		struct op_note {
			const char *name, *result, *why;
		} note[OP_COUNT];
	} ops;
};

#endif
