/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A machine that is made up: its clocks move by what they are told, its IF is a
 * variable, and what disturbs it comes when a test says so.
 */
#ifndef MADE_UP_H
#define MADE_UP_H

#include <string.h>
#include "measure/platform.h"

enum { CLOCK_COST = 7 };		/* ticks of a read */

/* What a body that runs is doing. */
enum made_up_doing { UNTIMED, TIMED, COUNTED };

static struct {
	uint64_t now, core;		/* TSC, core clock */
	bool if_on, quiet, misused;
	enum made_up_doing doing;
	unsigned timings;		/* begun */
	unsigned opened, closed, refuse; /* windows; the one that is not had */
	uint64_t since, longest;	/* of this window, of all */
	struct disturbance so_far;
	unsigned asked;			/* how often for that: twice a batch */
	/* If not NULL: batch 0 is the first rehearsal; before or behind it. */
	void (*upset)(unsigned batch, bool before);
	int64_t hiccup;			/* of the clock, at the next end of a timing */
	unsigned progress, progress_of;
	unsigned flushed;
	uint64_t reads;			/* of the TSC */
	unsigned stops_at;		/* the timing in which it stops; 0: none */
	bool stopped, backwards;	/* the TSC, from now on */
} mu;

/* Time goes by. */
static inline uint64_t mu_take(uint64_t ticks)
{
	if (!mu.stopped)
		mu.now += mu.backwards ? -ticks : ticks;
	return mu.now;
}

static inline uint64_t mu_begin(void)
{
	mu.misused |= !mu.quiet;
	mu.doing = TIMED;
	mu.timings++;
	mu.reads++;
	mu_take(CLOCK_COST);
	mu.stopped |= mu.stops_at && mu.timings >= mu.stops_at;
	return mu.now;
}

static inline uint64_t mu_end(void)
{
	mu.misused |= !mu.quiet;
	mu.doing = UNTIMED;
	mu.reads++;
	mu_take(CLOCK_COST + (uint64_t)mu.hiccup);
	mu.hiccup = 0;
	return mu.now;
}

static inline uint64_t mu_cycles(void)
{
	mu.misused |= !mu.quiet;
	mu.doing = mu.doing == COUNTED ? UNTIMED : COUNTED;
	mu.timings += mu.doing == COUNTED;
	return mu.core += CLOCK_COST;
}

/* Asked for before the passes that bring the CPU into a state. */
static inline unsigned long mu_flags(void)
{
	mu.doing = UNTIMED;
	return FLAGS_ONE | 0x44 | (mu.if_on ? FLAGS_IF : 0);
}

static inline void mu_set_if(bool on)
{
	mu.misused |= !mu.quiet;
	mu.if_on = on;
}

static inline bool mu_quiet_begin(void *ctx)
{
	mu.misused |= mu.quiet || ctx != &mu;
	if (++mu.opened == mu.refuse)
		return false;
	mu.since = mu.now;
	return mu.quiet = true;
}

static inline void mu_quiet_end(void *ctx)
{
	mu.misused |= !mu.quiet || mu.if_on || ctx != &mu;
	if (mu.now - mu.since > mu.longest)
		mu.longest = mu.now - mu.since;
	mu.quiet = false;
	mu.closed++;
}

static inline void mu_disturbed(void *ctx, struct disturbance *d)
{
	bool before = !(mu.asked & 1);

	mu.misused |= !mu.quiet || ctx != &mu;
	if (mu.upset)
		mu.upset(mu.asked / 2, before);
	mu.asked++;
	*d = mu.so_far;
}

static inline void mu_flush_branches(void *ctx)
{
	mu.misused |= !mu.quiet || ctx != &mu;
	mu.flushed++;
}

static inline void mu_progress(void *ctx, const struct run_progress *p)
{
	mu.misused |= mu.quiet || ctx != &mu || p->done > p->of;
	mu.progress = p->done;
	mu.progress_of = p->of;
}

/* Everything from the beginning. */
static inline struct platform mu_machine(unsigned ring)
{
	memset(&mu, 0, sizeof(mu));
	mu.now = 1u << 30;
	mu.if_on = ring;
	return (struct platform){
		.ring = ring, .isa = ARCH_ISA, .features = { UINT64_MAX },
		.begin = mu_begin, .end = mu_end,
		.flags = mu_flags, .set_if = mu_set_if,
		.quiet_begin = mu_quiet_begin, .quiet_end = mu_quiet_end,
		.quiet_ticks = 1000000, .quiet_max = 2000000,
		.disturbed = mu_disturbed, .flush_branches = mu_flush_branches,
		.gap_ticks = 10000, .progress = mu_progress, .ctx = &mu,
	};
}

/* Every window that was opened is closed, and nothing was done outside. */
static inline bool mu_balanced(void)
{
	bool refused = mu.refuse && mu.opened >= mu.refuse;

	return !mu.quiet && !mu.if_on && !mu.misused
		&& mu.closed == mu.opened - refused;
}

#endif
