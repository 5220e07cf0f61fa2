/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check: what must be true of code before it is timed.
 *
 * A workload is run as it is patched, from every state of IF, and all that it leaves is
 * compared: with what workload.def promises of it, and with what the reference mode
 * left from the same start.
 */
#ifndef WORKLOAD_CHECK_H
#define WORKLOAD_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "measure/platform.h"
#include "paravirt/ops.h"
#include "patch/mode.h"
#include "workload/workload.h"

/* How many copies of its workload a function has: one, three, those of the short body
 * and of the long one. */
enum copies { COPIES_one, COPIES_three, COPIES_n, COPIES_2n, COPIES_COUNT };

/* A function of a struct work *, for the check. */
struct checked {
	void (*run)(struct work *w);
	const char *name;	/* for the line that says what is wrong */
	bool looks;		/* leaves work.seen */
	enum copies copies;
	uint64_t end;		/* behind its last byte; 0: not known */
};

/* What a trial left, for comparison with another way to the same op. */
struct after {
	uint64_t memory;	/* a hash of pv_memory: masks, deliveries */
	uint64_t calls;		/* one of pv_memory.trace */
	unsigned long seen;	/* IF of what it looked at, where it looks */
	unsigned long flags;	/* IF and AC */
	bool changed;		/* memory is not as it was */
	uint64_t scratch;	/* of an op of the table: a hash of its memory; 0 */
	uint64_t got;		/* what it returned, as far as that is the same each time; 0 */
	const char *broken;	/* what of its promise it did not keep; or NULL */
	const char *not_lent;	/* why the machine does not lend what the op needs; or NULL */
	const char *not_left;	/* what of the machine it did not leave as it was; or NULL */
	bool faulted;		/* an exception ended it, and nothing else is known */
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
 * @native: of that what an op of the table did and returned alone: native code calls no
 *          ops that could be counted.
 */
struct held {
	const struct workload *wl;
	const struct virtual_if *vif;
	enum effect effect;
	const struct reference *want;
	bool native;
	bool few;
};

/* What a check came to. */
enum check_end {
	CHECK_GOOD,
	CHECK_WRONG,		/* it does not what it must */
	CHECK_NOT_LENT,		/* it cannot be run here */
	CHECK_FAULT,		/* an exception ended it */
};

/**
 * check_workload - does the code do what the workload must?
 * @m:    the machine, in a quiet window.
 * @h:    what must be true.
 * @c:    @n functions, as they are now, patched or not.
 * @why:  filled where it is not good: one line.
 * @room: bytes of @why.
 * @f:    filled where CHECK_FAULT is returned.
 *
 * Runs each in all trials and compares IF (and what it looked at) with
 * workload.def, and all that it leaves with the reference after as many copies.  In
 * ring 3, where the CPU's IF cannot be changed, from IF = 1 with flags that ask for
 * it alone; an op of the table by itself, which is given no flags, from either IF.  Leaves
 * the CPU's IF off, a backend's on, and no event pending.
 *
 * Return: at the first difference, or at the first trial that could not be made.
 */
enum check_end check_workload(const struct platform *m, const struct held *h,
			      const struct checked *c, unsigned n, char *why, size_t room,
			      struct fault *f);

/**
 * check_reference - run a function of one copy in all trials, as often as there are
 * copies, and keep what each left.
 * @r: filled; trials that cannot be made are all zero.
 *
 * Return: false, and there is no reference: the machine did not lend what one needs, an
 * exception ended it, or it did not keep the promise of an op.
 */
bool check_reference(const struct platform *m, const struct held *h,
		     const struct checked *c, struct reference *r);

#endif
