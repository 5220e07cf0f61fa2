/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading the configuration, see config.h and config.def. */
#include "plan/cell.h"
#include "config/config.h"
#include "config/encoding.h"
#include "lib/mem.h"
#include "lib/sink.h"

/* A list of names that a key takes its values from. */
struct names {
	const char *const *name;
	unsigned count;
};

static const char *const workload_names[] = {
#define WORKLOAD(name, ...) #name,
#include "list/workload.def"
#undef WORKLOAD
};
static const char *const convention_names[] = {
#define CONVENTION(name, ...) #name,
#include "list/convention.def"
#undef CONVENTION
};
static const char *const mode_names[] = {
#define MODE(name, ...) #name,
#include "list/mode.def"
#undef MODE
};
static const char *const layout_names[] = {
#define LAYOUT(name, ...) #name,
#include "list/layout.def"
#undef LAYOUT
};
static const char *const state_names[] = {
#define STATE(name, ...) #name,
#include "list/state.def"
#undef STATE
};
static const char *const plan_names[] = {
	[PLAN_DEFAULT] = "default", [PLAN_FULL] = "full",
};
static const char *const patching_names[] = {
	[PATCHING_BOTH] = "both",
#define WAY(name, what) #name,
#include "list/torture_way.def"
#undef WAY
};
static const char *const backend_names[] = {
#define BACKEND(name, ...) #name,
#include "list/backend.def"
#undef BACKEND
};

/* Those that cells may ask for: they are the first of the list, so that a name's
 * number is its padding's. */
