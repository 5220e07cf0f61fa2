/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing JSON to a sink: indented by nothing, a line an item. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdint.h>
#include "lib/sink.h"

/* The one place that knows where a comma goes: before every item but the first
 * of its object or list. */
struct json {
	struct sink *s;
	bool first;		/* true right after json_open() */
};

/* Begins an item of a list: its value follows. */
void json_item(struct json *j);
/* Begins an item of an object: its value follows. */
void json_key(struct json *j, const char *key);

/**
 * json_open - begin an object or a list; json_close() ends it.
 * @key:     NULL within a list.
 * @bracket: "{" or "[".
 */
void json_open(struct json *j, const char *key, const char *bracket);
void json_close(struct json *j, const char *bracket);

/* A value by itself.  What is not printable ASCII becomes \\u00xx. */
void json_string(struct json *j, const char *v);

/* An item of an object whose text is put piece by piece, of any length: whatever goes
 * to the sink, until json_text_close(). */
struct json_string_sink {
	struct sink sink;
	struct json *j;
};
struct json_string_sink json_text_open(struct json *j, const char *key);
void json_text_close(struct json_string_sink *part);

/* An item of an object. */
void json_text(struct json *j, const char *key, const char *v);
void json_number(struct json *j, const char *key, uint64_t v);
/* Millionths, as a decimal number with so many decimals. */
void json_micro(struct json *j, const char *key, int64_t v, unsigned decimals);
void json_bool(struct json *j, const char *key, bool v);

#endif
