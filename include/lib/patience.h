/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting by a clock that may itself stop: how long, and when it is over all the same. */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Readings in a row that are no later than the one before: by then the clock is taken
 * to stand still.  The coarsest one known moves with every thousandth. */
#define PATIENCE_STILL	100000

/* What is left of it.  A copy of its own for whoever waits. */
struct patience {
	uint64_t last;		/* reading */
	uint64_t left;		/* ticks */
	uint32_t still;		/* readings in a row at which the clock had not moved on */
};

/**
 * patience_begin - begin to wait.
 * @now:   the clock's reading.
 * @ticks: for so long.
 */
struct patience patience_begin(uint64_t now, uint64_t ticks);

/**
 * patience_ends - is it over?
 * @now: the clock's next reading.
 *
 * Time is what the clock went on by between two readings; what it went back by is no
 * time.  So the wait ends whatever the clock does: with more than @ticks gone by, or
 * with PATIENCE_STILL readings in a row that show none.
 */
bool patience_ends(struct patience *p, uint64_t now);

/* Has it ended because the clock stands still, or runs backwards? */
static inline bool patience_stopped(const struct patience *p)
{
	return p->still >= PATIENCE_STILL;
}

#endif
