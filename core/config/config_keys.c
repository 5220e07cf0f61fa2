/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys and the names they take, see config_keys.h and config.def. */
#include "config_keys.h"
#include "lib/number.h"
#include "lib/sink.h"
#include "lib/string.h"
#include "patch/nop.h"

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
	[PLAN_DEFAULT] = "default", [PLAN_FULL] = "full", [PLAN_OPS] = "ops",
	[PLAN_PATHS] = "paths",
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
#define PERCENT(key, preset, lowest, highest, what)
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE

#define COUNT_OF(list)	(sizeof(list##_names) / sizeof(list##_names[0]))
#define NAMES_OF(list)	{ list##_names, COUNT_OF(list), COUNT_OF(list) }
#define SET_OF(list)	{ list##_names, COUNT_OF(list), COUNT_OF(list) - BEHIND_ALL_##list }

/* Names of a list behind those that "all" stands for: of workloads the table's ops. */
enum {
#define TABLE(...)		+ 1
#define INSTRUCTION(...)	+ 1
#define TABLE_TOO(...)
	BEHIND_ALL_workload = 0
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
	, BEHIND_ALL_convention = 0, BEHIND_ALL_mode = 0, BEHIND_ALL_backend = 0,
	BEHIND_ALL_padding = 0, BEHIND_ALL_layout = 0, BEHIND_ALL_state = 0
};

const struct key config_keys[] = {
#define NUMBER(key, preset, lowest, highest, what) \
	{ #key, what, KIND_NUMBER, offsetof(struct config, key), \
	  preset, lowest, highest, { NULL, 0, 0 }, NULL },
#define SET(key, list, preset, what) \
	{ #key, what, KIND_SET, offsetof(struct config, key), \
	  0, 0, 0, SET_OF(list), preset },
#define CHOICE(key, list, preset, what) \
	{ #key, what, KIND_CHOICE, offsetof(struct config, key), \
	  preset, 0, 0, NAMES_OF(list), NULL },
#define NAMES(key, preset, what) \
	{ #key, what, KIND_NAMES, offsetof(struct config, key), \
	  0, 0, 0, { NULL, 0, 0 }, preset },
#define PERCENT(key, preset, lowest, highest, what) \
	{ #key, what, KIND_PERCENT, offsetof(struct config, key), \
	  preset, lowest, highest, { NULL, 0, 0 }, NULL },
#define PATHS(key, preset, what) \
	{ #key, what, KIND_NAMES, offsetof(struct config, key), \
	  0, 0, NAMES_OF_PATHS, { NULL, 0, 0 }, preset },
#define CPUS(key, preset, what) \
	{ #key, what, KIND_CPUS, offsetof(struct config, key), \
	  0, 0, 0, { NULL, 0, 0 }, preset },
#include "list/config.def"
#undef PERCENT
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
};

_Static_assert(sizeof(config_keys) / sizeof(config_keys[0]) == CONFIG_KEYS,
	       "the keys are numbered as they are listed");

/* What a key or a name is called besides, and what it is called here. */
static const struct also {
	const char *const *list;	/* NULL: it is a key's */
	const char *as, *name;
} also[] = {
#define KEY(as, key)		{ NULL, as, #key },
#define NAME(as, list, name)	{ list##_names, as, #name },
#define TABLE(name, column, ...)	NAME(column, workload, name)
#define INSTRUCTION(name, column, ...)	NAME(column, workload, name)
#define TABLE_TOO(...)
#include "list/also.def"
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
#undef KEY
#undef NAME
};

#define ALSO	(sizeof(also) / sizeof(also[0]))

static const struct key *key_called(struct span name)
{
	for (unsigned k = 0; k < CONFIG_KEYS; k++)
		if (span_is(name, config_keys[k].name))
			return &config_keys[k];
	return NULL;
}

const struct key *key_find(struct span name)
{
	for (const struct also *a = also; a < also + ALSO; a++)
		if (!a->list && span_is(name, a->as))
			return key_called((struct span){ a->name,
							 a->name + string_length(a->name) });
	return key_called(name);
}

/* Bytes of a text that are that name, up to a blank or the end; 0: it does not begin
 * with it.  A blank in a name is any number of them in the text. */
static size_t name_at(struct span s, const char *name)
{
	const char *p = s.at;

	for (; *name; name++) {
		if (p == s.end || (*name == ' ' ? !is_blank(*p) : *p != *name))
			return 0;
		for (p++; *name == ' ' && p < s.end && is_blank(*p); p++)
			;
	}
	return p == s.end || is_blank(*p) ? (size_t)(p - s.at) : 0;
}

/* The number of a name; it is in the list. */
static int name_number(const struct names *n, const char *name)
{
	int i = 0;

	while (!string_equal(n->name[i], name))
		i++;
	return i;
}

int names_take(const struct names *n, struct span *rest)
{
	size_t most = 0;
	int found = -1;

	for (unsigned i = 0; i < n->count && !most; i++) {
		most = name_at(*rest, n->name[i]);
		if (most)
			found = (int)i;
	}
	for (const struct also *a = also; a < also + ALSO; a++) {
		size_t len = a->list == n->name ? name_at(*rest, a->as) : 0;

		if (len > most) {
			most = len;
			found = name_number(n, a->name);
		}
	}
	rest->at += most;
	return found;
}

/* Are they the same but for one letter: another, one more, one less, or two that
 * changed their places? */
static bool is_near(const char *a, size_t a_len, const char *b)
{
	size_t head = 0, tail = 0, b_len = string_length(b);

	while (head < a_len && head < b_len && a[head] == b[head])
		head++;
	while (tail < a_len - head && tail < b_len - head
	       && a[a_len - 1 - tail] == b[b_len - 1 - tail])
		tail++;
	a_len -= head + tail;
	b_len -= head + tail;
	return (a_len <= 1 && b_len <= 1)
		|| (a_len == 2 && b_len == 2 && a[head] == b[head + 1]
		    && a[head + 1] == b[head]);
}

bool config_key_is_near(const char *name, size_t len)
{
	for (unsigned k = 0; k < CONFIG_KEYS; k++)
		if (is_near(name, len, config_keys[k].name))
			return true;
	for (const struct also *a = also; a < also + ALSO; a++)
		if (!a->list && is_near(name, len, a->as))
			return true;
	return false;
}

void percent_print(uint32_t thousandths, struct sink *to)
{
	char t[PERCENT_ROOM];

	sink_printf(to, "%s", percent_text(t, thousandths));
}

void percents_print(const struct key *k, struct sink *to)
{
	percent_print(k->lowest, to);
	sink_printf(to, " to ");
	percent_print(k->highest, to);
	sink_printf(to, ", in steps of 0.1%%");
}
