/* SPDX-License-Identifier: GPL-2.0-only */
/* Configurations at random, what each key's list has, and parsing under the sanitizers. */
#ifndef CONFIGS_H
#define CONFIGS_H

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
static inline bool parse(struct config *c, const char *bytes, size_t len,
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
	plan_count = PLAN_PATHS + 1, text_count = 2, on_off_count = 2, exit_count = EXIT_COUNT,
	patching_count = 1 + WAY_COUNT,
};

/* Of workloads, those that "all" stands for: the table's ops are behind them. */
enum { workload_all = WORKLOAD_empty + 1 };

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

/* Of the values: whence they are is a matter of its own. */
static inline bool same(const struct config *a, const struct config *b)
{
	return !memcmp(a, b, offsetof(struct config, from));
}

static inline bool ends_with(const char *text, const char *end)
{
	return strlen(text) >= strlen(end)
		&& !strcmp(text + strlen(text) - strlen(end), end);
}

static uint64_t seed = 0xda942042e4dd58b5;

static inline uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

/* None, all, or one to three names. */
static inline void random_names(char *to)
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

/* boot, all, or up to 20 numbers. */
static inline void random_cpus(char *to)
{
	unsigned words = rnd(21);
	size_t at = 0;

	memset(to, 0, CONFIG_NAMES_ROOM);
	if (!words)
		strcpy(to, rnd(2) ? "boot" : "all");
	for (unsigned i = 0; i < words; i++)
		at += (size_t)sprintf(to + at, i ? " %u" : "%u", rnd(CONFIG_CPU_MOST + 1));
}

static inline struct set random_set(unsigned count)
{
	struct set s = { { 0 } };

	set_add(&s, rnd(count));
	for (unsigned i = 0; i < count; i++)
		if (rnd(2))
			set_add(&s, i);
	return s;
}

/* Any value that the list allows, of every key. */
static inline void random_config(struct config *c)
{
#define NUMBER(key, preset, lowest, highest, what)			\
	c->key = (uint32_t)(lowest) + rnd((uint32_t)(highest) - (uint32_t)(lowest)) \
		+ rnd(2);
#define SET(key, list, preset, what)	c->key = random_set(list##_count);
#define CHOICE(key, list, preset, what)	c->key = rnd(list##_count);
#define NAMES(key, preset, what)	random_names(c->key);
#define PERCENT(key, preset, lowest, highest, what) \
	NUMBER(key, preset, lowest, highest, what)
#define CPUS(key, preset, what)		random_cpus(c->key);
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
}

#endif
