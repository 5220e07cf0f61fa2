/* SPDX-License-Identifier: GPL-2.0-only */
/* Configurations as files: at random, the stick's own, and the page about them. */
#include "configs.h"

/* Random bytes, and good files with some: never more than a refusal, and what
 * is accepted is within its limits. */

static bool names_in_limits(const char *names)
{
	char name[CONFIG_NAME_MAX + 1];
	unsigned n = 0;

	if (!memchr(names, '\0', CONFIG_NAMES_ROOM))
		return false;
	while (config_name(names, n, name))
		n++;
	return n || !strcmp(names, "none");
}

static bool all_below(const struct set *s, unsigned count)
{
	for (unsigned i = count; i < SET_WORDS * 32; i++)
		if (s->bits[i / 32] >> i % 32 & 1)
			return false;
	return true;
}

static bool in_limits(const struct config *c)
{
	bool in = true;

#define NUMBER(key, preset, lowest, highest, what)			\
	in &= c->key + 1ull > (lowest) && c->key <= (highest);
#define SET(key, list, preset, what)					\
	in &= !set_is_empty(&c->key) && all_below(&c->key, list##_count);
#define CHOICE(key, list, preset, what)	in &= c->key < list##_count;
#define NAMES(key, preset, what)	in &= names_in_limits(c->key);
#define PERCENT(key, preset, lowest, highest, what) \
	NUMBER(key, preset, lowest, highest, what)
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
	return in;
}

static size_t random_file(char *bytes, size_t room)
{
	struct memory_sink m = memory_sink(bytes, room);
	struct config c;
	size_t len;

	if (!rnd(3)) {
		len = rnd((uint32_t)room);
		for (size_t i = 0; i < len; i++)
			bytes[i] = (char)rnd(256);
		return len;
	}
	random_config(&c);
	config_print(&c, &m.sink);
	for (unsigned n = rnd(4); n; n--)
		bytes[rnd((uint32_t)m.len)] = "\0\n= #\t\r0x\xff"[rnd(10)];
	return rnd(2) ? m.len : rnd((uint32_t)m.len);
}

static void test_fuzz(void)
{
	unsigned i, read = 0;
	char bytes[CONFIG_PRINTED_ROOM];

	for (i = 0; i < 100000; i++) {
		size_t len = random_file(bytes, sizeof(bytes));
		struct config c, before;
		struct config_error e;
		bool good;

		config_preset(&c);
		before = c;
		good = parse(&c, bytes, len, &e);
		before.exit = good ? before.exit : c.exit;
		read += good;
		if (!in_limits(&c) || (!good && (!same(&before, &c) || !e.line
						 || !e.text[0])))
			break;
	}
	ok(i == 100000, "%u random files", i);
	ok(read > 10000 && read < 90000, "of which %u were good", read);
}

static bool key_differs(const struct config *a, const struct config *b,
			  const char *name)
{
#define NUMBER(key, preset, lowest, highest, what)			\
	if (!strcmp(name, #key))					\
		return a->key != b->key;
#define SET(key, list, preset, what)					\
	if (!strcmp(name, #key))					\
		return !set_equal(&a->key, &b->key);
#define CHOICE(key, list, preset, what)	NUMBER(key, 0, 0, 0, what)
#define NAMES(key, preset, what)					\
	if (!strcmp(name, #key))					\
		return strcmp(a->key, b->key);
#define PERCENT(key, preset, lowest, highest, what) \
	NUMBER(key, preset, lowest, highest, what)
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
	return true;
}

/* "# key = value" at the beginning of a line: is that the preset? */
static bool shows_preset(const char *bytes, const char *key)
{
	struct config want, got;
	char line[80] = "\n# ";
	struct config_error e;
	const char *at;
	size_t end;

	strcat(strcat(line, key), " = ");
	at = strstr(bytes, line);
	if (!at)
		return false;
	at += strlen("\n# ");
	config_preset(&want);
	memset(&got, 0x5a, sizeof(got));
	/* What is said of it comes after two blanks, or on the next line. */
	end = strcspn(at, "\n");
	for (size_t i = strlen(line) - 3; i < end; i++)
		if (at[i] == ' ' && at[i + 1] == ' ')
			end = i;
	return parse(&got, at, end, &e) && !key_differs(&want, &got, key);
}

/* The stick's own file: the presets, and every key with its preset in the comments. */
static void test_stick(void)
{
	static char bytes[8192];
	FILE *f = fopen("disk/parapatch.cfg", "r");
	size_t len = f ? fread(bytes, 1, sizeof(bytes) - 1, f) : 0;
	struct config want, got;
	struct config_error e;

	if (f)
		fclose(f);
	config_preset(&want);
	got = want;
	ok(len && parse(&got, bytes, len, &e) && same(&want, &got),
	   "disk/parapatch.cfg: the presets");
#define NUMBER(key, preset, lowest, highest, what) \
	ok(shows_preset(bytes, #key), "disk/parapatch.cfg shows the preset of " #key);
#define SET(key, list, preset, what)	NUMBER(key, 0, 0, 0, what)
#define CHOICE(key, list, preset, what)	NUMBER(key, 0, 0, 0, what)
#define NAMES(key, preset, what)	NUMBER(key, 0, 0, 0, what)
#define PERCENT(key, preset, lowest, highest, what) \
	NUMBER(key, preset, lowest, highest, what)
#include "list/config.def"
#undef PERCENT
#undef NUMBER
#undef SET
#undef CHOICE
#undef NAMES
}

static const char *whole_file(const char *path)
{
	static char bytes[65536];
	FILE *f = fopen(path, "r");
	size_t len = f ? fread(bytes, 1, sizeof(bytes) - 1, f) : 0;

	if (f)
		fclose(f);
	bytes[len] = '\0';
	return bytes;
}

/* The page's table has a row for every key, as the program has it. */
static void test_page(void)
{
	const char *page = whole_file("docs/configuration.md");
	struct config preset;

	config_preset(&preset);
	for (unsigned k = 0; k < CONFIG_KEYS; k++) {
		char row[2000];
		struct memory_sink m = memory_sink(row, sizeof(row) - 1);

		sink_printf(&m.sink, "\n| `%s` | ", config_key_name(k));
		sink_printf(&m.sink, "%s | ", config_key_what(k));
		config_print_takes(k, &m.sink);
		sink_printf(&m.sink, " | ");
		if (config_has_all(&preset, k))
			sink_printf(&m.sink, "all");
		else
			config_print_value(&preset, k, &m.sink);
		sink_printf(&m.sink, " |\n");
		row[m.len] = '\0';
		if (!ok(strstr(page, row), "docs/configuration.md has %s", config_key_name(k)))
			diag("its row is:%s", row);
	}
}

int main(void)
{
	test_stick();
	test_page();
	test_fuzz();
	return done();
}
