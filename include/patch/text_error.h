/* SPDX-License-Identifier: GPL-2.0-only */
/* Why the patch engine refused something, and which record it was. */
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

#endif
