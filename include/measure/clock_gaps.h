/* SPDX-License-Identifier: GPL-2.0-only */
/* Time that went by with nothing to do: what others took of it. */
#ifndef GAPS_H
#define GAPS_H

#include "measure/platform.h"

struct gaps {
	uint64_t ticks;		/* watched, TSC */
	uint64_t largest;	/* between two reads, TSC ticks */
	uint32_t count;		/* of those above platform.gap_ticks */
	/* What differences are multiples of: those that are no gaps; where all are, all.  A
	 * gap is nobody's multiple where a hypervisor sets the clock anew behind it. */
	uint64_t step;
	uint64_t step_fine, step_of_gaps;	/* of the ones, of the others; or 0 */
	bool backwards;		/* a read was less than the one before */
	bool stopped;		/* the clock does not advance, or hardly */
	struct disturbance came;	/* of what is counted, in the windows */
};

/**
 * watch_gaps - read the clock and do nothing else.
 * @m:     outside of a quiet window: opens and closes its own.
 * @ticks: for so long, in windows as long as they may be.
 * @g:     added to.
 *
 * What m->disturbed() counts is added up over the windows; it knows SMIs if it did in
 * the last.  With interrupts silenced a gap is an SMI, an NMI, or a hypervisor that ran
 * something else.  Ends after so many reads where the clock stands still, or goes
 * slower than it is read.
 *
 * Return: false if no quiet window could be had.
 */
bool watch_gaps(const struct platform *m, uint64_t ticks, struct gaps *g);

/**
 * clock_goes_on - does the clock move?
 * @m: in a quiet window.
 *
 * Reads its end() until it says something else, as a rule twice.
 *
 * Return: false if it said the same PATIENCE_STILL times.
 */
bool clock_goes_on(const struct platform *m);

#endif
