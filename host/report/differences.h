/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that differ from what was stated: a line a kind, with its first place. */
#ifndef DIFFERENCES_H
#define DIFFERENCES_H

#include <stddef.h>
#include <stdio.h>

/* What is the same but for where it is, and but for the numbers. */
struct difference {
	char kind[160];
	char first[400];	/* "NAME: KEY is stated as ...", of the first of them */
	unsigned cells;
};

/* Zeroed, it is empty. */
struct differences {
	size_t n;
	struct difference *of;
};

/**
 * differences_add - @name's @key is stated as @stated, and @computed is right.
 *
 * Of a kind are those of one key: all whose numbers differ, or all with the same words
 * ("missing", "slower") in place of a number.
 */
void differences_add(struct differences *d, const char *name, const char *key,
		     const char *stated, const char *computed);

/* A line a kind, in order of their first; @d is empty then. */
void differences_print(struct differences *d, const char *path, FILE *to);

#endif
