/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading a report: the file, what it is of, its groups; see report.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "read_bench.h"

static bool load(struct report *r, struct complaint *c)
{
	json_error_t e;
	FILE *f = fopen(r->path, "rb");

	if (!f) {
		complain(c, "cannot be opened: %s", strerror(errno));
		return false;
	}
	errno = 0;
	r->json = json_loadf(f, JSON_REJECT_DUPLICATES, &e);
	if (ferror(f))
		complain(c, "cannot be read: %s", strerror(errno));
	fclose(f);
	if (!r->json)
		complain(c, "line %d, column %d: not JSON: %s; copy it from the stick "
			 "again", e.line, e.column, e.text);
	return r->json != NULL;
}

/* What a file of this schema is of that has none, else NULL. */
static const char *no_ticks(const char *schema)
{
	if (!strncmp(schema, "parapatch-scale", 15))
		return "what patching costs";
	if (!strncmp(schema, "parapatch-reference", 19))
		return "a table that others published";
	return NULL;
}

/* What it is of, the rules it is read by, and that it is whole. */
static void read_kind(struct report *r, struct complaint *c)
{
	const json_t *context = json_object_get(r->json, "context");
	const char *schema = need_text(c, r->json, "schema"), *status, *version;

	version = json_string_value(json_object_get(context, "parapatch_version"));
	r->rules = rules_for(schema, version ? version : "");
	if (!r->rules && no_ticks(schema)) {
		complain(c, "schema is \"%s\": %s, without raw ticks; "
			 "there is nothing to compute again", schema, no_ticks(schema));
		return;
	}
	if (!r->rules) {
		complain(c, "schema is \"%s\", not \"%s\": use the tool that came "
			 "with the application", schema, rules_last_schema());
		return;
	}
	status = need_text(c, r->json, "status");
	if (strcmp(status, "complete"))
		complain(c, "status is \"%s\", not \"complete\": the run did not end, "
			 "or a check failed; measure again", status);
}

static void read_context(struct report *r, struct complaint *c)
{
	const json_t *context = need_object(c, r->json, "context"), *cpu;
	const char *arch;

	if (!context)
		return;
	snprintf(c->where, sizeof(c->where), "context");
	cpu = need_object(c, context, "cpu");
	arch = json_string_value(json_object_get(context, "arch"));
	if (!cpu)
		return;
	snprintf(r->cpu, sizeof(r->cpu), "%s %llx-%llx-%llx, %s%s%s",
		 need_text(c, cpu, "vendor"),
		 (unsigned long long)need_count(c, cpu, "family"),
		 (unsigned long long)need_count(c, cpu, "model"),
		 (unsigned long long)need_count(c, cpu, "stepping"),
		 need_text(c, cpu, "name"), arch ? ", " : "", arch ? arch : "");
	c->where[0] = '\0';
}

/* What its ticks are of; a report of schema 2 does not say, and they are of time. */
static void read_clock(struct report *r, struct complaint *c)
{
	static const char *const clocks[] = {
#define CLOCK(name, what) #name,
#include "list/clock.def"
#undef CLOCK
	};
	const char *clock;

	if (!json_object_get(r->json, "clock"))
		return;
	clock = need_text(c, r->json, "clock");
	if (!strcmp(clock, clocks[1]))
		r->step = (double)need_count(c, r->json, "clock_step_ticks");
	if (strcmp(clock, clocks[0]) && !(r->step > 0))
		complain(c, "clock is \"%.40s\"; it is tsc, or instructions of "
			 "clock_step_ticks 1 or more", clock);
}

/* Whence each value of the configuration is; older reports do not say. */
static void read_config_from(const struct report *r, struct complaint *c)
{
	json_t *from = json_object_get(r->json, "config_from"), *v;
	const char *key;

	if (!from)
		return;
	if (!need_object(c, r->json, "config_from"))
		return;
	snprintf(c->where, sizeof(c->where), "config_from");
	json_object_foreach(from, key, v)
		need_text(c, from, key);
	c->where[0] = '\0';
}

static void read_shape(struct group *g, const json_t *taken, struct complaint *c)
{
	struct blocks *s = &g->shape;
	uint64_t total = 0;

	s->count = (unsigned)json_array_size(taken);
	s->n = calloc(s->count + 1, sizeof(*s->n));
	s->first = calloc(s->count + 1, sizeof(*s->first));
	if (!s->n || !s->first) {
		complain(c, "no memory for %u offsets", s->count);
		return;
	}
	for (unsigned b = 0; b < s->count; b++) {
		const json_t *v = json_array_get(taken, b);
		json_int_t n = json_integer_value(v);

		if (!json_is_integer(v) || n < 0 || total + (uint64_t)n > UINT32_MAX / 4) {
			complain(c, "taken[%u] is not a number of batches", b);
			return;
		}
		s->first[b] = (uint32_t)total;
		s->n[b] = (uint32_t)n;
		total += (uint64_t)n;
	}
	s->total = (uint32_t)total;
}

static void read_groups(struct report *r, struct complaint *c)
{
	const json_t *list = need_list(c, r->json, "groups");
	const json_t *permille = json_object_get(r->json, "precision_permille");

	r->group = calloc(json_array_size(list) + 1, sizeof(*r->group));
	if (!r->group) {
		complain(c, "no memory");
		return;
	}
	for (; r->groups < json_array_size(list) && !c->text[0]; r->groups++) {
		struct group *g = &r->group[r->groups];

		g->json = json_array_get(list, r->groups);
		snprintf(c->where, sizeof(c->where), "groups[%zu]", r->groups);
		g->name = need_text(c, g->json, "name");
		g->report = r->json;
		g->rules = r->rules;
		g->precision = permille ? (double)json_integer_value(permille) / 1000
			: MARGIN_LEAST;
		g->shape.looks_from = (unsigned)json_integer_value(
			json_object_get(g->json, "looks_from"));
		read_shape(g, need_list(c, g->json, "taken"), c);
	}
	c->where[0] = '\0';
}

void report_free(struct report *r)
{
	for (size_t i = 0; i < r->benches; i++) {
		free(r->bench[i].gross);
		free(r->bench[i].net);
		free(r->bench[i].half);
	}
	for (size_t i = 0; i < r->groups; i++) {
		free(r->group[i].shape.n);
		free(r->group[i].shape.first);
		free(r->group[i].kept);
		free(r->group[i].width);
	}
	free(r->bench);
	free(r->group);
	json_decref(r->json);
}

bool report_read(struct report *r, const char *path, struct complaint *c)
{
	*r = (struct report){ .path = path };
	*c = (struct complaint){ .path = path };
	if (!load(r, c))
		return false;
	read_kind(r, c);
	read_context(r, c);
	read_clock(r, c);
	r->seed = (uint64_t)need_count(c, r->json, "seed");
	r->chain_cycles = (uint64_t)need_count(c, r->json, "chain_cycles");
	read_config_from(r, c);
	if (!c->text[0])
		read_groups(r, c);
	if (!c->text[0] && read_benches(r, c))
		return true;
	report_free(r);
	return false;
}
