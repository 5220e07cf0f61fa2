/* SPDX-License-Identifier: GPL-2.0-only */
/* Why the patch engine refused something, which record it was, and the line about it. */
#ifndef TEXT_ERROR_H
#define TEXT_ERROR_H

#include "patch/text_where.h"

/* Why something was refused, for one line of text. */
struct text_error {
	const char *why;	/* a sentence without its end, static */
	size_t record;		/* number of the record, or TEXT_NO_RECORD */
	uint64_t addr;		/* of its site */
	unsigned type, len;	/* as the record has them */
};
#define TEXT_NO_RECORD	((size_t)-1)

/**
 * text_refuse - fill an error.
 * @e:   filled.
 * @w:   the text.
 * @i:   number of the record, or TEXT_NO_RECORD.
 * @why: a sentence without its end, static.
 *
 * Return: false, for whoever returns that.
 */
bool text_refuse(struct text_error *e, const struct text_where *w, size_t i,
		 const char *why);

/**
 * text_error_say - "WHAT: record 3, site at 0x1000, type 2, 6 bytes: WHY".
 * @to, @room: the line; what has no room is cut.
 * @what: what could not be done.
 *
 * "WHAT: WHY" where it is about no record.
 */
void text_error_say(char *to, size_t room, const char *what, const struct text_error *e);

#endif