#define TIMED_1(name) #name,
#define TIMED_0(name)
static const char *const padding_names[] = {
#define PADDING(name, timed, what) TIMED_##timed(name)
#include "list/padding.def"
#undef PADDING
};
#define PADDING(name, timed, what) \
	_Static_assert(timed == (PADDING_##name < sizeof(padding_names) \
		       / sizeof(padding_names[0])), #name " is not in its place");
#include "list/padding.def"
#undef PADDING

static const char *const on_off_names[] = { "off", "on" };
static const char *const text_names[] = {
	[TEXT_FOUND] = "found", [TEXT_READONLY] = "readonly",
};
static const char *const exit_names[] = {
	[EXIT_KEY] = "key", [EXIT_RETURN] = "return",
	[EXIT_SHUTDOWN] = "shutdown", [EXIT_DEBUG] = "debug-exit",
	[EXIT_BOCHS] = "bochs-exit",
};

/* Each list of a set fits into one. */
#define NUMBER(key, preset, lowest, highest, what)
#define SET(key, list, preset, what) \
	SET_HOLDS(sizeof(list##_names) / sizeof(list##_names[0]));
#define CHOICE(key, list, preset, what)
#define NAMES(key, preset, what)
#include "list/config.def"
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE

#define NAMES_OF(list) { list##_names, sizeof(list##_names) / sizeof(list##_names[0]) }

enum kind { KIND_NUMBER, KIND_SET, KIND_CHOICE, KIND_NAMES };

static const struct key {
	const char *name, *what;
	enum kind kind;
	size_t at;			/* offset in struct config */
	uint32_t preset, lowest, highest;
	struct names names;
	const char *preset_names;
} keys[] = {
#define NUMBER(key, preset, lowest, highest, what) \
	{ #key, what, KIND_NUMBER, offsetof(struct config, key), \
	  preset, lowest, highest, { NULL, 0 }, NULL },
#define SET(key, list, preset, what) \
	{ #key, what, KIND_SET, offsetof(struct config, key), \
	  0, 0, 0, NAMES_OF(list), preset },
#define CHOICE(key, list, preset, what) \
	{ #key, what, KIND_CHOICE, offsetof(struct config, key), \
	  preset, 0, 0, NAMES_OF(list), NULL },
#define NAMES(key, preset, what) \
	{ #key, what, KIND_NAMES, offsetof(struct config, key), \
	  0, 0, 0, { NULL, 0 }, preset },
#include "list/config.def"
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))
_Static_assert(KEYS == CONFIG_KEYS, "the keys are numbered as they are listed");

static size_t text_length(const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	return n;
}

/* A run of bytes, [at, end). */
struct span {
	const char *at, *end;
};

static uint32_t *value_of(const struct key *k, struct config *c)
{
	return (uint32_t *)((char *)c + k->at);
}

static char *names_value(const struct key *k, struct config *c)
{
	return (char *)c + k->at;
}

static struct set *set_value(const struct key *k, struct config *c)
{
	return (struct set *)((char *)c + k->at);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct span trim(struct span s)
{
	while (s.at < s.end && blank(*s.at))
		s.at++;
	while (s.at < s.end && blank(s.end[-1]))
		s.end--;
	return s;
}

/* The part of *s before the first @stop, or all of it; *s becomes the rest. */
static struct span cut(struct span *s, char stop)
{
	struct span head = { s->at, s->at };

	while (head.end < s->end && *head.end != stop)
		head.end++;
	s->at = head.end < s->end ? head.end + 1 : s->end;
	return head;
}

static bool is(struct span s, const char *name)
{
	size_t i;

	for (i = 0; s.at + i < s.end; i++)
		if (!name[i] || name[i] != s.at[i])
			return false;
	return !name[i];
}

/* How much of what is wrong is shown. */
#define SHOWN		40
#define CUT		"..."

/* A character as people can tell it: what is not printable ASCII by its number. */
static size_t show_char(char *to, size_t room, const char *at, size_t len,
			size_t *taken)
{
	uint32_t c;
	size_t n = utf_8_char(at, len, &c);

	*taken = n ? n : 1;
	if (!n)
		return text_format(to, room, "<byte %02X>", (unsigned char)*at);
	if (c >= ' ' && c <= '~')
		return text_format(to, room, "%c", (int)c);
	return text_format(to, room, "<U+%04X>", (unsigned)c);
}

static void show(struct sink *to, struct span s)
{
	char one[16];
	size_t shown = 0, taken, n;

	sink_put(to, "\"", 1);
	for (; s.at < s.end; s.at += taken, shown += n) {
		n = show_char(one, sizeof(one), s.at, (size_t)(s.end - s.at), &taken);
		if (shown + n > SHOWN)
			break;
		sink_put(to, one, n);
	}
	sink_put(to, "\"", 1);
	if (s.at < s.end)
		sink_put(to, CUT, sizeof(CUT) - 1);
}

/* Begins to say what is wrong with a span; the mend is to follow. */
static struct memory_sink wrong(struct config_error *e, const char *what, struct span s)
{
	struct memory_sink m = memory_sink(e->text, sizeof(e->text) - sizeof(CUT));

	sink_printf(&m.sink, "%s ", what);
	show(&m.sink, s);
	sink_put(&m.sink, "; ", 2);
	return m;
}

/* Ends it; a mark where not all had room. */
static bool end_wrong(struct memory_sink *m)
{
	memcpy(m->bytes + m->len, m->sink.failed ? CUT : "", m->sink.failed ? sizeof(CUT) : 1);
	return false;
}

static void join(struct sink *to, const struct names *n)
{
	for (unsigned i = 0; i < n->count; i++)
		sink_printf(to, "%s%s", i ? ", " : "", n->name[i]);
}

void config_error_make(struct config_error *e, unsigned line, const char *what,
		       const char *shown, size_t len, const char *mend)
{
	struct memory_sink m = wrong(e, what, (struct span){ shown, shown + len });

	e->line = line;
	sink_text(&m.sink, mend);
	end_wrong(&m);
}

static bool parse_number(const struct key *k, struct span v, uint32_t *out,
			 struct config_error *e)
{
	uint64_t n = 0;
	const char *p;
	struct memory_sink m;

	for (p = v.at; p < v.end && *p >= '0' && *p <= '9' && n <= k->highest; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (p == v.at || p < v.end || n < k->lowest || n > k->highest) {
		m = wrong(e, "bad number", v);
		sink_printf(&m.sink, "%s takes a whole number from %u to %u",
			    k->name, (unsigned)k->lowest, (unsigned)k->highest);
		return end_wrong(&m);
	}
	*out = (uint32_t)n;
	return true;
}

static int find_name(const struct names *n, struct span s)
{
	for (unsigned i = 0; i < n->count; i++)
		if (is(s, n->name[i]))
			return (int)i;
	return -1;
}

static bool unknown_name(const struct key *k, struct span s,
			 struct config_error *e)
{
	struct memory_sink m = wrong(e, "unknown name", s);

	sink_printf(&m.sink, "%s takes %s", k->name,
		    k->kind == KIND_SET ? "all or some of " : "one of ");
	join(&m.sink, &k->names);
	return end_wrong(&m);
}

static bool parse_choice(const struct key *k, struct span v, uint32_t *out,
			 struct config_error *e)
{
	int i = find_name(&k->names, v);

	if (i < 0)
		return unknown_name(k, v, e);
	*out = (uint32_t)i;
	return true;
}

/* The part of *s before the first blank, or all of it; *s becomes the rest. */
static struct span cut_word(struct span *s)
{
	struct span head = { s->at, s->at };

	while (head.end < s->end && !blank(*head.end))
		head.end++;
	s->at = head.end;
	return head;
}

/* Names between blanks. */
static bool parse_set(const struct key *k, struct span v, struct set *out,
		      struct config_error *e)
{
	const struct set all = set_below(k->names.count);
	struct set read = { { 0 } };

	for (v = trim(v); v.at < v.end; v = trim(v)) {
		struct span word = cut_word(&v);
		int i = find_name(&k->names, word);

		if (is(word, "all"))
			set_unite(&read, &all);
		else if (i < 0)
			return unknown_name(k, word, e);
		else
			set_add(&read, (unsigned)i);
	}
	if (set_is_empty(&read))
		return unknown_name(k, v, e);
	*out = read;
	return true;
}

static bool is_file_name(struct span s)
{
	if (s.at == s.end || s.end - s.at > CONFIG_NAME_MAX)
		return false;
	for (; s.at < s.end; s.at++)
		if (!((*s.at >= 'a' && *s.at <= 'z') || (*s.at >= 'A' && *s.at <= 'Z')
		      || (*s.at >= '0' && *s.at <= '9') || *s.at == '_'
		      || *s.at == '-'))
			return false;
	return true;
}

static bool bad_names(const struct key *k, struct span s, struct config_error *e)
{
	struct memory_sink m = wrong(e, "bad names", s);

	sink_printf(&m.sink, "%s takes none, all, or names of files: of letters, digits, _ and -, %u at most, %u in all",
		    k->name, CONFIG_NAME_MAX, CONFIG_NAMES_ROOM - 1);
	return end_wrong(&m);
}

/* none, all, or names of files: kept as they are, a blank between two. */
static bool parse_names(const struct key *k, struct span v, char *out,
			struct config_error *e)
{
	struct span rest = trim(v), all = rest;
	char read[CONFIG_NAMES_ROOM];
	size_t len = 0;

	while (rest.at < rest.end) {
		struct span word = cut_word(&rest);
		size_t n = (size_t)(word.end - word.at), gap = len ? 1 : 0;

		rest = trim(rest);
		if (!is_file_name(word) || len + gap + n >= sizeof(read)
		    || ((is(word, "none") || is(word, "all"))
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
	struct span rest = { names, names + text_length(names) }, word;

	if (is(rest, "none"))
		return false;
	do {
		rest = trim(rest);
		word = cut_word(&rest);
	} while (i-- && word.at < word.end);
	if (word.at == word.end)
		return false;
	memcpy(to, word.at, (size_t)(word.end - word.at));
	to[word.end - word.at] = '\0';
	return true;
}

/* A set's preset is as a file would have it. */
static void preset(const struct key *k, struct config *c)
{
	const char *names = k->preset_names;
	struct config_error none;

	switch (k->kind) {
	case KIND_NUMBER:
	case KIND_CHOICE:
		*value_of(k, c) = k->preset;
		return;
	case KIND_SET:
		parse_set(k, (struct span){ names, names + text_length(names) },
			  set_value(k, c), &none);
		return;
	case KIND_NAMES:
		memset(names_value(k, c), 0, CONFIG_NAMES_ROOM);
		text_format(names_value(k, c), CONFIG_NAMES_ROOM, "%s", names);
		return;
	}
}

void config_preset(struct config *c)
{
	for (const struct key *k = keys; k < keys + KEYS; k++)
		preset(k, c);
	memset(c->from, 0, sizeof(c->from));
}

static bool parse_value(const struct key *k, struct span v, struct config *c,
			struct config_error *e)
{
	uint32_t *out = value_of(k, c);

	switch (k->kind) {
	case KIND_NUMBER:
		return parse_number(k, v, out, e);
	case KIND_SET:
		return parse_set(k, v, set_value(k, c), e);
	case KIND_CHOICE:
		return parse_choice(k, v, out, e);
	case KIND_NAMES:
		return parse_names(k, v, names_value(k, c), e);
	}
	return false;
}

static bool unknown_key(struct span key, struct config_error *e)
{
	const char *name[KEYS];
	struct names n = { name, KEYS };
	struct memory_sink m = wrong(e, "unknown key", key);

	for (unsigned i = 0; i < KEYS; i++)
		name[i] = keys[i].name;
	sink_printf(&m.sink, "keys are ");
	join(&m.sink, &n);
	return end_wrong(&m);
}

static bool no_setting(struct span text, struct config_error *e)
{
	struct memory_sink m = wrong(e, "not a setting:", text);

	sink_printf(&m.sink, "write key = value");
	return end_wrong(&m);
}

static const struct key *find_key(struct span name)
{
	for (const struct key *k = keys; k < keys + KEYS; k++)
		if (is(name, k->name))
			return k;
	return NULL;
}

/* "key = value", blanks around it taken off. */
static bool parse_setting(struct config *c, struct span text,
			  struct config_origin from, struct config_error *e)
{
	struct span rest = text, key = trim(cut(&rest, '='));
	const struct key *k = find_key(key);

	e->line = from.at;
	if (key.end == text.end)
		return no_setting(text, e);
	if (!k)
		return unknown_key(key, e);
	if (!parse_value(k, trim(rest), c, e))
		return false;
	c->from[k - keys] = from;
	return true;
}

bool config_set(struct config *c, const char *text, size_t len,
		struct config_origin from, struct config_error *e)
{
	return parse_setting(c, trim((struct span){ text, text + len }), from, e);
}

enum config_key config_key_of(const char *name, size_t len, bool *many)
{
	const struct key *k = find_key((struct span){ name, name + len });

	if (!k)
		return CONFIG_KEYS;
	if (many)
		*many = k->kind == KIND_SET || k->kind == KIND_NAMES;
	return (enum config_key)(k - keys);
}

static bool parse_line(struct config *c, struct span line, unsigned number,
		       struct config_error *e)
{
	struct span text = trim(cut(&line, '#'));

	return text.at == text.end
		|| parse_setting(c, text, (struct config_origin){ FROM_FILE, number }, e);
}

/* After a bad line: the other lines' word on how to end. */
static void take_exit(struct config *c, struct config *read, struct span rest,
		      unsigned line)
{
	struct config_error ignored;

	for (; rest.at < rest.end; line++)
		parse_line(read, cut(&rest, '\n'), line, &ignored);
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
		if (!parse_line(&read, cut(&rest, '\n'), line, e)) {
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

static void print_set(struct sink *s, const struct names *n, const struct set *set)
{
	bool any = false;

	for (unsigned i = 0; i < n->count; i++)
		if (set_has(set, i)) {
			sink_printf(s, "%s%s", any ? " " : "", n->name[i]);
			any = true;
		}
}

void config_print_value(const struct config *c, enum config_key key, struct sink *s)
{
	const struct key *k = &keys[key];
	const char *at = (const char *)c + k->at;
	const uint32_t *v = (const uint32_t *)at;

	switch (k->kind) {
	case KIND_NUMBER:
		sink_printf(s, "%u", (unsigned)*v);
		return;
	case KIND_SET:
		print_set(s, &k->names, (const struct set *)at);
		return;
	case KIND_CHOICE:
		sink_printf(s, "%s", k->names.name[*v]);
		return;
	case KIND_NAMES:
		sink_printf(s, "%s", at);
		return;
	}
}

const char *config_key_name(enum config_key key)
{
	return keys[key].name;
}

void config_print(const struct config *c, struct sink *s)
{
	for (unsigned k = 0; k < CONFIG_KEYS; k++) {
		sink_printf(s, "%s = ", keys[k].name);
		config_print_value(c, k, s);
		sink_printf(s, "\n");
	}
}

void config_print_takes(enum config_key key, struct sink *s)
{
	const struct key *k = &keys[key];

	switch (k->kind) {
	case KIND_NUMBER:
		sink_printf(s, "a whole number from %u to %u", (unsigned)k->lowest,
			    (unsigned)k->highest);
		return;
	case KIND_SET:
		sink_printf(s, "all, or some of ");
		break;
	case KIND_CHOICE:
		sink_printf(s, "one of ");
		break;
	case KIND_NAMES:
		sink_printf(s, "none, all, or names");
		return;
	}
	join(s, &k->names);
}

bool config_is_all(const struct config *c, enum config_key key)
{
	const struct key *k = &keys[key];
	const struct set all = set_below(k->names.count);

	return k->kind == KIND_SET
		&& set_equal((const struct set *)((const char *)c + k->at), &all);
}

const char *config_key_what(enum config_key key)
{
	return keys[key].what;
}
