/* SPDX-License-Identifier: GPL-2.0-only */
/* parapatch.cfg: what is read, what is refused and how that is said. */
#include <stdlib.h>
#include <string.h>
#include "plan/cell.h"
#include "backend/backends.h"
#include "config/config.h"
#include "lib/sink.h"
#include "tap.h"
#include "run/torture.h"

#define ALL(count)	((1u << (count)) - 1)

/* Parses a copy that ends where the bytes end, so that the sanitizer sees every
 * step beyond them. */
static bool parse(struct config *c, const char *bytes, size_t len,
		  struct config_error *e)
{
	char *copy = malloc(len ? len : 1);
	bool good;

	memcpy(copy, bytes, len);
	memset(e, 0, sizeof(*e));
	good = config_parse(c, copy, len, e);
	free(copy);
	return good;
}

/* How many names there are of each list of config.def. */
enum {
	workload_count = WORKLOAD_COUNT, convention_count = CONVENTION_COUNT,
	mode_count = MODE_COUNT, layout_count = LAYOUT_COUNT,
	state_count = STATE_COUNT, backend_count = BACKEND_COUNT,
	padding_count = PADDING_poison,		/* which is the last, and not timed */
	plan_count = 2, text_count = 2, on_off_count = 2, exit_count = EXIT_COUNT,
	patching_count = 1 + WAY_COUNT,
};

/* Of the values: whence they are is a matter of its own. */
static bool same(const struct config *a, const struct config *b)
{
	return !memcmp(a, b, offsetof(struct config, from));
}

/* What a file says, as the fields that differ from the presets. */

struct field {
	size_t at;
	uint32_t value;
};
#define F(key, value)	{ offsetof(struct config, key) + 1, value }
#define TEXT(s)		s, sizeof(s) - 1
#define FIELDS		3

static const struct good {
	const char *what, *bytes;
	size_t len;
	struct field field[FIELDS];
} goods[] = {
	{ "an empty file", TEXT(""), { { 0 } } },
	{ "an empty line", TEXT("\n"), { { 0 } } },
	{ "blanks", TEXT(" \t \n\t\n \r\n"), { { 0 } } },
	{ "a comment", TEXT("# offsets = 7\n"), { { 0 } } },
	{ "a number", TEXT("offsets = 7\n"), { F(offsets, 7) } },
	{ "no newline at the end", TEXT("offsets = 7"), { F(offsets, 7) } },
	{ "no blanks", TEXT("offsets=7\n"), { F(offsets, 7) } },
	{ "many blanks", TEXT(" \toffsets\t =\t 7 \t\n"), { F(offsets, 7) } },
	{ "a comment after it", TEXT("offsets = 7# eight\n"), { F(offsets, 7) } },
	{ "CR LF", TEXT("offsets = 7\r\nexit = shutdown\r\n"),
	  { F(offsets, 7), F(exit, EXIT_SHUTDOWN) } },
	{ "CR LF, none at the end", TEXT("offsets = 7\r\nbatches = 8\r"),
	  { F(offsets, 7), F(batches, 8) } },
	{ "a byte order mark", TEXT("\xef\xbb\xbfoffsets = 7\n"), { F(offsets, 7) } },
	{ "a byte order mark alone", TEXT("\xef\xbb\xbf"), { { 0 } } },
	{ "the last one counts", TEXT("offsets = 7\noffsets = 8\n"), { F(offsets, 8) } },
	{ "the lowest", TEXT("gap_us = 1"), { F(gap_us, 1) } },
	{ "a lowest that is 0", TEXT("batches = 7\nbatches = 0"), { F(batches, 0) } },
	{ "the highest", TEXT("pass_ticks = 100000"), { F(pass_ticks, 100000) } },
	{ "zeros in front", TEXT("offsets = 00000000000000000007"), { F(offsets, 7) } },
	{ "one of a set", TEXT("modes = inline"), { F(modes, 1 << MODE_inline) } },
	{ "some of a set", TEXT("modes = inline native"),
	  { F(modes, 1 << MODE_inline | 1 << MODE_native) } },
	{ "tabs between names", TEXT("modes = inline\tnative"),
	  { F(modes, 1 << MODE_inline | 1 << MODE_native) } },
	{ "a key by its other name", TEXT("random_seed = 7"), { F(seed, 7) } },
	{ "the last one counts, by whichever", TEXT("seed = 8\nrandom_seed = 7"),
	  { F(seed, 7) } },
	{ "the same twice", TEXT("modes = inline  inline"), { F(modes, 1 << MODE_inline) } },
	{ "all of a set", TEXT("modes = native\nmodes = all"),
	  { F(modes, ALL(MODE_COUNT)) } },
	{ "all and one more", TEXT("workloads = nop\nworkloads = all save_fl"), { { 0 } } },
	{ "the text", TEXT("text = readonly"), { F(text, TEXT_READONLY) } },
	{ "a choice", TEXT("report = off\nexit = debug-exit"),
	  { F(report, 0), F(exit, EXIT_DEBUG) } },
	{ "all of 32 bits", TEXT("seed = 4294967295"), { F(seed, 4294967295) } },
	{ "backends", TEXT("backends = xen trace"),
	  { F(backends, 1 << BACKEND_xen | 1 << BACKEND_trace) } },
	{ "all backends", TEXT("backends = all"), { F(backends, ALL(BACKEND_COUNT)) } },
	{ "all conventions", TEXT("conventions = all"),
	  { F(conventions, ALL(CONVENTION_COUNT)) } },
	{ "a padding", TEXT("paddings = jump"), { F(paddings, 1 << PADDING_jump) } },
	{ "all paddings but what is a check", TEXT("paddings = all"),
	  { F(paddings, ALL(PADDING_COUNT) & ~(1u << PADDING_poison)) } },
	{ "a plan", TEXT("plan = full"), { F(plan, PLAN_FULL) } },
	{ "a layout", TEXT("layouts = line"), { F(layouts, 1 << LAYOUT_line) } },
	{ "states", TEXT("states = warm cold_code"),
	  { F(states, 1 << STATE_warm | 1 << STATE_cold_code) } },
	{ "many numbers", TEXT("offsets=1\nbatches=1000\npass_ticks=500\n"),
	  { F(offsets, 1), F(batches, 1000), F(pass_ticks, 500) } },
};
#define GOODS (sizeof(goods) / sizeof(goods[0]))

