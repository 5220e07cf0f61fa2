/* SPDX-License-Identifier: GPL-2.0-only */
/* Checking code, then timing it: the one timing loop of the product. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdint.h>
#include "measure/body.h"
#include "plan/cell.h"
#include "measure/platform.h"
#include "patch/mode.h"
#include "lib/rng.h"
#include "measure/vary.h"

/* Passes over a body in one timing, at most. */
#define REPS_MAX	1024

/* How many copies of its workload a function has: one, three, those of the short body
 * and of the long one. */
enum copies { COPIES_one, COPIES_three, COPIES_n, COPIES_2n, COPIES_COUNT };

/* A function of a struct work *, for the check. */
struct checked {
	void (*run)(struct work *w);
	const char *name;	/* for the line that says what is wrong */
	bool looks;		/* leaves work.seen */
	enum copies copies;
};

/* What a trial left, for comparison with another way to the same op. */
struct after {
	uint64_t memory;	/* a hash of pv_memory: masks, deliveries */
	uint64_t calls;		/* one of pv_memory.trace */
	unsigned long seen;	/* IF of what it looked at, where it looks */
	unsigned long flags;	/* IF and AC */
	bool changed;		/* memory is not as it was */
};

/* A trial begins with IF off or on, is given flags that ask for IF off or on, and
 * finds an event pending or none: bits 0, 1 and 2 of its number. */
enum { TRIALS = 8 };

/* What the reference mode left. */
struct reference {
	struct after after[COPIES_COUNT][TRIALS];
};

/*
 * What code is held to.
 * @wl:     the workload's promises.
 * @vif:    the backend's IF; NULL: the CPU's.
 * @effect: of the mode.
 * @want:   what the reference left; NULL: there is none.
 */
struct held {
	const struct workload *wl;
	const struct virtual_if *vif;
	enum effect effect;
	const struct reference *want;
};

/**
 * check_workload - does the code do what the workload must?
 * @m:    the machine, in a quiet window.
 * @h:    what must be true.
 * @c:    @n functions, as they are now, patched or not.
 * @why:  filled on failure: one line.
 * @room: bytes of @why.
 *
 * Runs each in all trials and compares IF (and what it looked at) with
 * workload.def, and all that it leaves with the reference after as many copies.  In
 * ring 3, where the CPU's IF cannot be changed, from IF = 1 with flags that ask for
 * it alone.  Leaves the CPU's IF off, a backend's on, and no event pending.
 *
 * Return: false at the first difference.
 */
bool check_workload(const struct platform *m, const struct held *h,
		    const struct checked *c, unsigned n, char *why, size_t room);

/**
 * check_reference - run a function of one copy in all trials, as often as there are
 * copies, and keep what each left.
 * @r: filled; trials that cannot be made are all zero.
 */
void check_reference(const struct platform *m, const struct held *h,
		     const struct checked *c, struct reference *r);

/* Runs a body on the machine's stack, so many times. */
void run_body(const struct platform *m, void (*run)(struct work *w),
	      struct work *w, uint32_t passes);

/* What a pass begins with: IF, and flags that ask for the same. */
void begin_pass(const struct platform *m, const struct virtual_if *vif, bool if_on,
		struct work *w);

/* And what is left behind at the end: IF off, nothing shadowed. */
void end_passes(const struct platform *m, const struct virtual_if *vif);

struct state;

/* Code that is timed, and where its counts go. */
struct subject {
	const struct workload *wl;
	const struct virtual_if *vif;	/* the backend's IF; NULL: the CPU's */
	const struct state *state;	/* in which */
	struct body n, n2;
	uint32_t reps;			/* passes in one timing */
	struct batch *ticks, *cycles;	/* room for a block; cycles may be NULL */
	bool steady;			/* its time does not vary by itself: the chain */
	/* Of a block: */
	uint64_t least_n, least_n2;	/* shortest so far, ticks */
	struct vary vary_n, vary_n2;
	struct vary_limit limit_n, limit_n2;
};

/* The body as the function it is. */
static inline void (*body_code(const struct body *b))(struct work *w)
{
	return (void (*)(struct work *))(uintptr_t)b->entry;
}

/* A state of the CPU, see state.def. */
struct state {
	const char *name, *what;
	bool once;
	/* Brings the CPU into the state for a pass over @b; untimed. */
	void (*enter)(const struct platform *m, const struct subject *s,
		      const struct body *b, struct work *w);
};

/* Indexed by enum state_id. */
extern const struct state states[STATE_COUNT];

/* Bytes of code that state_code() makes: jumps of 16 bytes.  On Zen 5 half as
 * many were forgotten by some of a predictor only, twice as many made no
 * difference. */
#define STATE_CODE_BYTES	(65536 * 16)

/**
 * state_code - the code that states cold_* run: jumps, each to the next.
 * @to: STATE_CODE_BYTES, not yet executable.
 */
void state_code(uint8_t *to);
/* Where it runs.  Before the first cold state is entered. */
void state_code_at(void (*run)(void));

/**
 * choose_reps - passes that make one timing last about as long as asked.
 * @pass_ticks: that long.
 *
 * In a quiet window.  Return: from 1 to REPS_MAX.
 */
uint32_t choose_reps(const struct platform *m, const struct subject *s,
		     uint32_t pass_ticks);

/* What is timed together. */
struct block {
	struct subject *subject;	/* each with reps chosen */
	unsigned count;			/* of them, at most GROUP_MAX */
	uint32_t want;			/* good batches */
	uint32_t tries;			/* at most; 0: twice as many */
	uint64_t step;			/* ticks that the clock goes on by at once; or 0 */
	struct vary_watch watch;	/* gaps of the clock before the run */
};

/* How the measuring of a block ended. */
enum measured {
	MEASURED,
	MEASURED_NO_WINDOW,	/* a quiet window could not be had */
	MEASURED_NO_CLOCK,	/* the clock stands still */
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
 * state entered and the long body timed, in either order.  One in which anything
 * came between is dropped, for all subjects alike.  That nothing but its length tells of
 * is decided when there are as many as are wanted, by all of them (vary.h); then more
 * are taken.  A batch before the first is a rehearsal and does not count.  A timing longer
 * than 2^32-1 ticks is stored as that.  The clock is looked at behind every batch: one that has stopped ends the
 * block, and its last batch is dropped.
 *
 * Return: MEASURED, or what was in the way; what was taken before that is good.
 */
enum measured measure_block(const struct platform *m, const struct block *b,
			    struct rng *rng, struct quality *q, uint32_t *taken);

#endif
