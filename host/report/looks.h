/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ranks of intervals where a group was looked at several times, in double, for numbers
 * that core has in integers: include/stats/sequential.h says what they are.
 */
#ifndef LOOKS_H
#define LOOKS_H

/* As in include/stats/blocks.h. */
#define BLOCKS_MOST	128
#define BLOCKS_A_LOOK	8

struct seen {
	unsigned n, sizes[BLOCKS_MOST];		/* blocks with a value at each look */
};

/* A look when @blocks are there, @size of them with a value: does @s get it?  First
 * at @from blocks, and at the last, @last. */
void see(struct seen *s, unsigned blocks, unsigned size, unsigned from, unsigned last);

/* The rank at the last of the looks; 0: there is none. */
unsigned rank_seen(const struct seen *s);

#endif
