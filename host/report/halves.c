/* SPDX-License-Identifier: GPL-2.0-only */
/* In which half of its cache line a benchmark's call ends, see halves.h. */
#include <stdlib.h>
#include <string.h>
#include "halves.h"

#define LINE_BYTES	64
/* Bytes of a site that is its call alone. */
#define CALL_BYTES	6

/* Of one that still begins with its branch: the call it was built with, or another one,
 * or a jump. */
static bool is_branch(const char *outcome)
{
	static const char *const words[] = {
#define PATCHED(name, word) word,
#include "list/outcome.def"
#undef PATCHED
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(outcome, words[i]))
			return strcmp(outcome, "inline") != 0;
	return false;
}

/* Is there one branch a copy, and nothing but it at its site? */
static bool lone_branch(const struct bench *b, json_int_t call)
{
	const json_t *sites = json_object_get(b->json, "sites");
	const json_t *bytes = json_object_get(b->json, "site_bytes");

	return call && is_branch(b->outcome) && !b->native
		&& json_integer_value(sites) == 1
		&& json_integer_value(bytes) == CALL_BYTES;
}

/* In layout line alone, where copies lie at one place of their lines, does an offset
 * say something of all of them. */
static bool has_halves(const struct bench *b, const struct rules *rules,
		       struct complaint *c)
{
	const json_t *call_at = json_object_get(b->json, "call_at");
	json_int_t call = json_integer_value(call_at);

	if (strcmp(need_text(c, b->json, "layout"), "line"))
		return false;
	if (b->role != ROLE_CELL && b->role != ROLE_TWIN)
		return false;
	switch (rules->halves) {
	case OF_ANY_CALL:
		return json_is_integer(call_at) && (call || b->native);
	case OF_A_LONE_BRANCH:
		return lone_branch(b, call);
	}
	return false;
}

/* @last: address of the call's last byte. */
static signed char half_at(json_int_t last, const struct rules *rules)
{
	bool goes_over = last % LINE_BYTES < CALL_BYTES - 1;

	if (rules->halves == OF_A_LONE_BRANCH && goes_over)
		return -1;
	return last % LINE_BYTES >= LINE_BYTES / 2;
}

void read_halves(struct bench *b, const struct rules *rules, struct complaint *c)
{
	json_int_t call = json_integer_value(json_object_get(b->json, "call_at"));
	const struct blocks *s = &b->group->shape;
	const json_t *list;

	b->half = malloc(s->count + 1);
	if (!b->half) {
		complain(c, "no memory for %u offsets", s->count);
		return;
	}
	memset(b->half, -1, s->count + 1);
	if (!has_halves(b, rules, c))
		return;
	list = need_list(c, b->json, "address");
	if (list && json_array_size(list) != s->count)
		complain(c, "address has %zu offsets, its group's \"taken\" %u; they "
			 "must be as many", json_array_size(list), s->count);
	for (unsigned k = 0; k < s->count && !c->text[0]; k++) {
		json_int_t first = json_integer_value(json_array_get(list, k));

		b->half[k] = half_at(first + call, rules);
	}
}
