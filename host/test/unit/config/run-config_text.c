/* SPDX-License-Identifier: GPL-2.0-only */
/* A configuration as text: printed and read, at its longest, and whence its values are. */
#include "configs.h"

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
	ok(set_size(&c.workloads) == workload_all
	   && c.layouts.bits[0] == ALL(LAYOUT_COUNT) && c.states.bits[0] == ALL(STATE_COUNT)
	   && c.report == 1 && c.exit == EXIT_KEY,
	   "the presets: all workloads, every layout and state");
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
#define PERCENT(key, preset, lowest, highest, what) \
	NUMBER(key, preset, lowest, highest, what)
#define CPUS(key, preset, what) \
	memset(c->key, '1', CONFIG_NAMES_ROOM - 1); \
	for (unsigned i = 3; i < CONFIG_NAMES_ROOM - 1; i += 4) \
		c->key[i] = ' '; \
	c->key[CONFIG_NAMES_ROOM - 1] = '\0';
#include "list/config.def"
#undef PERCENT
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
#define PERCENT(key, preset, lowest, highest, what) \
	NUMBER(key, preset, lowest, highest, what)
#include "list/config.def"
#undef PERCENT
#undef NUMBER
#undef SET
#undef CHOICE
#undef NAMES
}

int main(void)
{
	test_print();
	test_longest();
	test_longest_errors();
	test_cut();
	test_origins();
	test_help();
	return done();
}
