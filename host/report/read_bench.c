/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a report's benchmarks: raw ticks, and ticks an op; see report.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "halves.h"
#include "read_bench.h"
#include "regimes.h"

static const char *const roles[ROLE_COUNT] = {
	[ROLE_CELL] = "cell", [ROLE_TWIN] = "twin",
	[ROLE_EMPTY] = "empty", [ROLE_CHAIN] = "chain",
};

static enum role read_role(const json_t *o, struct complaint *c)
{
	const char *name = need_text(c, o, "role");
	unsigned i;

	for (i = 0; i < ROLE_COUNT; i++)
		if (!strcmp(name, roles[i]))
			return (enum role)i;
	complain(c, "role \"%s\" is not known; it is one of cell, twin, empty, chain",
		 name);
	return ROLE_CELL;
}

static struct group *find_group(struct report *r, const char *name)
{
	for (size_t i = 0; i < r->groups; i++)
		if (!strcmp(r->group[i].name, name))
			return &r->group[i];
	return NULL;
}

/* One list a block, as long as the group says; their values are added to
 * @to, times @sign. */
static void add_ticks(double *to, double sign, const struct bench *b,
		      const char *key, struct complaint *c)
{
	const struct blocks *s = &b->group->shape;
	const json_t *lists = need_list(c, b->json, key);

	if (lists && json_array_size(lists) != s->count)
		complain(c, "%s has %zu offsets, its group's \"taken\" %u; they must be "
			 "as many", key, json_array_size(lists), s->count);
	for (unsigned k = 0; k < s->count && !c->text[0]; k++) {
		const json_t *list = json_array_get(lists, k);

		if (!json_is_array(list) || json_array_size(list) != s->n[k]) {
			complain(c, "%s[%u] has %zu batches, its group's \"taken\" %u; "
				 "they must be as many", key, k,
				 json_array_size(list), s->n[k]);
			return;
		}
		for (uint32_t i = 0; i < s->n[k]; i++) {
			const json_t *v = json_array_get(list, i);

			if (!json_is_integer(v) || json_integer_value(v) < 0) {
				complain(c, "%s[%u][%u] is not a number of ticks",
					 key, k, i);
				return;
			}
			to[s->first[k] + i] += sign * (double)json_integer_value(v);
		}
	}
}

/* What the TSC advances by: 1, where the report says 0 or nothing. */
static double step_of(const struct bench *b)
{
	const json_t *step = json_object_get(b->group->report, "tsc_step_ticks");

	return json_integer_value(step) > 1 ? (double)json_integer_value(step) : 0;
}

static void read_ticks(struct bench *b, struct complaint *c)
{
	uint32_t n = b->group->shape.total;
	double ops = (double)need_count(c, b->json, "copies_n")
		* (double)need_count(c, b->json, "reps");

	if (!ops)
		complain(c, "copies_n or reps is 0; both are 1 or more");
	b->gross = calloc(n + 1, sizeof(*b->gross));
	b->net = calloc(n + 1, sizeof(*b->net));
	if (!b->gross || !b->net)
		complain(c, "no memory for %u batches", n);
	if (c->text[0])
		return;
	add_ticks(b->gross, 1, b, "ticks_2n", c);
	add_ticks(b->gross, -1, b, "ticks_n", c);
	b->grain = step_of(b) / ops;
	for (uint32_t i = 0; i < n; i++)
		b->gross[i] /= ops;
}

/* The group's only one of its kind. */
static void only(struct bench **to, struct bench *b, struct complaint *c)
{
	if (*to)
		complain(c, "is the second of its kind in its group; the first is \"%s\"",
			 (*to)->name);
	*to = b;
}

static void place(const struct report *r, struct bench *b, struct complaint *c)
{
	struct group *g = b->group;
	const char *layout = need_text(c, b->json, "layout");
	const json_t *vs = json_object_get(b->json, "vs");

	/* The chain is dense in every group. */
	if (b->role != ROLE_CHAIN)
		g->takes_off = strcmp(layout, "dense")
			&& (r->step || !strcmp(need_text(c, b->json, "state"), "warm"));
	if (b->role == ROLE_CELL) {
		g->has_native |= b->native;
		g->has_indirect |= !strcmp(b->mode, "indirect");
	}
	if (!b->timed)
		return;
	if (!g->of)
		g->of = json_string_value(json_object_get(vs, "of"));
	switch (b->role) {
	case ROLE_CELL:
		if (b->native)
			only(&g->native, b, c);
		break;
	case ROLE_TWIN:
		only(&g->twin, b, c);
		break;
	case ROLE_EMPTY:
		only(&g->empty, b, c);
		break;
	case ROLE_CHAIN:
		only(&g->chain, b, c);
		break;
	case ROLE_COUNT:
		break;
	}
}

static void need_new_name(const struct report *r, const struct bench *b,
			  struct complaint *c)
{
	for (const struct bench *o = r->bench; o < b; o++)
		if (!strcmp(o->name, b->name))
			complain(c, "has the name of benchmarks[%zu]; names must differ",
				 (size_t)(o - r->bench));
}

