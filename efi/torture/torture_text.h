/* SPDX-License-Identifier: GPL-2.0-only */
/* The loops' sites as a text, and what it is to hold. */
#ifndef TORTURE_TEXT_H
#define TORTURE_TEXT_H

#include <stdbool.h>
#include "patch/text.h"

/* The text, the bytes it is built of, and those it is to hold now. */
struct torture_text {
	struct text text;
	void *room;
	uint8_t *built, *wanted;
};

/**
 * torture_text_open - the loops as a text, as they were built.
 * @t: filled; torture_text_close() is owed only after NULL.
 *
 * Return: NULL, or why it cannot be: no memory, or records that are not the loops'.
 */
const char *torture_text_open(struct torture_text *t);
void torture_text_close(struct torture_text *t);

/* Takes what is staged into what is wanted. */
void torture_text_want(struct torture_text *t, const struct text_staged *s);
/* Is it there, to the last byte between the first loop and the last? */
bool torture_text_is_right(const struct torture_text *t);
/* Is all as it was built? */
bool torture_text_is_built(const struct torture_text *t);

/* Is an instruction there one of the loops', and not inside a site?  See live_batch.h. */
bool torture_is_quiet(uintptr_t ip);

#endif