static void test_good(void)
{
	for (const struct good *g = goods; g < goods + GOODS; g++) {
		struct config want, got;
		struct config_error e;

		config_preset(&want);
		config_preset(&got);
		for (unsigned i = 0; i < FIELDS; i++)
			if (g->field[i].at)
				memcpy((char *)&want + g->field[i].at - 1,
				       &g->field[i].value, 4);
		if (!ok(parse(&got, g->bytes, g->len, &e) && same(&want, &got),
			"read: %s", g->what))
			diag("line %u: %s", e.line, e.text);
	}
}

/* What is refused: the line, and the words that name what is wrong, the key and
 * the mend. */
static const struct bad {
	const char *what, *bytes;
	size_t len;
	unsigned line;
	const char *words[3];
} bads[] = {
	{ "an unknown key", TEXT("offset = 7\n"), 1,
	  { "unknown key \"offset\"", "keys are plan, offsets, batches", "exit" } },
	{ "a key that begins as one", TEXT("offsetsx = 7"), 1, { "\"offsetsx\"" } },
	{ "a key in capitals", TEXT("\nOffsets = 7"), 2, { "\"Offsets\"" } },
	{ "no key", TEXT("= 7"), 1, { "unknown key \"\"" } },
	{ "two words for a key", TEXT("the offsets = 7"), 1, { "\"the offsets\"" } },
	{ "half of a name", TEXT("workloads = nop imul"), 1, { "unknown name \"imul\"" } },
	{ "a word behind a name of two", TEXT("workloads = imul chain string"), 1,
	  { "unknown name \"string\"" } },
	{ "a name and more", TEXT("workloads = cli+stix"), 1, { "\"cli+stix\"" } },
	{ "no =", TEXT("# a\n\noffsets 7\n"), 3,
	  { "not a setting: \"offsets 7\"", "write key = value" } },
	{ "no number", TEXT("offsets =\n"), 1,
	  { "bad number \"\"", "offsets takes a whole number from 1 to 16" } },
	{ "a number too low", TEXT("offsets = 0"), 1, { "\"0\"", "from 1 to 16" } },
	{ "a number too high", TEXT("offsets = 17"), 1, { "\"17\"", "offsets" } },
	{ "another too high", TEXT("pass_ticks = 100001"), 1,
	  { "\"100001\"", "from 0 to 100000" } },
	{ "2^32", TEXT("seed = 4294967296"), 1,
	  { "\"4294967296\"", "seed takes a whole number from 0 to 4294967295" } },
	{ "2^32 + 5", TEXT("offsets = 4294967301"), 1, { "bad number" } },
	{ "2^64 + 5", TEXT("offsets = 18446744073709551621"), 1, { "bad number" } },
	{ "a sign", TEXT("offsets = -7"), 1, { "\"-7\"" } },
	{ "a plus", TEXT("offsets = +7"), 1, { "\"+7\"" } },
	{ "hexadecimal", TEXT("offsets = 0x7"), 1, { "\"0x7\"" } },
	{ "a fraction", TEXT("offsets = 7.5"), 1, { "\"7.5\"" } },
	{ "two numbers", TEXT("offsets = 7 8"), 1, { "\"7 8\"" } },
	{ "two =", TEXT("offsets = = 7"), 1, { "\"= 7\"" } },
	{ "a word for a number", TEXT("batches = many"), 1, { "\"many\"", "batches" } },
	{ "an unknown name", TEXT("offsets = 7\r\nmodes = inlined\r\n"), 2,
	  { "unknown name \"inlined\"", "modes takes all or some of native, indirect, inline" } },
	{ "an unknown name among others", TEXT("modes = inline directly native"), 1,
	  { "\"directly\"", "modes" } },
	{ "an unknown backend", TEXT("backends = native vmi"), 1,
	  { "unknown name \"vmi\"", "backends takes all or some of native, xen_smp, xen_up" } },
	{ "a padding that is a check", TEXT("paddings = poison"), 1,
	  { "unknown name \"poison\"", "some of long, prefix, single, jump" } },
	{ "another key that there was", TEXT("backend = native"), 1,
	  { "unknown key \"backend\"", "backends, " } },
	{ "no name", TEXT("modes ="), 1, { "unknown name \"\"", "modes takes" } },
	{ "names with commas", TEXT("modes = inline, native"), 1, { "\"inline,\"" } },
	{ "an unknown choice", TEXT("exit = reboot"), 1,
	  { "\"reboot\"", "exit takes one of key, return, shutdown, debug-exit" } },
	{ "a key that there was", TEXT("rounds = 7"), 1, { "unknown key \"rounds\"" } },
	{ "no names of files", TEXT("modules ="), 1,
	  { "bad names \"\"", "modules takes none, all, or names of files" } },
	{ "none and a file", TEXT("modules = none hot_path"), 1, { "bad names \"none\"" } },
	{ "a file and all", TEXT("modules = hot_path all"), 1, { "bad names \"all\"" } },
	{ "a path", TEXT("modules = ../hot_path"), 1, { "bad names \"../hot_path\"" } },
	{ "a file's whole name", TEXT("modules = hot_path.ko"), 1, { "\"hot_path.ko\"" } },
	{ "a name too long", TEXT("modules = a23456789012345678901234567890123"), 1,
	  { "bad names \"a23456789012345678901234567890123\"", "32 at most" } },
	{ "names too long together",
	  TEXT("modules = a2345678901234567890123456789012 b2345678901234567890123456789012 "
	       "c2345678901234567890123456789012 d2345678901234567890123456789"), 1,
	  { "bad names \"d2", "127 in all" } },
	{ "an unknown plan", TEXT("plan = quick"), 1,
	  { "\"quick\"", "plan takes one of default, full" } },
	{ "an unknown layout", TEXT("layouts = dense spare"), 1,
	  { "\"spare\"", "layouts takes all or some of dense, line, work" } },
	{ "an unknown state", TEXT("states = cold"), 1,
	  { "\"cold\"", "states takes all or some of warm, cold_branch, cold_code" } },
	{ "two choices", TEXT("report = on off"), 1, { "\"on off\"", "one of off, on" } },
	{ "no choice", TEXT("report = # on"), 1, { "report takes" } },
	{ "all for a choice", TEXT("report = all"), 1, { "\"all\"" } },
	{ "control bytes, shown by their numbers", TEXT("\x1b[2J\x07 = 7"), 1,
	  { "\"<U+001B>[2J<U+0007>\"" } },
	{ "characters that are no ASCII", TEXT("r\xc3\xb6unds = 7"), 1,
	  { "\"r<U+00F6>unds\"" } },
	{ "a character beyond 16 bits", TEXT("\xf0\x9f\x92\xa9 = 7"), 1,
	  { "\"<U+1F4A9>\"" } },
	{ "bytes that are no UTF-8", TEXT("r\xf6unds = 7"), 1, { "\"r<byte F6>unds\"" } },
	{ "a surrogate in UTF-8", TEXT("\xed\xa0\x80 = 7"), 1,
	  { "\"<byte ED><byte A0><byte 80>\"" } },
	{ "UTF-8 that is longer than it must be", TEXT("\xc0\xbd = 7"), 1,
	  { "\"<byte C0><byte BD>\"" } },
	{ "UTF-8 that ends too soon", TEXT("seed = 7\xe2\x82"), 1,
	  { "\"7<byte E2><byte 82>\"" } },
	{ "a NUL after a key", TEXT("offsets\0 = 7"), 1, { "\"offsets<U+0000>\"" } },
	{ "NULs after a key", TEXT("exit\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0 = key"), 1,
	  { "unknown key" } },
	{ "a NUL for a key", TEXT("\0 = 7"), 1, { "\"<U+0000>\"" } },
	{ "a NUL after a number", TEXT("offsets = 7\0"), 1, { "\"7<U+0000>\"" } },
	{ "a NUL after a name", TEXT("modes = inline\0"), 1, { "\"inline<U+0000>\"" } },
	{ "a NUL after a choice", TEXT("report = on\0"), 1, { "\"on<U+0000>\"" } },
	{ "a NUL after \"all\"", TEXT("modes = all\0x"), 1, { "\"all<U+0000>x\"" } },
	{ "a byte order mark further on", TEXT("\n\xef\xbb\xbfoffsets = 7"), 2,
	  { "unknown key" } },
	{ "part of a byte order mark", TEXT("\xef\xbb"), 1, { "not a setting" } },
	{ "UTF-16", TEXT("\xff\xfer\0o\0"), 1, { "not a setting" } },
	{ "a key too long to show",
	  TEXT("0123456789012345678901234567890123456789xyz = 1"), 1,
	  { "\"0123456789012345678901234567890123456789\"...; keys" } },
	{ "a character that would be cut",
	  TEXT("012345678901234567890123456789012345\xc3\xb6 = 1"), 1,
	  { "\"012345678901234567890123456789012345\"...; keys" } },
	{ "the first of two bad lines", TEXT("a = 1\nb = 1\n"), 1, { "\"a\"" } },
};
#define BADS (sizeof(bads) / sizeof(bads[0]))

