/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room of live patching: sites are rewritten while other CPUs run them.
 *
 * A CPU may fetch a site's bytes while they change, may have stale ones, and may be
 * inside: interrupted between two instructions of a form, or in an op whose return
 * address is the middle of the site.  So a batch of sites goes through this:
 *
 *	1. INT3 at the head of every site.
 *	2. Every other CPU serialises, and has been seen quiet once since: where
 *	   nothing that it will resume at lies inside a site.  From here on none is
 *	   inside, and none gets in: it takes the INT3.
 *	3. The rest of every site.
 *	4. Every other CPU serialises.
 *	5. The heads.
 *	6. Every other CPU serialises; the batch is over.
 *
 * Here are the six steps.  What a site held is live_site.h's, what a CPU does that
 * takes an INT3 live_trap.h's, how CPUs ask each other live_ask.h's; text_live.h
 * takes all that was staged of a text through it.
 *
 * What a CPU does that takes the INT3 is live_was.def's: either the handler does what
 * the site did, and goes on behind it, or it waits for the site.  An emulated call
 * returns behind the site and never into it, so it may last beyond the batch.
 *
 * Quiet is the caller's word (struct live_others).  Three places are: the INT3 of a
 * site, as code that a site reaches has no site in it; an interrupted instruction
 * that is the code's around the sites and not inside one; and a point that the code
 * passes by itself.
 *
 * Handlers, and all they call, must have no site that is patched so.  An NMI or SMI
 * whose handler has none may come at any time.
 *
 * Source: Intel SDM Vol. 3A, "Handling Self- and Cross-Modifying Code"; AMD64 APM
 * Vol. 2, "Cross-Modifying Code"; the INT3 way is Linux's (arch/x86/kernel/
 * alternative.c), which leaves out step 2's second half: its sites are single
 * instructions, and calls end where the site does.
 */
#ifndef LIVE_BATCH_H
#define LIVE_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "live/live_site.h"

/* Sites of one batch. */
#define LIVE_SITES	64

/*
 * A batch.  All zero: none.
 * @under_way: sites whose heads may be INT3, for the handlers of other CPUs.
 * @late: a CPU did not answer in time; nothing is patched so any more, as it may
 *        still look at what is here.
 */
struct live_batch {
	volatile uint32_t under_way;
	unsigned count;
	bool late;
	struct live_site site[LIVE_SITES];
};

/* Empties it; not while it is under way. */
void live_begin(struct live_batch *b);

/* Where the next site is to be put, for live_add(); NULL: the batch is full. */
struct live_site *live_next(struct live_batch *b);

/**
 * live_add - take the site at live_next() into the batch.
 *
 * All but the last three members are the caller's.  One that holds its form already,
 * island included, is not taken.
 */
void live_add(struct live_batch *b, enum isa isa);

/**
 * struct live_others - the other CPUs, and this one.
 * @sync: Every other CPU executes a serialising instruction after this is called
 *        and, where @quiet, is then or later seen quiet; before it returns.  False:
 *        one did not in time.
 * @serialise: this CPU does.
 * @settle: NULL, or for an emulator, where another CPU may be translating what is
 *        stored just then, and keep the old bytes' translation, whatever it serialises:
 *        makes every translation that was begun before end.  Each store is then done
 *        twice, this in between; the second throws away what the first missed.
 */
struct live_others {
	bool (*sync)(void *ctx, bool quiet);
	void (*serialise)(void);
	void (*settle)(void);
	void *ctx;
};

/* How a batch ended. */
enum live_end {
	LIVE_DONE,
	LIVE_LATE_KEPT,		/* a CPU did not answer: the sites are as they were */
	LIVE_LATE_STORED,	/* likewise, but they hold their forms */
};

/**
 * live_store - the six steps.
 * @b: sites added; it stays the caller's, for later handlers, until the next batch.
 * @shift: from a site's @at to where it may be stored.
 *
 * To be called where the text is writable.
 */
enum live_end live_store(struct live_batch *b, const struct live_others *o,
			 ptrdiff_t shift);

#endif
