/* SPDX-License-Identifier: GPL-2.0-only */
/* parapatch.cfg: what is read, what is refused and how that is said. */
#include <stdlib.h>
#include <string.h>
#include "cell.h"
#include "config.h"
#include "sink.h"
#include "tap.h"

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

static bool same(const struct config *a, const struct config *b)
{
	return !memcmp(a, b, sizeof(*a));
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
	{ "a comment", TEXT("# rounds = 7\n"), { { 0 } } },
	{ "a number", TEXT("rounds = 7\n"), { F(rounds, 7) } },
	{ "no newline at the end", TEXT("rounds = 7"), { F(rounds, 7) } },
	{ "no blanks", TEXT("rounds=7\n"), { F(rounds, 7) } },
	{ "many blanks", TEXT(" \trounds\t =\t 7 \t\n"), { F(rounds, 7) } },
	{ "a comment after it", TEXT("rounds = 7# eight\n"), { F(rounds, 7) } },
	{ "CR LF", TEXT("rounds = 7\r\nexit = shutdown\r\n"),
	  { F(rounds, 7), F(exit, EXIT_SHUTDOWN) } },
	{ "CR LF, none at the end", TEXT("rounds = 7\r\nbatches = 8\r"),
	  { F(rounds, 7), F(batches, 8) } },
	{ "a byte order mark", TEXT("\xef\xbb\xbfrounds = 7\n"), { F(rounds, 7) } },
	{ "a byte order mark alone", TEXT("\xef\xbb\xbf"), { { 0 } } },
	{ "the last one counts", TEXT("rounds = 7\nrounds = 8\n"), { F(rounds, 8) } },
	{ "the lowest", TEXT("pass_ticks = 100"), { F(pass_ticks, 100) } },
	{ "the highest", TEXT("pass_ticks = 100000"), { F(pass_ticks, 100000) } },
	{ "zeros in front", TEXT("rounds = 00000000000000000007"), { F(rounds, 7) } },
	{ "one of a set", TEXT("modes = inline"), { F(modes, 1 << MODE_inline) } },
	{ "some of a set", TEXT("modes = inline native"),
	  { F(modes, 1 << MODE_inline | 1 << MODE_native) } },
	{ "tabs between names", TEXT("modes = inline\tnative"),
	  { F(modes, 1 << MODE_inline | 1 << MODE_native) } },
	{ "the same twice", TEXT("modes = inline  inline"), { F(modes, 1 << MODE_inline) } },
	{ "all of a set", TEXT("modes = native\nmodes = all"),
	  { F(modes, ALL(MODE_COUNT)) } },
	{ "all and one more", TEXT("workloads = all save_fl"),
	  { F(workloads, ALL(WORKLOAD_COUNT)) } },
	{ "a choice", TEXT("report = off\nexit = debug-exit"),
	  { F(report, 0), F(exit, EXIT_DEBUG) } },
	{ "everything", TEXT("rounds=1\nbatches=1000\npass_ticks=500\n"),
	  { F(rounds, 1), F(batches, 1000), F(pass_ticks, 500) } },
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
	{ "an unknown key", TEXT("round = 7\n"), 1,
	  { "unknown key \"round\"", "keys are rounds, batches", "exit" } },
	{ "a key that begins as one", TEXT("roundsx = 7"), 1, { "\"roundsx\"" } },
	{ "a key in capitals", TEXT("\nRounds = 7"), 2, { "\"Rounds\"" } },
	{ "no key", TEXT("= 7"), 1, { "unknown key \"\"" } },
	{ "two words for a key", TEXT("the rounds = 7"), 1, { "\"the rounds\"" } },
	{ "no =", TEXT("# a\n\nrounds 7\n"), 3,
	  { "not a setting: \"rounds 7\"", "write key = value" } },
	{ "no number", TEXT("rounds =\n"), 1,
	  { "bad number \"\"", "rounds takes a whole number from 1 to 1000" } },
	{ "a number too low", TEXT("rounds = 0"), 1, { "\"0\"", "from 1 to 1000" } },
	{ "a number too high", TEXT("rounds = 1001"), 1, { "\"1001\"", "rounds" } },
	{ "another too low", TEXT("pass_ticks = 99"), 1, { "\"99\"", "from 100 to 100000" } },
	{ "2^32 + 5", TEXT("rounds = 4294967301"), 1, { "bad number" } },
	{ "2^64 + 5", TEXT("rounds = 18446744073709551621"), 1, { "bad number" } },
	{ "a sign", TEXT("rounds = -7"), 1, { "\"-7\"" } },
	{ "a plus", TEXT("rounds = +7"), 1, { "\"+7\"" } },
	{ "hexadecimal", TEXT("rounds = 0x7"), 1, { "\"0x7\"" } },
	{ "a fraction", TEXT("rounds = 7.5"), 1, { "\"7.5\"" } },
	{ "two numbers", TEXT("rounds = 7 8"), 1, { "\"7 8\"" } },
	{ "two =", TEXT("rounds = = 7"), 1, { "\"= 7\"" } },
	{ "a word for a number", TEXT("batches = many"), 1, { "\"many\"", "batches" } },
	{ "an unknown name", TEXT("rounds = 7\r\nmodes = inlined\r\n"), 2,
	  { "unknown name \"inlined\"", "modes takes all or some of native, indirect, inline" } },
	{ "an unknown name among others", TEXT("modes = inline direct native"), 1,
	  { "\"direct\"", "modes" } },
	{ "no name", TEXT("modes ="), 1, { "unknown name \"\"", "modes takes" } },
	{ "names with commas", TEXT("modes = inline, native"), 1, { "\"inline,\"" } },
	{ "an unknown choice", TEXT("exit = reboot"), 1,
	  { "\"reboot\"", "exit takes one of key, return, shutdown, debug-exit" } },
	{ "two choices", TEXT("report = on off"), 1, { "\"on off\"", "one of off, on" } },
	{ "no choice", TEXT("report = # on"), 1, { "report takes" } },
	{ "all for a choice", TEXT("report = all"), 1, { "\"all\"" } },
	{ "control bytes, shown as ?", TEXT("\x1b[2J\x07 = 7"), 1, { "\"?[2J?\"" } },
	{ "bytes that are no ASCII", TEXT("r\xc3\xb6unds = 7"), 1, { "\"r??unds\"" } },
	{ "a NUL after a key", TEXT("rounds\0 = 7"), 1, { "\"rounds?\"" } },
	{ "NULs after a key", TEXT("exit\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0 = key"), 1,
	  { "unknown key" } },
	{ "a NUL for a key", TEXT("\0 = 7"), 1, { "\"?\"" } },
	{ "a NUL after a number", TEXT("rounds = 7\0"), 1, { "\"7?\"" } },
	{ "a NUL after a name", TEXT("modes = inline\0"), 1, { "\"inline?\"" } },
	{ "a NUL after a choice", TEXT("report = on\0"), 1, { "\"on?\"" } },
	{ "a NUL after \"all\"", TEXT("modes = all\0x"), 1, { "\"all?x\"" } },
	{ "a byte order mark further on", TEXT("\n\xef\xbb\xbfrounds = 7"), 2,
	  { "unknown key" } },
	{ "part of a byte order mark", TEXT("\xef\xbb"), 1, { "not a setting" } },
	{ "UTF-16", TEXT("\xff\xfer\0o\0"), 1, { "not a setting" } },
	{ "a key too long to show",
	  TEXT("0123456789012345678901234567890123456789xyz = 1"), 1,
	  { "\"0123456789012345678901234567890123456789\"" } },
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

/* Of a file with a bad line only the way to end is taken. */
static const struct {
	const char *what, *bytes;
	unsigned line;
	uint32_t exit;
} exits[] = {
	{ "before it", "rounds = 7\nexit = shutdown\nbad\n", 3, EXIT_SHUTDOWN },
	{ "after it", "rounds = 7\nbad\nexit = shutdown\n", 2, EXIT_SHUTDOWN },
	{ "after two", "bad\nrounds = x\nexit = shutdown", 1, EXIT_SHUTDOWN },
	{ "nowhere", "rounds = 7\nbad\n", 2, EXIT_RETURN },
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

/* Print and read: the same. */

static uint64_t seed = 0xda942042e4dd58b5;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

static void random_config(struct config *c)
{
	*c = (struct config){
		.rounds = 1 + rnd(1000), .batches = 1 + rnd(1000),
		.pass_ticks = 100 + rnd(99901),
		.workloads = 1 + rnd(ALL(WORKLOAD_COUNT)),
		.conventions = 1 + rnd(ALL(CONVENTION_COUNT)),
		.modes = 1 + rnd(ALL(MODE_COUNT)),
		.backend = rnd(BACKEND_COUNT), .report = rnd(2),
		.exit = rnd(EXIT_COUNT),
	};
}

static bool round_trip(const struct config *c)
{
	struct config_error e;
	struct config got;
	char bytes[1024];
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
	ok(c.workloads == ALL(WORKLOAD_COUNT) && c.modes == ALL(MODE_COUNT)
	   && c.conventions == ALL(CONVENTION_COUNT) && c.report == 1
	   && c.exit == EXIT_KEY, "the presets are everything");
	ok(round_trip(&c), "the presets, printed and read");
	for (i = 0; i < 20000; i++) {
		random_config(&c);
		if (!round_trip(&c))
			break;
	}
	ok(i == 20000, "%u random ones, printed and read", i);
}

/* Random bytes, and good files with some: never more than a refusal, and what
 * is accepted is within its limits. */

static bool in_limits(const struct config *c)
{
	return c->rounds >= 1 && c->rounds <= 1000
		&& c->batches >= 1 && c->batches <= 1000
		&& c->pass_ticks >= 100 && c->pass_ticks <= 100000
		&& c->workloads && c->workloads <= ALL(WORKLOAD_COUNT)
		&& c->conventions && c->conventions <= ALL(CONVENTION_COUNT)
		&& c->modes && c->modes <= ALL(MODE_COUNT)
		&& c->backend < BACKEND_COUNT && c->report < 2
		&& c->exit < EXIT_COUNT;
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
	char bytes[1024];

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

int main(void)
{
	test_good();
	test_exit();
	test_print();
	test_bad();
	test_fuzz();
	return done();
}