static bool says(const struct bad *b, const struct config_error *e)
{
	for (unsigned i = 0; i < 3; i++)
		if (b->words[i] && !strstr(e->text, b->words[i]))
			return false;
	return e->line == b->line && strstr(e->text, "; ");
}

static void test_bad(void)
{
	for (const struct bad *b = bads; b < bads + BADS; b++) {
		struct config before, got;
		struct config_error e;

		memset(&before, 0x5a, sizeof(before));
		got = before;
		if (!ok(!parse(&got, b->bytes, b->len, &e) && says(b, &e)
			&& same(&before, &got), "refused: %s", b->what))
			diag("line %u: %s", e.line, e.text);
	}
}

/* Every number of the list, at and beyond both of its ends. */

static void test_number(const char *key, size_t at, uint64_t lowest,
			uint64_t highest)
{
	const struct { uint64_t value; bool good; } tries[] = {
		{ lowest - 1, false }, { lowest, true }, { highest, true },
		{ highest + 1, false },
	};

	for (unsigned i = 0; i < 4; i++) {
		char line[80], mend[80];
		struct config_error e;
		struct config c;
		uint32_t got;
		bool good;

		if (tries[i].value == UINT64_MAX)	/* no number is below 0 */
			continue;
		snprintf(line, sizeof(line), "%s = %llu", key,
			 (unsigned long long)tries[i].value);
		snprintf(mend, sizeof(mend), "%s takes a whole number from %llu to %llu",
			 key, (unsigned long long)lowest, (unsigned long long)highest);
		config_preset(&c);
		good = parse(&c, line, strlen(line), &e);
		memcpy(&got, (char *)&c + at, sizeof(got));
		ok(good == tries[i].good
		   && (good ? got == tries[i].value : !!strstr(e.text, mend)),
		   "%s: %s", line, tries[i].good ? "read" : "refused");
	}
}

