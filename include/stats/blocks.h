/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blocks: what is replicated.  A block is a group's bodies at one placement, and the
 * batches that were taken of them there; a cell's value of a block is its median.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

/* Blocks of a group, at most. */
#define BLOCKS_MAX	128
/* After the first pass a group is looked at again after so many more. */
#define LOOK_BLOCKS	8

#endif
