/* SPDX-License-Identifier: GPL-2.0-only */
/* A run of bytes that is read from its beginning: a line, a word of it.  Nothing behind
 * its end is looked at; there need be no NUL. */
#ifndef SPAN_H
#define SPAN_H

#include <stdbool.h>
#include <stddef.h>

/* [at, end). */
struct span {
	const char *at, *end;
};

/* What is between words. */
static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The same without blanks at both ends. */
static inline struct span span_trim(struct span s)
{
	while (s.at < s.end && is_blank(*s.at))
		s.at++;
	while (s.at < s.end && is_blank(s.end[-1]))
		s.end--;
	return s;
}

/* The part of *s before the first @stop, or all of it; *s becomes the rest. */
static inline struct span span_cut(struct span *s, char stop)
{
	struct span head = { s->at, s->at };

	while (head.end < s->end && *head.end != stop)
		head.end++;
	s->at = head.end < s->end ? head.end + 1 : s->end;
	return head;
}

/* The part of *s before the first blank, or all of it; *s becomes the rest. */
static inline struct span span_word(struct span *s)
{
	struct span head = { s->at, s->at };

	while (head.end < s->end && !is_blank(*head.end))
		head.end++;
	s->at = head.end;
	return head;
}

/* Is it that name, all of it? */
static inline bool span_is(struct span s, const char *name)
{
	size_t i;

	for (i = 0; s.at + i < s.end; i++)
		if (!name[i] || name[i] != s.at[i])
			return false;
	return !name[i];
}

#endif
