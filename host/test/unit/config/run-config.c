/* SPDX-License-Identifier: GPL-2.0-only */
/* parapatch.cfg: what is read, what is refused and how that is said. */
#include "configs.h"

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
	{ "the highest", TEXT("pass_ticks = 400000"), { F(pass_ticks, 400000) } },
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
	{ "a budget and a precision", TEXT("budget_s = 0\nprecision = 0.5%\n"),
	  { F(budget_s, 0), F(precision, 5) } },
	{ "the coarsest precision, without its sign", TEXT("precision = 10.0"),
	  { F(precision, 100) } },
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
	{ "another too high", TEXT("pass_ticks = 400001"), 1,
	  { "\"400001\"", "from 0 to 400000" } },
	{ "too long a budget", TEXT("budget_s = 86401"), 1,
	  { "\"86401\"", "budget_s takes a whole number from 0 to 86400" } },
	{ "no percentage", TEXT("precision = fine"), 1,
	  { "bad percentage \"fine\"", "precision takes 0.1% to 10%" } },
	{ "too fine a precision", TEXT("precision = 0%"), 1, { "\"0%\"", "0.1% to 10%" } },
	{ "hundredths of it", TEXT("precision = 0.25%"), 1, { "\"0.25%\"",
	    "precision takes 0.1% to 10%, in steps of 0.1%" } },
	{ "too coarse", TEXT("precision = 10.1%"), 1, { "\"10.1%\"", "10%" } },
	{ "too coarse by far", TEXT("precision = 4294967297%"), 1, { "to 10%" } },
	{ "a percentage of nothing", TEXT("precision = %"), 1, { "bad percentage" } },
	{ "a CPU's number too high", TEXT("cpus = 3 1024"), 1,
	  { "bad CPUs \"1024\"", "cpus takes boot, all, or numbers from 0 to 1023" } },
	{ "all CPUs and one more", TEXT("cpus = all 3"), 1,
	  { "bad CPUs \"all\"; it stands alone", "cpus takes boot, all" } },
	{ "the boot CPU and all", TEXT("cpus = boot all"), 1,
	  { "bad CPUs \"boot\"; it stands alone" } },
	{ "a CPU and the boot CPU", TEXT("cpus = 3 boot"), 1,
	  { "bad CPUs \"boot\"; it stands alone" } },
	{ "no CPU", TEXT("cpus ="), 1, { "bad CPUs \"\"" } },
	{ "CPUs between commas", TEXT("cpus = 0,3"), 1, { "bad CPUs \"0,3\"" } },
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
	{ "a path upwards", TEXT("mixes = ../fork"), 1,
	  { "bad names \"../fork\"", "and FOLDER/NAME" } },
	{ "a path from the root", TEXT("mixes = /fork"), 1, { "bad names \"/fork\"" } },
	{ "a path with no file", TEXT("mixes = a/"), 1, { "bad names \"a/\"" } },
	{ "a path that hides a folder", TEXT("mixes = a/.b"), 1, { "bad names \"a/.b\"" } },
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

/* What to write instead: every name of the list that "all" stands for, to the end of the
 * longest, and where there are more that these are. */
static void test_mend(const char *key, const char *const *name, unsigned count)
{
	unsigned all = name == workload_names ? workload_all : count;
	const char *end = all < count ? ", and the table's ops, which -h lists" : "";
	char line[80], last[80];
	struct config_error e;
	struct config c;
	unsigned named = 0;

	snprintf(line, sizeof(line), "%s = 0123456789012345678901234567890123456789",
		 key);
	config_preset(&c);
	snprintf(last, sizeof(last), "%s%s", name[all - 1], end);
	ok(!parse(&c, line, strlen(line), &e) && ends_with(e.text, last)
	   && strstr(e.text, key), "%s: the mend ends with %s", key, last);
	for (unsigned i = 0; i < all; i++)
		named += strstr(e.text, name[i]) != NULL;
	ok(named == all, "%s: and has all %u names", key, all);
}

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
#define PERCENT(key, preset, lowest, highest, what)	last = #key;
#include "list/config.def"
#undef PERCENT
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

/* Which files a name asks for. */
static void test_paths(void)
{
	static const struct {
		const char *name, *path;
		bool asked;
	} rows[] = {
		{ "all", "6.1-amd64/fork", true }, { "all", "mine", true },
		{ "mine", "mine", true }, { "mine", "mine2", false }, { "mine", "min", false },
		{ "6.1-amd64/fork", "6.1-amd64/fork", true },
		{ "6.1-amd64/fork", "6.1-686/fork", false },
		{ "6.1-amd64", "6.1-amd64/fork", true }, { "6.1", "6.1-amd64/fork", false },
		{ "fork", "6.1-amd64/fork", true }, { "ork", "6.1-amd64/fork", false },
		{ "fork", "6.1-amd64/vfork", false }, { "6.1-amd64/fork", "fork", false },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(config_path_is(rows[i].name, rows[i].path) == rows[i].asked,
		   "%s asks for %s: %s", rows[i].name, rows[i].path,
		   rows[i].asked ? "yes" : "no");
}

int main(void)
{
	test_good();
	test_exit();
	test_names();
	test_bad();
	test_keys();
	test_shown_names();
	test_paths();
	return done();
}
