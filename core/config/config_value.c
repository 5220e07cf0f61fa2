/* SPDX-License-Identifier: GPL-2.0-only */
/* Values, read as their keys take them; the presets too are read so.  See
 * config_value.h. */
#include "config_cpus.h"
#include "config_error.h"
#include "config_value.h"
#include "lib/mem.h"
#include "lib/string.h"

static bool parse_number(const struct key *k, struct span v, uint32_t *out,
			 struct config_error *e)
{
	uint64_t n = 0;
	const char *p;
	struct memory_sink m;

	for (p = v.at; p < v.end && *p >= '0' && *p <= '9' && n <= k->highest; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (p == v.at || p < v.end || n < k->lowest || n > k->highest) {
		m = config_wrong(e, "bad number", v);
		sink_printf(&m.sink, "%s takes a whole number from %u to %u",
			    k->name, (unsigned)k->lowest, (unsigned)k->highest);
		return config_wrong_end(&m);
	}
	*out = (uint32_t)n;
	return true;
}

/* "1%", "0.5%", or without the sign. */
static bool parse_percent(const struct key *k, struct span v, uint32_t *out,
			  struct config_error *e)
{
	uint64_t n = 0;
	const char *p = v.at, *end = v.end;
	bool digits = p < end && *p >= '0' && *p <= '9';
	struct memory_sink m;

	for (; p < end && *p >= '0' && *p <= '9' && n <= k->highest; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	n *= 10;
	if (end - p >= 2 && *p == '.' && p[1] >= '0' && p[1] <= '9') {
		n += (uint64_t)(p[1] - '0');
		p += 2;
	}
	p += p < end && *p == '%';
	if (!digits || p < end || n < k->lowest || n > k->highest) {
		m = config_wrong(e, "bad percentage", v);
		sink_printf(&m.sink, "%s takes ", k->name);
		percents_print(k, &m.sink);
		return config_wrong_end(&m);
	}
	*out = (uint32_t)n;
	return true;
}

static bool unknown_name(const struct key *k, struct span s,
			 struct config_error *e)
{
	struct memory_sink m = config_wrong(e, "unknown name", s);

	sink_printf(&m.sink, "%s takes %s", k->name,
		    k->kind == KIND_SET ? "all or some of " : "one of ");
	names_print(&k->names, &m.sink);
	return config_wrong_end(&m);
}

static bool parse_choice(const struct key *k, struct span v, uint32_t *out,
			 struct config_error *e)
{
	struct span rest = v;
	int i = names_take(&k->names, &rest);

	if (i < 0 || rest.at < rest.end)
		return unknown_name(k, v, e);
	*out = (uint32_t)i;
	return true;
}

/* Names between blanks. */
static bool parse_set(const struct key *k, struct span v, struct set *out,
		      struct config_error *e)
{
	const struct set all = set_below(k->names.all);
	struct set read = { { 0 } };

	for (v = span_trim(v); v.at < v.end; v = span_trim(v)) {
		int i = names_take(&k->names, &v);
		struct span word;

		if (i >= 0) {
			set_add(&read, (unsigned)i);
			continue;
		}
		word = span_word(&v);
		if (!span_is(word, "all"))
			return unknown_name(k, word, e);
		set_unite(&read, &all);
	}
	if (set_is_empty(&read))
		return unknown_name(k, v, e);
	*out = read;
	return true;
}

/* Of a path: folders besides, and dots, but none at the beginning of a name. */
static bool is_file_name(const struct key *k, struct span s)
{
	const bool path = k->highest == NAMES_OF_PATHS;
	char before = '/';

	if (s.at == s.end || s.end - s.at > CONFIG_NAME_MAX)
		return false;
	for (; s.at < s.end; before = *s.at++)
		if (!((*s.at >= 'a' && *s.at <= 'z') || (*s.at >= 'A' && *s.at <= 'Z')
		      || (*s.at >= '0' && *s.at <= '9') || *s.at == '_'
		      || *s.at == '-'
		      || (path && before != '/' && (*s.at == '.' || *s.at == '/'))))
			return false;
	return !path || before != '/';
}

static bool bad_names(const struct key *k, struct span s, struct config_error *e)
{
	struct memory_sink m = config_wrong(e, "bad names", s);

	sink_printf(&m.sink, "%s takes none, all, or names of files: of letters, "
		    "digits, _ and -%s, %u at most, %u in all", k->name,
		    k->highest == NAMES_OF_PATHS ? ", and FOLDER/NAME" : "", CONFIG_NAME_MAX,
		    CONFIG_NAMES_ROOM - 1);
	return config_wrong_end(&m);
}

/* none, all, or names of files: kept as they are, a blank between two. */
static bool parse_names(const struct key *k, struct span v, char *out,
			struct config_error *e)
{
	struct span rest = span_trim(v), all = rest;
	char read[CONFIG_NAMES_ROOM];
	size_t len = 0;

