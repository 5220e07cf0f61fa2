/* SPDX-License-Identifier: GPL-2.0-only */
/* Where in a cache line the blocks of a run with a budget lie. */
#ifndef PLACEMENT_H
#define PLACEMENT_H

#include <stdint.h>
#include "plan/group.h"

/**
 * place_blocks - draw where the copies of a group's blocks begin, of all that it may have.
 * @g:      its offset[] is set, BLOCKS_MAX of them, from 0 to LINE_BYTES - 1.
 * @seed:   of the run.
 * @number: of the group in its plan, below 2^24: each has an order of its own.
 *
 * Drawn from all bytes of a line without putting back: each byte once before any twice,
 * then all of them again in another order.  So any number of first blocks is a sample of
 * all places, and no place belongs to a time.  It depends on nothing but seed and number.
 */
void place_blocks(struct group *g, uint64_t seed, uint32_t number);

#endif
