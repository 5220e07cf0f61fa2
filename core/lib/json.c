/* SPDX-License-Identifier: GPL-2.0-only */
/* Writing JSON, see json.h. */
#include "lib/json.h"
#include "lib/number.h"

void json_item(struct json *j)
{
	if (!j->first)
		sink_put(j->s, ",", 1);
	j->first = false;
	sink_put(j->s, "\n", 1);
}

/* Within a string. */
static void put_escaped(struct json *j, const char *v, size_t len)
{
	for (; len; len--, v++) {
		unsigned char c = (unsigned char)*v;

		if (c == '"' || c == '\\')
			sink_printf(j->s, "\\%c", c);
		else if (c < ' ' || c > '~')
			sink_printf(j->s, "\\u%04x", c);
		else
			sink_put(j->s, v, 1);
	}
}

void json_string(struct json *j, const char *v)
{
	sink_put(j->s, "\"", 1);
	for (; *v; v++)
		put_escaped(j, v, 1);
	sink_put(j->s, "\"", 1);
}

static bool put_part(struct sink *s, const char *bytes, size_t len)
{
	struct json_string_sink *part = (struct json_string_sink *)s;

	put_escaped(part->j, bytes, len);
	return !part->j->s->failed;
}

struct json_string_sink json_text_open(struct json *j, const char *key)
{
	json_key(j, key);
	sink_put(j->s, "\"", 1);
	return (struct json_string_sink){ { .put = put_part }, j };
}

void json_text_close(struct json_string_sink *part)
{
	part->j->s->failed |= part->sink.failed;
	sink_put(part->j->s, "\"", 1);
}

void json_key(struct json *j, const char *key)
{
	json_item(j);
	json_string(j, key);
	sink_put(j->s, ": ", 2);
}

void json_open(struct json *j, const char *key, const char *bracket)
{
	if (key)
		json_key(j, key);
	else
		json_item(j);
	sink_put(j->s, bracket, 1);
	j->first = true;
}

void json_close(struct json *j, const char *bracket)
{
	sink_put(j->s, "\n", 1);
	sink_put(j->s, bracket, 1);
	j->first = false;
}

void json_text(struct json *j, const char *key, const char *v)
{
	json_key(j, key);
	json_string(j, v);
}

void json_number(struct json *j, const char *key, uint64_t v)
{
	json_key(j, key);
	sink_printf(j->s, "%llu", (unsigned long long)v);
}

void json_micro(struct json *j, const char *key, int64_t v, unsigned decimals)
{
	char t[32];

	json_key(j, key);
	sink_printf(j->s, "%s", micro_text(t, sizeof(t), v, decimals));
}

void json_bool(struct json *j, const char *key, bool v)
{
	json_key(j, key);
	sink_printf(j->s, v ? "true" : "false");
}