	while (rest.at < rest.end) {
		struct span word = span_word(&rest);
		size_t n = (size_t)(word.end - word.at), gap = len ? 1 : 0;

		rest = span_trim(rest);
		if (!is_file_name(k, word) || len + gap + n >= sizeof(read)
		    || ((span_is(word, "none") || span_is(word, "all"))
			&& (len || rest.at < rest.end)))
			return bad_names(k, word, e);
		memset(read + len, ' ', gap);
		memcpy(read + len + gap, word.at, n);
		len += gap + n;
	}
	if (!len)
		return bad_names(k, all, e);
	memset(out, 0, CONFIG_NAMES_ROOM);
	memcpy(out, read, len);
	return true;
}

bool config_name(const char *names, unsigned i, char *to)
{
	struct span rest = { names, names + string_length(names) }, word;

	if (span_is(rest, "none"))
		return false;
	do {
		rest = span_trim(rest);
		word = span_word(&rest);
	} while (i-- && word.at < word.end);
	if (word.at == word.end)
		return false;
	memcpy(to, word.at, (size_t)(word.end - word.at));
	to[word.end - word.at] = '\0';
	return true;
}

bool config_path_is(const char *name, const char *path)
{
	const size_t n = string_length(name), len = string_length(path);

	if (string_equal(name, "all"))
		return true;
	if (n > len)
		return false;
	return (!memcmp(path, name, n) && (n == len || path[n] == '/'))
		|| (n < len && path[len - n - 1] == '/' && string_equal(path + len - n, name));
}

/* A set's preset is as a file would have it. */
static void preset(const struct key *k, struct config *c)
{
	const char *names = k->preset_names;
	struct config_error none;

	switch (k->kind) {
	case KIND_NUMBER:
	case KIND_PERCENT:
	case KIND_CHOICE:
		*key_number(k, c) = k->preset;
		return;
	case KIND_SET:
		parse_set(k, (struct span){ names, names + string_length(names) },
			  key_set(k, c), &none);
		return;
	case KIND_NAMES:
	case KIND_CPUS:
		memset(key_names(k, c), 0, CONFIG_NAMES_ROOM);
		text_format(key_names(k, c), CONFIG_NAMES_ROOM, "%s", names);
		return;
	}
}

void config_preset(struct config *c)
{
	for (unsigned k = 0; k < CONFIG_KEYS; k++)
		preset(&config_keys[k], c);
	memset(c->from, 0, sizeof(c->from));
}

bool key_parse(const struct key *k, struct span v, struct config *c,
			struct config_error *e)
{
	uint32_t *out = key_number(k, c);

	switch (k->kind) {
	case KIND_NUMBER:
		return parse_number(k, v, out, e);
	case KIND_PERCENT:
		return parse_percent(k, v, out, e);
	case KIND_SET:
		return parse_set(k, v, key_set(k, c), e);
	case KIND_CHOICE:
		return parse_choice(k, v, out, e);
	case KIND_NAMES:
		return parse_names(k, v, key_names(k, c), e);
	case KIND_CPUS:
		return cpus_parse(k, v, key_names(k, c), e);
	}
	return false;
}
