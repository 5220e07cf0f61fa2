/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a body's timings vary by on their own, and from where on one was disturbed.
 *
 * Most code takes as long as it took before: what is longer by machine.gap_ticks was
 * disturbed.  Some does not: what exits to a hypervisor takes as long as that makes of
 * it, each time anew.  A disturbance hits all code alike, as often as it runs; so code
 * that is longer far more often than the chain, which varies by nothing of its own and
 * is timed in the same batches, is not disturbed: it varies.  (Unless its timings are
 * so much longer than the chain's that each of them meets a disturbance: the two cannot
 * be told apart by this.)
 */
#ifndef VARY_H
#define VARY_H

#include <stdbool.h>
#include <stdint.h>

/* Timings that are looked at, the last ones. */
#define VARY_KEPT	64

/* Of one body, in one block. */
struct vary {
	uint32_t n;			/* timings, all */
	uint32_t ticks[VARY_KEPT];	/* the last of them, in a ring */
};

/* So many of so many were longer than usual. */
struct vary_share {
	uint32_t longer, of;
};

/* What a body is held to. */
struct vary_limit {
	uint64_t usual;		/* ticks: the shortest, but for the shortest eighth */
	uint64_t bound;		/* more than that by more than this: disturbed */
	bool varies;		/* by itself */
};

/* Adds a timing that nothing is known to have disturbed. */
void vary_add(struct vary *v, uint32_t ticks);

/**
 * vary_share - how many are longer than usual?
 * @calm: by more ticks than this.
 */
struct vary_share vary_share(const struct vary *v, uint64_t calm);

/**
 * vary_limit - decide what the body is held to.
 * @calm:   ticks that code may vary by in any case.
 * @steady: the chain's share in the same batches; of none: nothing is known of the
 *          machine, and all code is held to @calm.
 *
 * A body varies where an eighth of its timings, two at least, and four times as many as
 * the chain's (with one more for luck), are longer.  Where it is a quarter, the bound
 * follows: four times what three quarters of them keep to.  Else it is @calm.
 */
struct vary_limit vary_limit(const struct vary *v, uint64_t calm,
			     const struct vary_share *steady);

static inline bool vary_is_over(const struct vary_limit *l, uint32_t ticks)
{
	return ticks > l->usual && ticks - l->usual > l->bound;
}

#endif
