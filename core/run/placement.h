/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the blocks of later rounds lie. */
#ifndef PLACEMENT_H
#define PLACEMENT_H

#include <stdint.h>
#include "plan/group.h"

/**
 * placement - where in a cache line the copies of a block begin.
 * @g:     its first pass is laid.
 * @block: one behind those, below BLOCKS_MAX.
 * @seed:  of the group's order.
 *
 * Each byte of a line once before any twice: first those at steps of OFFSET_STEP that the
 * first pass did not have, then those between; after that all of them again.  Each time
 * in an order that is drawn.
 */
uint8_t placement(const struct group *g, unsigned block, uint64_t seed);

#endif
