/* SPDX-License-Identifier: GPL-2.0-only */
/* The side of the CPU that is away: what it runs, and what the boot CPU sees of it. */
#ifndef AWAY_CPU_H
#define AWAY_CPU_H

#include "cpu/guard.h"
#include "machine/core_kind.h"
#include "mp/mp_shared.h"

/* Of the boot CPU: before it is taken; a thing to do, outside of any; is it done?  @at_end:
 * what it calls when it leaves, before its window is closed if one is open. */
void away_prepare(void (*at_end)(void));
void away_ask(void (*fn)(void *arg), void *arg);
bool away_is_done(void);
/* What it fell for, if it said so itself, or NULL. */
const char *away_fell_for(void);

/* Its end on a CPU that is away, for @why, which is kept: an exception, from which nothing
 * returns. */
_Noreturn void away_fall(const char *why);

/* Of the other CPU, for struct mp_work: does what it is asked until it is to leave; and
 * closes what is open then. */
void away_serve(struct mp_cpu *c);
void away_leave(struct mp_cpu *c);

/* NMIs and interrupts that the CPU took that calls. */
struct guard_counts away_counts(void);

/**
 * struct away_facts - what it finds out about itself.
 * @what, @why: what is wrong with it, in two halves; NULL: nothing.
 */
struct away_facts {
	enum core_kind kind;
	uint32_t apic_id;
	const char *what, *why;
};

/* The first that it is asked; @arg: struct away_facts. */
void away_find_out(void *arg);

/* Quiet windows, for struct platform: on either CPU. */
bool away_quiet_begin(void *ctx);
void away_quiet_end(void *ctx);

#endif
