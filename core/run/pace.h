/* SPDX-License-Identifier: GPL-2.0-only */
/* The groups of one CPU, and the time that there is for them. */
#ifndef PACE_H
#define PACE_H

#include "run/arena.h"
#include "run/run.h"
#include "run/run_error.h"

/* Groups [first, end) of the run. */
struct pace {
	struct run *run;
	struct arena *arena;
	struct run_error *e;
	size_t first, end;
	uint64_t began, used;		/* TSC: when; and so long ago */
	unsigned before, cpus;		/* CPUs that were before this one; all */
	unsigned decided, open;		/* comparisons at the last look */
};

/**
 * pace_look - look at the clock.
 *
 * One that ran backwards has used all of the budget.  Return: false if the run must end.
 */
bool pace_look(struct pace *p);

/* What is left of the budget, in ticks. */
uint64_t pace_left(const struct pace *p);

/* Times a block of a group, and how long that takes. */
bool pace_block(struct pace *p, struct group *g, unsigned block);

/* Says how far it is; @all: at its end. */
void pace_say(const struct pace *p, bool all);

#endif
