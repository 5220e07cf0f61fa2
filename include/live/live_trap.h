/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The INT3 of a site that is being patched: what its handler does.
 *
 * The handler itself is the machine's (it saves registers, and pushes where a call is
 * emulated); here is what it decides, from the batch that is under way.
 */
#ifndef LIVE_TRAP_H
#define LIVE_TRAP_H

#include "live/live_batch.h"

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

#endif
