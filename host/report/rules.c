/* SPDX-License-Identifier: GPL-2.0-only */
/* Which line of rules.def a report is read by, see rules.h. */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include "rules.h"

#define COMMIT_DIGITS	7

#define VERSIONS(list, commits) static const char list[] = commits;
#include "versions.def"
#undef VERSIONS
static const char all_others[] = "";

static const struct rules table[] = {
#define RULES(...) { __VA_ARGS__ },
#include "rules.def"
#undef RULES
};
#define LINES (sizeof(table) / sizeof(table[0]))

/* The commit in what git describe says; too short where there is none. */
static const char *commit_of(const char *version)
{
	const char *behind = strstr(version, "-g");

	return behind ? behind + 2 : version;
}

static bool is_for(const struct rules *r, const char *version)
{
	const char *commit = commit_of(version);
	size_t digits = strspn(commit, "0123456789abcdef");

	if (!*r->versions)
		return true;
	if (digits < COMMIT_DIGITS)
		return false;
	for (const char *v = r->versions; *v; v += COMMIT_DIGITS + (v[COMMIT_DIGITS] == ' '))
		if (!strncmp(v, commit, COMMIT_DIGITS))
			return true;
	return false;
}

const struct rules *rules_for(const char *schema, const char *version)
{
	for (size_t i = 0; i < LINES; i++)
		if (!strcmp(table[i].schema, schema) && is_for(&table[i], version))
			return &table[i];
	return NULL;
}

const char *rules_last_schema(void)
{
	return table[LINES - 1].schema;
}
