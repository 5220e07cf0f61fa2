/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Probes: a site of each op and convention, alone, to see which registers it
 * changes.  They are a text of their own, made from the application's sites and
 * patched by the same engine.
 */
#ifndef PROBE_H
#define PROBE_H

#include "measure/body.h"
#include "measure/platform.h"
#include "patch/mode.h"
#include "patch/text.h"
#include "workload/set.h"

/* Ops times conventions, at most, of the application and of modules. */
#define PROBES_MAX	512

struct probe {
	enum convention_id convention;
	enum op op;
	struct set workloads;	/* those that have such a site */
	enum workload_id workload; /* as a pass of which it is run: the op by itself, or any */
	const struct text *from;	/* the application's, or a module's */
	size_t record;		/* of that text */
	unsigned clobbers;
	uint64_t entry, end;	/* where it runs */
};

/* Zero at first; probes_build() makes the text of what probes_add() found. */
struct probes {
	unsigned count;
	struct probe probe[PROBES_MAX];
	bool crowded;		/* there are more */
	unsigned not_run;	/* of a workload in a convention: see probes_add() */
	struct text text;
};

/* What of it is a backend's, in a mode. */
struct probed {
	enum isa isa;
	const struct virtual_if *vif;
	enum mode_id mode;
	bool poisoned;
};

/* What it came to: how often a probe was checked, in a mode of a backend.  Not run: sites
 * of a workload in a convention, see probes_add(), and probes that the machine did not
 * lend what they need, each time. */
struct probe_counts {
	unsigned checked, failed, not_run;
};

/**
 * probes_add - the ops that a workload has sites of in a convention.
 * @from: the text it is in, the application's or a module's, open.
 * @code: where the workload is in it.
 *
 * The first site of an op in a convention stands for all of its text.  An op that is timed
 * by itself (table.def) is given what it is given there.  Where it is not, one that takes
 * arguments, other than flags, cannot be run alone: nobody knows which would do.  Nor is
 * one that wants something prepared, or changes the CPU for good, or takes milliseconds.
 */
void probes_add(struct probes *p, const struct text *from,
		enum convention_id convention, enum workload_id workload,
		const struct workload_code *code);

/* Bytes of memory that probes_build() needs. */
#define PROBES_MEMORY_BYTES	(PROBES_MAX * 2048)

/**
 * probes_build - the text of the probes, as built.
 * @m:      its near memory is free for it.
 * @from:   the application's text, open, whose tables and stubs are everybody's;
 *          what its sites are now is no matter, nor what a module's are.
 * @memory: PROBES_MEMORY_BYTES; the text's, as long as it is used.
 *
 * Return: NULL, or what could not be done.
 */
const char *probes_build(struct probes *p, const struct platform *m,
			 const struct text *from, void *memory);

/* What came of running one. */
enum probe_end {
	PROBE_GOOD,
	PROBE_WRONG,		/* it changes what it may not, or an exception ended it */
	PROBE_NOT_RUN,		/* the machine does not lend what the op needs */
};

/**
 * probe_check - run one and look at the registers.
 * @m:   in a quiet window.
 * @of:  as it was patched.
 * @why: filled where it is wrong: one line.
 * @f:   filled then: the exception that it is for; NO_FAULT: none came.
 *
 * With IF off and on, with an event pending and none, as far as there is such a
 * thing; halt with IF on alone.  An op that is given flags is given those there are; one
 * that is timed by itself has its arguments, and what it is lent.
 */
enum probe_end probe_check(const struct platform *m, const struct probe *p,
			   const struct probed *of, char *why, size_t room, struct fault *f);

#endif
