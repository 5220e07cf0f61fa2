/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Timing: the one timing loop of the product.
 *
 * The room has what is timed (body.h, layout.h), from which state (state.h), what comes
 * of it (series.h), what disturbs it (clock_gaps.h, disturbance.h, vary.h), patching at
 * scale (scale.h); and platform.h, what core asks of its surroundings.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>
#include "measure/platform.h"
#include "measure/series.h"
#include "measure/subject.h"
#include "measure/vary.h"
#include "lib/rng.h"
#include "paravirt/ops.h"
#include "workload/workload.h"

/* Passes over a body in one timing, at most. */
#define REPS_MAX	1024

/* The body as the function it is. */
static inline void (*body_code(const struct body *b))(struct work *w)
{
	return (void (*)(struct work *))(uintptr_t)b->entry;
}

/* Runs a body on the machine's stack, so many times: as it is, and as an attempt.  False:
 * an exception ended it. */
bool try_body(const struct platform *m, void (*run)(struct work *w),
	      struct work *w, uint32_t passes, struct fault *f);
void run_body(const struct platform *m, void (*run)(struct work *w),
	      struct work *w, uint32_t passes);

/**
 * begin_pass - what a pass begins with: IF, and flags that ask for the same; of an op of
 * the table its operands, and what it is lent of the machine.
 * @wl: whose pass it is.
 *
 * Return: NULL; or why the machine does not lend it: then it is not to be run, and
 * end_passes() is not owed.
 */
const char *begin_pass(const struct platform *m, const struct workload *wl,
		       const struct virtual_if *vif, bool if_on, struct work *w);

/* The same IF and flags once more, for another pass over what is lent. */
void begin_again(const struct platform *m, const struct virtual_if *vif, bool if_on,
		 struct work *w);

/* And what is left behind at the end: IF off, nothing shadowed, nothing lent.  NULL, or
 * what the passes did not leave as it was (it is put back). */
const char *end_passes(const struct platform *m, const struct workload *wl,
		       const struct virtual_if *vif);

/**
 * choose_reps - passes that make one timing last about as long as asked.
 * @pass_ticks: that long.
 *
 * @f: filled where 0 is returned.
 *
 * In a quiet window.  Return: from 1 to REPS_MAX; 0: an exception ended it.
 */
uint32_t choose_reps(const struct platform *m, const struct subject *s,
		     uint32_t pass_ticks, struct fault *f);

/* How the measuring of a block ended. */
enum measured {
	MEASURED,
	MEASURED_NO_WINDOW,	/* a quiet window could not be had */
	MEASURED_NO_CLOCK,	/* the clock stands still */
	MEASURED_FAULT,		/* an exception ended it, see block.ended; nothing is taken */
};

/**
 * measure_block - time every subject once a batch, in an order that is new in
 * every batch.
 * @m:   the machine, outside of a quiet window: opens and closes its own.
 * @b:   what.
 * @rng: where orders come from.
 * @q:   added to.
 * @taken: good batches, in the order in which they were taken; fewer than wanted
 *       where the tries were not enough.
 *
 * A batch is, for every subject: the state entered and the short body timed, the
 * state entered and the long body timed, in either order; where b->width is, the width
 * probe before and behind them, and its chain once (width_probe.h).  One in which anything
 * came between is dropped, for all subjects alike.  That nothing but its length tells of
 * is decided when there are as many as are wanted, by all of them (vary.h); then more
 * are taken.  A batch before the first is a rehearsal and does not count.  A timing longer
 * than 2^32-1 ticks is stored as that.  The clock is looked at behind every batch: one
 * that has stopped ends the block, and its last batch is dropped.
 *
 * Return: MEASURED, or what was in the way; what was taken before that is good.
 */
enum measured measure_block(const struct platform *m, const struct block *b,
			    struct rng *rng, struct quality *q, uint32_t *taken);

#endif