static bool ends_with(const char *text, const char *end)
{
	return strlen(text) >= strlen(end)
		&& !strcmp(text + strlen(text) - strlen(end), end);
}

/* What to write instead: every name of the list, to the end of the longest. */
static void test_mend(const char *key, const char *const *name, unsigned count)
{
	char line[80];
	struct config_error e;
	struct config c;
	unsigned named = 0;

	snprintf(line, sizeof(line), "%s = 0123456789012345678901234567890123456789",
		 key);
	config_preset(&c);
	ok(!parse(&c, line, strlen(line), &e) && ends_with(e.text, name[count - 1])
	   && strstr(e.text, key), "%s: the mend ends with %s", key, name[count - 1]);
	for (unsigned i = 0; i < count; i++)
		named += strstr(e.text, name[i]) != NULL;
	ok(named == count, "%s: and has all %u names", key, count);
}

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
static const char *const backend_names[] = {
#define BACKEND(name, ...) #name,
#include "list/backend.def"
#undef BACKEND
};
static const char *const padding_names[] = { "long", "prefix", "single", "jump" };
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
static const char *const exit_names[] = {
	"key", "return", "shutdown", "debug-exit", "bochs-exit",
};
#define MEND(key, list) \
	test_mend(key, list, sizeof(list) / sizeof(list[0]))

