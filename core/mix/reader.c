/* SPDX-License-Identifier: GPL-2.0-only */
/* JSON by tokens, by jsmn (Debian's libjsmn-dev), see reader.h. */
#include "lib/mem.h"
#include "lib/sink.h"
#include "lib/string.h"
#include "reader.h"

#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>

_Static_assert(sizeof(jsmntok_t) * MIX_TOKENS_MAX <= MIX_TOKENS_BYTES, "room for the tokens");

/* Digits of a number: their sums have room. */
#define DIGITS_MAX	15

static const jsmntok_t *token_of(const struct reader *r, int i)
{
	return (const jsmntok_t *)r->tokens + i;
}

static bool fail_at(const struct reader *r, size_t at, const char *what, const char *wrong)
{
	struct mix_error *e = r->e;

	*e = (struct mix_error){ .line = 1, .column = 1 };
	for (size_t i = 0; i < at && i < r->len; i++) {
		e->column = r->bytes[i] == '\n' ? 1 : e->column + 1;
		e->line += r->bytes[i] == '\n';
	}
	text_format(e->text, sizeof(e->text), "%s %s", what, wrong);
	return false;
}

bool reader_fail(const struct reader *r, int token, const char *what, const char *wrong)
{
	const int at = token < 0 ? LACKED_BY(token) : token;

	return fail_at(r, (size_t)token_of(r, at)->start, what, wrong);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Jsmn takes what follows the object as another one. */
static bool is_one_object(const struct reader *r)
{
	size_t end;

	if (!r->count || token_of(r, 0)->type != JSMN_OBJECT)
		return fail_at(r, 0, "it", "is no mix: a mix is a JSON object");
	end = (size_t)token_of(r, 0)->end;
	while (end < r->len && is_blank(r->bytes[end]))
		end++;
	return end == r->len || fail_at(r, end, "something", "follows the end");
}

/* Jsmn takes a list of any items, with commas or without, for an object. */
static bool are_members(const struct reader *r)
{
	for (int i = 0; i < r->count; i++) {
		const jsmntok_t *t = token_of(r, i);
		bool member = t->parent >= 0 && token_of(r, t->parent)->type == JSMN_OBJECT;

		if (member && (t->type != JSMN_STRING || t->size != 1))
			return reader_fail(r, i, "this", "is no key with a value");
	}
	return true;
}

bool reader_open(struct reader *r, const char *bytes, size_t len, void *tokens,
		 struct mix_error *e)
{
	jsmn_parser p;

	*r = (struct reader){ .bytes = bytes, .len = len, .tokens = tokens, .e = e };
	if (len > MIX_FILE_MAX)
		return fail_at(r, 0, "it", "is too large for a mix");
	jsmn_init(&p);
	r->count = jsmn_parse(&p, bytes, len, tokens, MIX_TOKENS_MAX);
	switch (r->count) {
	case JSMN_ERROR_NOMEM:
		return fail_at(r, p.pos, "it", "has more than there is room for");
	case JSMN_ERROR_INVAL:
		return fail_at(r, p.pos, "this", "is no JSON");
	case JSMN_ERROR_PART:
		return fail_at(r, len, "it", "is cut short: its end is missing");
	}
	return is_one_object(r) && are_members(r);
}

static bool is_text(const struct reader *r, int token, const char *text)
{
	const jsmntok_t *t = token_of(r, token);
	size_t len = (size_t)(t->end - t->start);

	return t->type == JSMN_STRING && len == string_length(text)
		&& !memcmp(r->bytes + t->start, text, len);
}

bool reader_next(const struct reader *r, int of, int *at)
{
	int i = *at == NO_TOKEN ? of + 1 : *at + 1;

	while (i < r->count && token_of(r, i)->parent != of) {
		if (token_of(r, i)->start >= token_of(r, of)->end)
			return false;
		i++;
	}
	*at = i;
	return i < r->count;
}

int reader_get(const struct reader *r, int object, const char *key)
{
	int at = NO_TOKEN;

	if (object < 0)
		return object;
	while (reader_next(r, object, &at))
		if (is_text(r, at, key))
			return reader_value(at);
	return LACKED_BY(object);
}

static bool has_type(const struct reader *r, int token, const char *what, int type,
		     const char *wrong)
{
	if (token < 0)
		return reader_fail(r, token, what, "is missing");
	return (int)token_of(r, token)->type == type || reader_fail(r, token, what, wrong);
}

bool reader_is_object(const struct reader *r, int token, const char *what)
{
	return has_type(r, token, what, JSMN_OBJECT, "is no object");
}

bool reader_is_list(const struct reader *r, int token, const char *what)
{
	return has_type(r, token, what, JSMN_ARRAY, "is no list");
}

static const char no_number[] = "is no whole number below 10^15";

bool reader_number(const struct reader *r, int token, const char *what, uint64_t *to)
{
	const jsmntok_t *t;

	if (!has_type(r, token, what, JSMN_PRIMITIVE, "is no number"))
		return false;
	t = token_of(r, token);
	if (t->end - t->start > DIGITS_MAX)
		return reader_fail(r, token, what, no_number);
	*to = 0;
	for (int i = t->start; i < t->end; i++) {
		if (r->bytes[i] < '0' || r->bytes[i] > '9')
			return reader_fail(r, token, what, no_number);
		*to = *to * 10 + (uint64_t)(r->bytes[i] - '0');
	}
	return true;
}

bool reader_text(const struct reader *r, int token, const char *what, char *to, size_t max)
{
	const jsmntok_t *t;
	size_t len;

	if (!has_type(r, token, what, JSMN_STRING, "is no string"))
		return false;
	t = token_of(r, token);
	len = (size_t)(t->end - t->start);
	if (!len || len > max)
		return reader_fail(r, token, what, "is empty, or longer than may be");
	for (int i = t->start; i < t->end; i++)
		if (r->bytes[i] < ' ' || r->bytes[i] > '~' || r->bytes[i] == '\\')
			return reader_fail(r, token, what, "is not of plain ASCII");
	memcpy(to, r->bytes + t->start, len);
	to[len] = '\0';
	return true;
}
