/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The width probe: what a core has left for who runs on it.
 *
 * Independent ADDs on as many registers as can be had without memory: more than any
 * core does in a cycle, but for the last (ia32: 7, and Zen 5 and Lion Cove have six
 * units).  Not of immediates: some cores fold those.  And a chain of dependent ADDs, a
 * cycle each.  Each is timed like any body, as so many passes, and lasts 200 to 400 ns
 * on a core of 3 to 5 GHz that is alone; the clock's own reads are in both.
 */
#ifndef WIDTH_PROBE_H
#define WIDTH_PROBE_H

#define PROBE_PASSES	20
#define PROBE_ADDS	256	/* of a pass */
#define PROBE_LINKS	64	/* likewise, of the chain */
/* A clock that goes on by more ticks at once is too coarse for it. */
#define PROBE_STEP_MOST	64

#ifndef __ASSEMBLER__

#include "arch.h"
#include "stats/regime.h"
#include "workload/workload.h"

#define PROBE_REGISTERS	(ARCH_WORD == 8 ? 8 : 7)

void width_probe(struct work *w);
void width_chain(struct work *w);

static const struct width_unit width_unit = {
	PROBE_PASSES * PROBE_ADDS, PROBE_PASSES * PROBE_LINKS,
};

#endif
#endif