/* Workloads as the table has them, alone and before another, and with other blanks. */
static void test_shown_names(void)
{
	static const struct { const char *name, *column; } w[] = {
#define WORKLOAD(name, column, ...) { #name, column },
#include "list/workload.def"
#undef WORKLOAD
	};

	for (unsigned i = 0; i < WORKLOAD_COUNT; i++) {
		const char *first = i == WORKLOAD_lfence_rdtsc ? "lfence rdtsc" : w[i].name;
		struct config want, got;
		struct config_error e;
		char line[100];

		config_preset(&want);
		config_preset(&got);
		snprintf(line, sizeof(line), "workloads = %s empty", first);
		parse(&want, line, strlen(line), &e);
		snprintf(line, sizeof(line), "workloads = %s empty", w[i].column);
		ok(parse(&got, line, strlen(line), &e) && same(&want, &got), "%s is %s: %s",
		   w[i].column, first, e.text);
		snprintf(line, sizeof(line), "workloads = empty \t %s", w[i].column);
		for (char *p = line; *p; p++)
			if (*p == ' ' && p > line + 11)
				*p = '\t';
		ok(parse(&got, line, strlen(line), &e) && same(&want, &got), "%s, tabs", line);
	}
}

static void test_keys(void)
{
	struct config_error e;
	struct config c;
	const char *last = "";

#define NUMBER(key, preset, lowest, highest, what)			\
	test_number(#key, offsetof(struct config, key), lowest, highest); \
	last = #key;
#define SET(key, list, preset, what)	last = #key;
#define CHOICE(key, list, preset, what)	last = #key;
#define NAMES(key, preset, what)	last = #key;
#include "list/config.def"
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
	MEND("workloads", workload_names);
	MEND("conventions", convention_names);
	MEND("modes", mode_names);
	MEND("backends", backend_names);
	MEND("paddings", padding_names);
	MEND("layouts", layout_names);
	MEND("states", state_names);
	MEND("exit", exit_names);
	config_preset(&c);
	ok(!parse(&c, TEXT("no_such_key_has_forty_bytes_or_more_but_this = 1"), &e)
	   && ends_with(e.text, last), "an unknown key: the mend ends with %s", last);
}

/* Of a file with a bad line only the way to end is taken. */
static const struct {
	const char *what, *bytes;
	unsigned line;
	uint32_t exit;
} exits[] = {
	{ "before it", "offsets = 7\nexit = shutdown\nbad\n", 3, EXIT_SHUTDOWN },
	{ "after it", "offsets = 7\nbad\nexit = shutdown\n", 2, EXIT_SHUTDOWN },
	{ "after two", "bad\noffsets = x\nexit = shutdown", 1, EXIT_SHUTDOWN },
	{ "nowhere", "offsets = 7\nbad\n", 2, EXIT_RETURN },
	{ "twice", "exit = key\nbad\nexit = shutdown\n", 2, EXIT_SHUTDOWN },
	{ "badly", "exit = halt\n", 1, EXIT_RETURN },
	{ "well, then badly", "exit = shutdown\nexit = halt\n", 2, EXIT_SHUTDOWN },
	{ "badly, then well", "exit = halt\nexit = shutdown\n", 1, EXIT_SHUTDOWN },
};

static void test_exit(void)
{
	for (unsigned i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
		struct config want, got;
		struct config_error e;

		config_preset(&want);
		want.exit = EXIT_RETURN;
		got = want;
		want.exit = exits[i].exit;
		ok(!parse(&got, exits[i].bytes, strlen(exits[i].bytes), &e)
		   && e.line == exits[i].line && same(&want, &got),
		   "a bad line, and exit %s", exits[i].what);
	}
}

/* Names of files: one after the other. */
static void test_names(void)
{
	static const struct {
		const char *line, *value, *name[3];
	} lines[] = {
		{ "", "none", { NULL } },
		{ "modules = none", "none", { NULL } },
		{ "modules = all", "all", { "all" } },
		{ "modules = hot_path", "hot_path", { "hot_path" } },
		{ "modules = \thot_path   x-1\t # and", "hot_path x-1",
		  { "hot_path", "x-1" } },
		{ "modules = nonesuch", "nonesuch", { "nonesuch" } },
	};
	struct config_error e;
	struct config c;

	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char name[CONFIG_NAME_MAX + 1];
		bool good;
		unsigned n = 0;

		config_preset(&c);
		good = parse(&c, lines[i].line, strlen(lines[i].line), &e)
			&& !strcmp(c.modules, lines[i].value);
		for (; good && config_name(c.modules, n, name); n++)
			good = n < 3 && lines[i].name[n]
				&& !strcmp(name, lines[i].name[n]);
		ok(good && !lines[i].name[n], "\"%s\": %u names", lines[i].line, n);
	}
}

