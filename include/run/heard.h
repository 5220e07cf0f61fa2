/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Listening: what the machine is like, before a run spends its time on it.
 *
 * The clock alone is read for a while (struct gaps).  Then, in each state that the plan
 * has, a group's reference is timed beside its twin, the same code elsewhere, at several
 * placements: as far as those two are apart from block to block, so far will be what the
 * run says of anything else.
 */
#ifndef HEARD_H
#define HEARD_H

#include "measure/state.h"
#include "stats/blocks.h"
#include "stats/regime.h"
#include "stats/resolution.h"

/* Blocks that a state is listened to, at most. */
#define LISTEN_BLOCKS	24

/* Of one state. */
struct heard {
	bool has_group;		/* the plan has an op in that state, with a twin */
	size_t group;		/* the one that was listened to */
	uint32_t blocks;	/* that were timed; 0: a cell was refused, or its CPU is over */
	uint64_t cell_ticks;	/* of one cell in one block, building and checking included */
	int64_t ratio[LISTEN_BLOCKS];	/* twin / reference, millionths */
	int64_t grain;		/* by which intervals are wider, of a ratio; see struct pairs */
	struct regimes regimes;	/* of the batches that this is of */
	struct resolution told;	/* of as many blocks as are expected */
	/* After the run. */
	uint32_t had;		/* blocks that groups were given, the median */
	struct resolution then;	/* of so many: what it said of them before */
	/* Half of what the intervals of ratios reach over, the median of so many cells; of
	 * none: not known. */
	int64_t reached;
	uint32_t reached_of;
};

struct listened {
	bool twins;		/* they were listened to; else the clock alone */
	uint64_t ticks;		/* that it lasted, all */
	uint64_t first_pass;	/* ticks that a first pass is expected to last */
	uint32_t expected;	/* blocks that a group will have, at most */
	struct heard state[STATE_COUNT];
};

#endif
