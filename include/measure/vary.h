/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a body's timings vary by on their own, and from where on one was disturbed.
 *
 * Most code takes as long as it took before: what is longer by platform.gap_ticks was
 * disturbed.  Some does not: what exits to a hypervisor takes as long as that makes of
 * it, each time anew.  Two things say what the machine does: the chain, which varies by
 * nothing of its own and is timed in the same batches; and the gaps that were seen while
 * the clock alone was read, a while before, by which a timing meets the more the longer
 * it is.  Code that is longer far more often than either explains is not disturbed: it
 * varies.  What either explains, and what there are too few timings of, is held to what
 * calm code is.
 */
#ifndef VARY_H
#define VARY_H

#include <stdbool.h>
#include <stdint.h>

/* Timings that are looked at, the last ones. */
#define VARY_KEPT	64
/* With fewer of them nothing is said to vary by itself. */
#define VARY_LEAST	13

/* Of one body, in one block. */
struct vary {
	uint32_t n;			/* timings, all */
	uint32_t ticks[VARY_KEPT];	/* the last of them, in a ring */
};

/* So many of so many were longer than usual. */
struct vary_share {
	uint32_t longer, of;
};

/* So many gaps of the clock in so many ticks, while nothing but it was read; 0 ticks:
 * nobody looked. */
struct vary_watch {
	uint64_t gaps, ticks;
};

/* What is known of the machine's own disturbances. */
struct vary_machine {
	struct vary_share steady;	/* the chain's, in the same batches */
	struct vary_watch watch;
	uint32_t timings;		/* in a batch */
};

/* What a body is held to. */
struct vary_limit {
	uint64_t usual;		/* ticks: the shortest, but for the shortest eighth */
	uint64_t bound;		/* more than that by more than this: disturbed */
	bool varies;		/* by itself */
	bool meets;		/* it lasts longer than @calm, and a batch of nothing but
				 * such timings would meet a gap of the clock */
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
 * @m:      of none, or not watched: nothing is known of the machine, and all code is
 *          held to @calm.
 *
 * A body varies where a quarter of VARY_LEAST timings or more are longer, four times the
 * chain's share (with one more for luck), and more than four times as many as gaps of
 * the clock explain.  Where it is a third, the bound follows: four times what three
 * quarters of them keep to.  Else it is @calm.
 */
struct vary_limit vary_limit(const struct vary *v, uint64_t calm,
			     const struct vary_machine *m);

static inline bool vary_is_over(const struct vary_limit *l, uint32_t ticks)
{
	return ticks > l->usual && ticks - l->usual > l->bound;
}

#endif