/* Print and read: the same. */

static uint64_t seed = 0xda942042e4dd58b5;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

/* None, all, or one to three names. */
static void random_names(char *to)
{
	static const char letters[] = "abcXYZ019_-";
	unsigned words = rnd(4);
	size_t at = 0;

	memset(to, 0, CONFIG_NAMES_ROOM);
	if (!words) {
		strcpy(to, rnd(2) ? "none" : "all");
		return;
	}
	for (; words; words--) {
		for (unsigned n = 1 + rnd(CONFIG_NAME_MAX); n; n--)
			to[at++] = letters[rnd(sizeof(letters) - 1)];
		to[at++] = words > 1 ? ' ' : '\0';
	}
}

static struct set random_set(unsigned count)
{
	struct set s = { { 0 } };

	set_add(&s, rnd(count));
	for (unsigned i = 0; i < count; i++)
		if (rnd(2))
			set_add(&s, i);
	return s;
}

/* Any value that the list allows, of every key. */
static void random_config(struct config *c)
{
#define NUMBER(key, preset, lowest, highest, what)			\
	c->key = (uint32_t)(lowest) + rnd((uint32_t)(highest) - (uint32_t)(lowest)) \
		+ rnd(2);
#define SET(key, list, preset, what)	c->key = random_set(list##_count);
#define CHOICE(key, list, preset, what)	c->key = rnd(list##_count);
#define NAMES(key, preset, what)	random_names(c->key);
#include "list/config.def"
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
}

static bool round_trip(const struct config *c)
{
	struct config_error e;
	struct config got;
	char bytes[CONFIG_PRINTED_ROOM];
	struct memory_sink m = memory_sink(bytes, sizeof(bytes));

	config_print(c, &m.sink);
	config_preset(&got);
	return !m.sink.failed && parse(&got, bytes, m.len, &e) && same(c, &got);
}

static void test_print(void)
{
	struct config c;
	unsigned i;

	config_preset(&c);
	ok(set_size(&c.workloads) == WORKLOAD_COUNT
	   && c.layouts.bits[0] == ALL(LAYOUT_COUNT) && c.states.bits[0] == ALL(STATE_COUNT)
	   && c.report == 1 && c.exit == EXIT_KEY, "the presets: every workload, layout and state");
	ok(c.backends.bits[0] == 1 << BACKEND_native && c.paddings.bits[0] == 1 << PADDING_long
	   && c.conventions.bits[0] == (1 << CONVENTION_native | 1 << CONVENTION_seed
				| 1 << CONVENTION_ccall)
	   && c.modes.bits[0] == (1 << MODE_native | 1 << MODE_indirect | 1 << MODE_inline),
	   "in the seed's three columns");
	ok(c.plan == PLAN_DEFAULT && c.offsets == 16 && !c.batches
	   && !c.pass_ticks && c.gap_us == 10 && !c.seed,
	   "and leave to the plan what it knows better");
	ok(c.text == TEXT_FOUND, "and the text as the firmware maps it");
	ok(round_trip(&c), "the presets, printed and read");
	for (i = 0; i < 20000; i++) {
		random_config(&c);
		if (!round_trip(&c))
			break;
	}
	ok(i == 20000, "%u random ones, printed and read", i);
}