/* What a report of before this had one of only has it not. */
static const char *text_or(const json_t *o, const char *key, const char *other)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : other;
}

static void read_bench(struct report *r, struct bench *b, struct complaint *c)
{
	const char *group;

	b->name = need_text(c, b->json, "name");
	snprintf(c->where, sizeof(c->where), "benchmarks[%zu] (%.100s)",
		 (size_t)(b - r->bench), b->name);
	need_new_name(r, b, c);
	b->backend = need_text(c, b->json, "backend");
	b->convention = need_text(c, b->json, "convention");
	b->mode = need_text(c, b->json, "mode");
	b->native = !strcmp(b->mode, "native");
	b->padding = text_or(b->json, "padding", "long");
	b->outcome = text_or(b->json, "outcome", "");
	b->role = read_role(b->json, c);
	b->timed = !json_is_true(json_object_get(b->json, "error_occurred"));
	group = need_text(c, b->json, "group");
	b->group = find_group(r, group);
	if (!b->group)
		complain(c, "group \"%s\" is not in \"groups\"", group);
	if (c->text[0])
		return;
	place(r, b, c);
	if (b->timed)
		read_ticks(b, c);
	if (b->timed)
		read_halves(b, r->rules, c);
}

/* Is that what the report calls it? */
static bool is_of(const struct bench *b, const char *of)
{
	char name[100];

	if (b->role != ROLE_CELL || !b->timed || strcmp(b->padding, "long"))
		return false;
	snprintf(name, sizeof(name), "%s/%s", b->mode, b->convention);
	return b->native ? !strcmp(of, "native") : !strcmp(of, name);
}

/* Shapes of table.def's ops, see there. */
static const struct shape {
	const char *op, *shape;
} shapes[] = {
#define TABLE(name, column, shape, ...)	{ #name, #shape },
#define INSTRUCTION(...)
#define TABLE_TOO(...)
#include "list/table.def"
#undef TABLE_TOO
#undef INSTRUCTION
#undef TABLE
};

static bool ends_in(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcmp(text + n - m, end);
}

/* Is the native cell of a group's op a call of its function?  By the op's shape. */
static bool native_calls(const char *group, const json_t *report)
{
	const char *arch = json_string_value(json_object_get(
		json_object_get(report, "context"), "arch"));
	bool ia32 = arch && !strcmp(arch, "ia32");
	size_t len = strcspn(group, "/");

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (strlen(shapes[i].op) == len && !strncmp(shapes[i].op, group, len))
			return ends_in(shapes[i].shape, "_called")
				|| ends_in(shapes[i].shape, "_tss")
				|| (ia32 && ends_in(shapes[i].shape, "_called_32"));
	return false;
}

/* The cell that the others of its group are compared with: the one that the report
 * says; where it compares nothing, the native one. */
static void find_reference(struct report *r, struct group *g, struct complaint *c)
{
	g->native_calls = native_calls(g->name, r->json);
	g->reference = g->of || (g->native_calls && g->has_indirect) ? NULL : g->native;
	for (size_t i = 0; i < r->benches && g->of; i++)
		if (r->bench[i].group == g && is_of(&r->bench[i], g->of))
			g->reference = &r->bench[i];
	if (g->of && !g->reference)
		complain(c, "group \"%s\" is compared with \"%.40s\", and has no such "
			 "cell that was timed", g->name, g->of);
}

/* What the layout's filler costs is taken off where there is filler: the chain has
 * none, whatever its group's layout. */
static void take_off(struct bench *b, struct complaint *c)
{
	const struct group *g = b->group;
	bool filled = g->takes_off && (b->role == ROLE_CELL || b->role == ROLE_TWIN);

	if (!b->timed)
		return;
	if (filled && !g->empty)
		complain(c, "group \"%s\" has filler and no benchmark of role "
			 "\"empty\" that was timed; measure again", g->name);
	for (uint32_t i = 0; i < g->shape.total && !c->text[0]; i++)
		b->net[i] = b->gross[i] - (filled ? g->empty->gross[i] : 0);
}

bool read_benches(struct report *r, struct complaint *c)
{
	const json_t *list = need_list(c, r->json, "benchmarks");

	if (list && !json_array_size(list))
		complain(c, "\"benchmarks\" is empty: nothing was measured");
	r->bench = calloc(json_array_size(list) + 1, sizeof(*r->bench));
	if (!r->bench)
		complain(c, "no memory");
	for (; r->benches < json_array_size(list) && !c->text[0]; r->benches++) {
		struct bench *b = &r->bench[r->benches];

		b->json = json_array_get(list, r->benches);
		snprintf(c->where, sizeof(c->where), "benchmarks[%zu]", r->benches);
		read_bench(r, b, c);
	}
	c->where[0] = '\0';
	for (size_t i = 0; i < r->groups; i++)
		r->group[i].chain_cycles = (double)r->chain_cycles;
	for (size_t i = 0; i < r->groups && !c->text[0]; i++)
		find_reference(r, &r->group[i], c);
	for (size_t i = 0; i < r->benches && !c->text[0]; i++)
		take_off(&r->bench[i], c);
	if (!c->text[0])
		read_regimes(r, c);
	return !c->text[0];
}
