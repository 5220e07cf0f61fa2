/* SPDX-License-Identifier: GPL-2.0-only */
/* Members of a JSON object, and the complaint where one is not as it must be. */
#include <stdarg.h>
#include <stdio.h>
#include "member.h"

void complain(struct complaint *c, const char *format, ...)
{
	va_list args;
	int at;

	if (c->text[0])
		return;
	at = snprintf(c->text, sizeof(c->text), "%s: %s%s", c->path, c->where,
		      c->where[0] ? ": " : "");
	if (at < 0 || (size_t)at >= sizeof(c->text))
		return;
	va_start(args, format);
	vsnprintf(c->text + at, sizeof(c->text) - (size_t)at, format, args);
	va_end(args);
}

/* Every mend is the same: such a file is no report of the application. */
static void wrong(struct complaint *c, const json_t *o, const char *key,
		  const char *type)
{
	complain(c, "\"%s\" %s; the file is damaged, or not the application's: "
		 "copy it from the stick again", key,
		 json_object_get(o, key) ? type : "is missing");
}

const char *need_text(struct complaint *c, const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	if (!text)
		wrong(c, o, key, "is not a string");
	return text ? text : "";
}

int64_t need_count(struct complaint *c, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_integer(v) || json_integer_value(v) < 0) {
		wrong(c, o, key, "is not a number of 0 or more");
		return 0;
	}
	return json_integer_value(v);
}

const json_t *need_list(struct complaint *c, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_array(v))
		return v;
	wrong(c, o, key, "is not a list");
	return NULL;
}

const json_t *need_object(struct complaint *c, const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_object(v))
		return v;
	wrong(c, o, key, "is not an object");
	return NULL;
}

const char *text_in(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

uint64_t number_in(const json_t *o, const char *key)
{
	return (uint64_t)json_integer_value(json_object_get(o, key));
}
