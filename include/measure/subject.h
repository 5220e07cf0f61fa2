/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A subject: code that is timed, from which state, and where its counts go.  And a
 * block: subjects that are timed side by side.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <stdbool.h>
#include <stdint.h>
#include "measure/body.h"
#include "measure/fault.h"
#include "measure/series.h"
#include "measure/vary.h"
#include "paravirt/ops.h"
#include "stats/regime.h"
#include "workload/workload.h"

struct platform;
struct subject;

/* A state of the CPU; state.h has those that there are. */
struct state {
	const char *name, *what;
	bool once;
	/* Brings the CPU into the state for a pass over @b, one of the subject's; untimed. */
	void (*enter)(const struct platform *m, const struct subject *s,
		      const struct body *b, struct work *w);
};

struct subject {
	const struct workload *wl;
	const struct virtual_if *vif;	/* the backend's IF; NULL: the CPU's */
	const struct state *state;	/* in which */
	struct body n, n2;
	uint32_t reps;			/* passes in one timing */
	struct batch *ticks, *cycles;	/* room for a block; cycles may be NULL */
	bool steady;			/* its time does not vary by itself: the chain */
	bool waits;			/* it lasts until something outside of it comes */
	/* Of a block: */
	uint64_t least_n, least_n2;	/* shortest so far, ticks */
	struct vary vary_n, vary_n2;
	struct vary_limit limit_n, limit_n2;
};

/* Most subjects of a block. */
#define BLOCK_MAX	128

/* What ended a block: which subject ran, and the exception. */
struct block_ended {
	unsigned subject;
	struct fault fault;
};

/* What is timed together. */
struct block {
	struct subject *subject;	/* each with reps chosen */
	unsigned count;			/* of them, at most BLOCK_MAX */
	uint32_t want;			/* good batches */
	uint32_t tries;			/* at most; 0: twice as many */
	uint64_t step;			/* ticks that the clock goes on by at once; or 0 */
	struct vary_watch watch;	/* gaps of the clock before the run */
	struct width_taken *width;		/* room for as many, beside the subjects' ticks;
					 * NULL: the core's width is not asked */
	/* A window that begins after so many ticks is for as many tries as are wanted, and
	 * none besides; 0: that is no matter. */
	uint64_t spare_ticks;
	struct block_ended *ended;	/* filled where an exception ended it; NULL: none is
					 * caught */
};

#endif
