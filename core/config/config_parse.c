/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings and lines of a configuration, see config.h. */
#include "config_error.h"
#include "config_value.h"
#include "lib/mem.h"

static bool unknown_key(struct span key, struct config_error *e)
{
	const char *name[CONFIG_KEYS];
	struct names n = { name, CONFIG_KEYS, CONFIG_KEYS };
	struct memory_sink m = config_wrong(e, "unknown key", key);

	for (unsigned i = 0; i < CONFIG_KEYS; i++)
		name[i] = config_keys[i].name;
	sink_printf(&m.sink, "keys are ");
	names_print(&n, &m.sink);
	return config_wrong_end(&m);
}

static bool no_setting(struct span text, struct config_error *e)
{
	struct memory_sink m = config_wrong(e, "not a setting:", text);

	sink_printf(&m.sink, "write key = value");
	return config_wrong_end(&m);
}

/* "key = value", blanks around it taken off. */
static bool parse_setting(struct config *c, struct span text,
			  struct config_origin from, struct config_error *e)
{
	struct span rest = text, key = span_trim(span_cut(&rest, '='));
	const struct key *k = key_find(key);

	e->line = from.at;
	if (key.end == text.end)
		return no_setting(text, e);
	if (!k)
		return unknown_key(key, e);
	if (!key_parse(k, span_trim(rest), c, e))
		return false;
	c->from[k - config_keys] = from;
	return true;
}

bool config_set(struct config *c, const char *text, size_t len,
		struct config_origin from, struct config_error *e)
{
	return parse_setting(c, span_trim((struct span){ text, text + len }), from, e);
}

static bool parse_line(struct config *c, struct span line, unsigned number,
		       struct config_error *e)
{
	struct span text = span_trim(span_cut(&line, '#'));

	return text.at == text.end
		|| parse_setting(c, text, (struct config_origin){ FROM_FILE, number }, e);
}

/* After a bad line: the other lines' word on how to end. */
static void take_exit(struct config *c, struct config *read, struct span rest,
		      unsigned line)
{
	struct config_error ignored;

	for (; rest.at < rest.end; line++)
		parse_line(read, span_cut(&rest, '\n'), line, &ignored);
	c->exit = read->exit;
	c->from[CONFIG_exit] = read->from[CONFIG_exit];
}

bool config_parse(struct config *c, const char *bytes, size_t len,
		  struct config_error *e)
{
	struct config read = *c;
	struct span rest = { bytes, bytes + len };

	if (len >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		rest.at += 3;
	for (unsigned line = 1; rest.at < rest.end; line++)
		if (!parse_line(&read, span_cut(&rest, '\n'), line, e)) {
			take_exit(c, &read, rest, line + 1);
			return false;
		}
	*c = read;
	return true;
}

void config_parse_exit(struct config *c, const char *bytes, size_t len)
{
	struct config read = *c;

	take_exit(c, &read, (struct span){ bytes, bytes + len }, 1);
}

enum config_key config_key_of(const char *name, size_t len, bool *many)
{
	const struct key *k = key_find((struct span){ name, name + len });

	if (!k)
		return CONFIG_KEYS;
	if (many)
		*many = k->kind == KIND_SET || k->kind == KIND_NAMES
			|| k->kind == KIND_CPUS;
	return (enum config_key)(k - config_keys);
}
