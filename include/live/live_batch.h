/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Live patching: sites are rewritten while other CPUs run them.
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
#ifndef LIVE_H
#define LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "site/sited_op.h"

/* Sites of one batch. */
#define LIVE_SITES	64

enum live_was {
#define LIVE(name, what) LIVE_##name,
#include "list/live_was.def"
#undef LIVE
	LIVE_COUNT
};

extern const char *const live_names[LIVE_COUNT];

/* One site of a batch. */
struct live_site {
	uint64_t addr;			/* where it runs */
	uint8_t *at;			/* where it is stored, see live_store() */
	uint8_t *island_at;		/* likewise of its island, or NULL */
	size_t record;			/* its number, for whoever says what failed */
	unsigned len;
	uint8_t form[SITE_LEN_MAX];	/* the new bytes */
	uint8_t island[ISLAND_BYTES];
	/* What was there, filled by live_add(). */
	enum live_was was;
	uint64_t target;		/* of a call: the op, or the slot */
	uint8_t head;			/* the first byte */
};

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

/**
 * live_was - what a site holds, for the handler.
 * @p: its @len bytes, which run at @addr.
 * @target: of a call.
 *
 * Pure.
 */
enum live_was live_was(enum isa isa, const uint8_t *p, unsigned len, uint64_t addr,
		       uint64_t *target);

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

/* What an INT3's handler knows of the CPU that took it, and may change. */
struct live_regs {
	uintptr_t ip;		/* of the INT3; then where to go on */
	uintptr_t flags, ax;
	uintptr_t arg;		/* what ops take their argument in */
	uintptr_t back;		/* where @call: the return address to be pushed */
	bool call;
};

/* What the handler is to do. */
enum live_trap {
	LIVE_TRAP_GO,		/* on, as @r says */
	LIVE_TRAP_AGAIN,	/* the INT3 is gone: execute what is there now */
	LIVE_TRAP_WAIT,		/* see live_was.def: until live_is_int3() is false */
	LIVE_TRAP_FOREIGN,	/* it is none of this batch */
};

/**
 * live_trap - a CPU has taken an INT3.
 * @was: what the site was, for those who count; not with AGAIN and FOREIGN.
 *
 * Reads the text at r->ip, and a slot of the table, where they run: for the
 * machine's own text alone.  The CPU must not answer (live_answer()) while this
 * runs: what it reads is the batch's until then.
 */
enum live_trap live_trap(const struct live_batch *b, struct live_regs *r,
			 enum live_was *was);

static inline bool live_is_int3(uintptr_t ip)
{
	return *(const volatile uint8_t *)ip == 0xcc;
}

/*
 * Asking and answering.
 *
 * The CPU that patches counts its questions; the others answer with the number.
 * One who is asked by an interrupt but cannot answer then owes it, until it comes
 * by where it can.
 */
struct live_ask {
	volatile uint32_t number;	/* of the last question */
	volatile bool quiet;		/* to be answered only where that is so */
	volatile bool stop;		/* by standing still until it is released */
	volatile uint32_t released;	/* the last of those that is over */
};

struct live_cpu {
	volatile uint32_t arrived;	/* at the stop of that number */
	volatile uint32_t answered;
};

/* Asks the next question.  Return: its number. */
uint32_t live_ask(struct live_ask *a, bool quiet, bool stop);
/* Ends a stop. */
void live_release(struct live_ask *a);

/**
 * live_answer - answer the last question, if that is owed and may be.
 * @quiet: is this CPU?
 * @idle: called again and again while this CPU stands still; NULL: nothing is.
 *
 * Return: true if it answered; then whoever does it from an INT3 has to look at it
 * anew, as the batch may be over.
 */
bool live_answer(const struct live_ask *a, struct live_cpu *c, bool quiet,
		 void (*serialise)(void), void (*idle)(void));

#endif
