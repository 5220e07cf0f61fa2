/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration in force, and what keys take, as text; see config.h. */
#include "config_keys.h"
#include "lib/sink.h"

void names_print(const struct names *n, struct sink *to)
{
	for (unsigned i = 0; i < n->all; i++)
		sink_printf(to, "%s%s", i ? ", " : "", n->name[i]);
	if (n->all < n->count)
		sink_printf(to, ", and the table's ops, which -h lists");
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
	const struct key *k = &config_keys[key];
	const char *at = (const char *)c + k->at;
	const uint32_t *v = (const uint32_t *)at;

	switch (k->kind) {
	case KIND_NUMBER:
		sink_printf(s, "%u", (unsigned)*v);
		return;
	case KIND_PERCENT:
		percent_print(*v, s);
		return;
	case KIND_SET:
		print_set(s, &k->names, (const struct set *)at);
		return;
	case KIND_CHOICE:
		sink_printf(s, "%s", k->names.name[*v]);
		return;
	case KIND_NAMES:
	case KIND_CPUS:
		sink_printf(s, "%s", at);
		return;
	}
}

void config_print(const struct config *c, struct sink *s)
{
	for (unsigned k = 0; k < CONFIG_KEYS; k++) {
		sink_printf(s, "%s = ", config_keys[k].name);
		config_print_value(c, k, s);
		sink_printf(s, "\n");
	}
}

void config_print_takes(enum config_key key, struct sink *s)
{
	const struct key *k = &config_keys[key];

	switch (k->kind) {
	case KIND_NUMBER:
		sink_printf(s, "a whole number from %u to %u", (unsigned)k->lowest,
			    (unsigned)k->highest);
		return;
	case KIND_PERCENT:
		percents_print(k, s);
		return;
	case KIND_SET:
		sink_printf(s, "all, or some of ");
		break;
	case KIND_CHOICE:
		sink_printf(s, "one of ");
		break;
	case KIND_NAMES:
		sink_printf(s, "none, all, or names%s",
			    k->highest == NAMES_OF_PATHS ? ", and FOLDER/NAME" : "");
		return;
	case KIND_CPUS:
		sink_printf(s, "boot, all, or numbers from 0 to %u", CONFIG_CPU_MOST);
		return;
	}
	names_print(&k->names, s);
}

const char *config_key_name(enum config_key key)
{
	return config_keys[key].name;
}

bool config_has_all(const struct config *c, enum config_key key)
{
	const struct key *k = &config_keys[key];
	const struct set all = set_below(k->names.all);

	return k->kind == KIND_SET
		&& set_includes((const struct set *)((const char *)c + k->at), &all);
}

void config_print_more(enum config_key key, struct sink *s)
{
	const struct names *n = &config_keys[key].names;

	for (unsigned i = n->all; i < n->count; i++)
		sink_printf(s, "%s%s", i == n->all ? "" : ", ", n->name[i]);
}

const char *config_key_what(enum config_key key)
{
	return config_keys[key].what;
}
