/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines broken for people, see line_wrap.h. */
#include "lib/mem.h"
#include "lib/line_wrap.h"

/* What is in the line, less the blanks at its end. */
static void end_line(struct wrap_sink *w)
{
	while (w->len && w->line[w->len - 1] == ' ')
		w->len--;
	sink_put(w->to, w->line, w->len);
	sink_put(w->to, "\n", 1);
	w->len = w->indent = 0;
}

static size_t leading_blanks(const struct wrap_sink *w)
{
	size_t n = 0;

	while (n < w->len && w->line[n] == ' ')
		n++;
	return n;
}

#define MORE_INDENT	4

/* The line is too long by one: its last word, if it has another, goes to the
 * next. */
static void break_line(struct wrap_sink *w)
{
	size_t least = leading_blanks(w), at = w->len, indent, rest;
	char word[WRAP_MOST + 1];

	while (at > least && w->line[at - 1] != ' ')
		at--;
	if (at <= least)
		at = w->columns;
	rest = w->len - at;
	memcpy(word, w->line + at, rest);
	indent = w->indent ? w->indent : least + MORE_INDENT;
	if (indent + rest > w->columns)
		indent = 0;
	w->len = at;
	end_line(w);
	memset(w->line, ' ', indent);
	memcpy(w->line + indent, word, rest);
	w->indent = indent;
	w->len = indent + rest;
}

static void put_char(struct wrap_sink *w, char c)
{
	if (w->len > w->columns) {		/* by a blank */
		if (c == ' ')
			return;
		break_line(w);
	}
	w->line[w->len++] = c;
	if (w->len > w->columns && c != ' ')
		break_line(w);
}

static bool put_wrapped(struct sink *s, const char *bytes, size_t len)
{
	struct wrap_sink *w = (struct wrap_sink *)s;

	for (; len; len--, bytes++)
		if (*bytes == '\n')
			end_line(w);
		else
			put_char(w, *bytes);
	return !w->to->failed;
}

struct wrap_sink wrap_sink_of(struct sink *to, size_t columns)
{
	return (struct wrap_sink){ .sink = { .put = put_wrapped }, .to = to,
				   .columns = columns < WRAP_MOST ? columns : WRAP_MOST };
}

struct wrap_sink wrap_sink(struct sink *to)
{
	return wrap_sink_of(to, WRAP_COLUMNS);
}
