/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of bench-host share. */
#ifndef BENCH_H
#define BENCH_H

#include "config/config.h"
#include "lib/sink.h"
#include "run/findings.h"

/* arguments.c */

struct arguments {
	struct config config;
	const char *report;	/* a path, or NULL */
	const char *mixes;	/* the folder they are in */
	int cpu;		/* -1: any */
};

/**
 * arguments_read - the command line.  Ends the process where it asks for help (0)
 * or is not understood (2, with one line on standard error).
 */
void arguments_read(struct arguments *a, int argc, char **argv);

/* mixes.c */

struct text;

/**
 * mixes_load - the mixes that are asked for become workloads.
 * @seed: of the draws.
 * @own:  the program's own text.
 *
 * Ends the process (2) where a file is no mix, or there is none of a name.
 */
void mixes_load(const struct arguments *a, uint64_t seed, const struct text *own);

/* ring3.c: what ring 3 may not run, and why; nothing is left out in silence. */

/* In the report: every op, once. */
void ring3_note(struct ops_found *ops);

/* For people: every op, once, and whether the check of the ops calls it here.  Which
 * workloads are not run plan_note() says. */
void ring3_list(struct sink *s);

#endif