/* The longest of everything: every set whole, every number and choice at its longest,
 * names as many as there is room for. */

static uint32_t longest_of(enum config_key key, struct config *c, uint32_t *value,
			   uint32_t count)
{
	uint32_t best = 0;
	size_t most = 0;

	for (*value = 0; *value < count; ++*value) {
		char bytes[64];
		struct memory_sink m = memory_sink(bytes, sizeof(bytes));

		config_print_value(c, key, &m.sink);
		if (m.len > most) {
			most = m.len;
			best = *value;
		}
	}
	ok(most && most <= CONFIG_CHOICE_MAX, "%s: no name has more than %d bytes",
	   config_key_name(key), CONFIG_CHOICE_MAX);
	return best;
}

static void longest_config(struct config *c)
{
#define NUMBER(key, preset, lowest, highest, what)	c->key = (uint32_t)(highest);
#define SET(key, list, preset, what)	c->key = set_below(list##_count);
#define CHOICE(key, list, preset, what)	\
	c->key = longest_of(CONFIG_##key, c, &c->key, list##_count);
#define NAMES(key, preset, what) \
	memset(c->key, 'x', CONFIG_NAMES_ROOM - 1); \
	for (unsigned i = CONFIG_NAME_MAX; i < CONFIG_NAMES_ROOM - 1; i += CONFIG_NAME_MAX + 1) \
		c->key[i] = ' '; \
	c->key[CONFIG_NAMES_ROOM - 1] = '\0';
#include "list/config.def"
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
}

static void test_longest(void)
{
	char bytes[CONFIG_PRINTED_ROOM];
	struct memory_sink m = memory_sink(bytes, sizeof(bytes));
	struct config c, got;
	struct config_error e;

	config_preset(&c);
	longest_config(&c);
	config_print(&c, &m.sink);
	config_preset(&got);
	ok(!m.sink.failed && parse(&got, bytes, m.len, &e) && same(&c, &got),
	   "the longest configuration: %zu bytes of %d, printed and read whole", m.len,
	   (int)CONFIG_PRINTED_ROOM);
}

/* The longest complaints: a value too long, and the longest mends. */
static void test_longest_errors(void)
{
	char line[400], value[300];
	struct config c;
	struct config_error e;
	size_t longest = 0;

	config_preset(&c);
	memset(value, '!', sizeof(value));
	value[sizeof(value) - 1] = '\0';
	for (unsigned k = 0; k < CONFIG_KEYS; k++) {
		snprintf(line, sizeof(line), "%s = %s", config_key_name(k), value);
		ok(!parse(&c, line, strlen(line), &e) && strstr(e.text, "!!!\"...; ")
		   && strstr(e.text, config_key_name(k)) && !ends_with(e.text, "..."),
		   "%s: a value too long is shown in part, the mend whole", config_key_name(k));
		if (strlen(e.text) > longest)
			longest = strlen(e.text);
	}
	ok(longest > 300 && longest + 4 < sizeof(e.text),
	   "the longest has %zu bytes of %zu", longest, sizeof(e.text));
}

/* What has no room is marked. */
static void test_cut(void)
{
	static char mend[sizeof(((struct config_error *)0)->text)];
	struct config_error e;

	config_error_make(&e, 7, "what", "shown", 5, "mend");
	ok(e.line == 7 && !strcmp(e.text, "what \"shown\"; mend"), "another's complaint");
	memset(mend, 'm', sizeof(mend) - 1);
	for (size_t over = 0; over < 40; over++) {
		mend[sizeof(mend) - 1 - over] = '\0';
		config_error_make(&e, 1, "what", "", 0, mend);
		if (!ends_with(e.text, "..."))
			break;
	}
	ok(ends_with(e.text, "m") && strlen(e.text) + 4 < sizeof(e.text) + 1,
	   "a mend that has room is whole");
	memset(mend, 'm', sizeof(mend) - 1);
	config_error_make(&e, 1, "what", "", 0, mend);
	ok(!strcmp(e.text, "what \"\"; ..."), "one that has none: that is marked");
}

/* Whence each value is. */
static void test_origins(void)
{
	static const char file[] = "# one\noffsets = 7\n\nexit = shutdown\noffsets = 8\n";
	const struct config_origin word = { FROM_OPTIONS, 3 };
	char bytes[2 * CONFIG_PRINTED_ROOM], from[CONFIG_FROM_ROOM];
	struct memory_sink m = memory_sink(bytes, sizeof(bytes) - 1);
	struct config c;
	struct config_error e;
	unsigned preset = 0;

	config_preset(&c);
	ok(parse(&c, file, strlen(file), &e) && config_set(&c, "modes = all", 11, word, &e),
	   "a file, and a word");
	for (unsigned k = 0; k < CONFIG_KEYS; k++)
		preset += c.from[k].from == FROM_PRESET;
	ok(c.from[CONFIG_offsets].from == FROM_FILE && c.from[CONFIG_offsets].at == 5
	   && c.from[CONFIG_exit].at == 4 && c.from[CONFIG_modes].from == FROM_OPTIONS
	   && c.from[CONFIG_modes].at == 3 && preset == CONFIG_KEYS - 3,
	   "each value knows the last line or word that gave it");
	ok(!strcmp(config_origin_text(from, c.from[CONFIG_exit]), "\\parapatch.cfg line 4")
	   && !strcmp(config_origin_text(from, c.from[CONFIG_modes]), "option word 3")
	   && !strcmp(config_origin_text(from, c.from[CONFIG_seed]), "preset"), "in words");
	config_say(&c, &m.sink);
	bytes[m.len] = '\0';
	ok(!strcmp(bytes, "Set in \\parapatch.cfg: offsets, exit; by options: modes.\n"),
	   "for people: %s", bytes);
	m.len = 0;
	config_lines(&c, &m.sink);
	bytes[m.len] = '\0';
	ok(!m.sink.failed && !strncmp(bytes, "parapatch config plan=\"default\" offsets=\"8\" ", 43)
	   && strstr(bytes, "\nparapatch config-from plan=preset offsets=line:5 ")
	   && strstr(bytes, " modes=word:3 ") && ends_with(bytes, " exit=line:4\n"),
	   "for machines");
	config_preset(&c);
	m.len = 0;
	config_say(&c, &m.sink);
	ok(!m.len, "nothing is said of presets alone");
	ok(!config_set(&c, "offsets = 0", 11, word, &e) && e.line == 3
	   && c.offsets == 16 && c.from[CONFIG_offsets].from == FROM_PRESET,
	   "a bad word changes nothing");
}

/* Every key is explained, with all that it takes. */
static void test_help(void)
{
	static char bytes[16384];
	struct memory_sink m = memory_sink(bytes, sizeof(bytes) - 1);

	config_help(&m.sink);
	ok(!m.sink.failed && m.len, "help");
#define NUMBER(key, preset, lowest, highest, what) \
	ok(strstr(bytes, "\n  " #key ": " what), "help has " #key);
#define SET(key, list, preset, what)	NUMBER(key, 0, 0, 0, what) \
	for (unsigned i = 0; i < sizeof(list##_names) / sizeof(list##_names[0]); i++) \
		ok(strstr(strstr(bytes, "\n  " #key ": "), list##_names[i]), "and %s", \
		   list##_names[i]);
#define CHOICE(key, list, preset, what)	NUMBER(key, 0, 0, 0, what)
#define NAMES(key, preset, what)	NUMBER(key, 0, 0, 0, what)
#include "list/config.def"
#undef NUMBER
#undef SET
#undef CHOICE
#undef NAMES
}

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
#include "list/config.def"
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
#include "list/config.def"
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
#include "list/config.def"
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
		if (config_is_all(&preset, k))
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
	test_good();
	test_exit();
	test_names();
	test_print();
	test_longest();
	test_longest_errors();
	test_cut();
	test_origins();
	test_help();
	test_bad();
	test_keys();
	test_shown_names();
	test_stick();
	test_page();
	test_fuzz();
	return done();
}
