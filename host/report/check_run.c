/* SPDX-License-Identifier: GPL-2.0-only */
/* A run's and a group's own numbers, see check_run.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "check_run.h"
#include "exits.h"
#include "looks.h"
#include "mixes.h"
#include "regimes.h"
#include "whole.h"

#define LINE_BYTES	64

/* Where the schema says it at all. */
static bool is_bound(const struct report *r)
{
	return r->rules->margins == OF_PRECISION;
}

static uint64_t dropped(const struct group *g)
{
	json_t *all = json_object_get(g->json, "dropped"), *v;
	const char *key;
	uint64_t n = 0;

	json_object_foreach(all, key, v)
		n += (uint64_t)json_integer_value(v);
	return n;
}

/* Looks at a group, the last one included. */
static unsigned looks_at(const struct group *g)
{
	struct seen seen = { 0 };

	for (unsigned b = 0; b < g->shape.count; b++)
		see(&seen, b + 1, b + 1, g->shape.looks_from, g->shape.count);
	return g->shape.looks_from ? seen.n : 0;
}

static void check_places(const struct bench *b, struct checked *sum)
{
	const json_t *places = json_object_get(b->group->json, "offsets"), *v;
	size_t i;

	if (!b->timed)
		return;
	sum->numbers++;
	json_array_foreach(json_object_get(b->json, "address"), i, v) {
		json_int_t at = json_integer_value(json_array_get(places, i));
		char is[24], want[40];

		if (json_integer_value(v) % LINE_BYTES == at)
			continue;
		sum->wrong++;
		snprintf(is, sizeof(is), "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		snprintf(want, sizeof(want), "byte %" JSON_INTEGER_FORMAT " of a line", at);
		differences_add(&sum->differences, b->name, "address", is, want);
		return;
	}
}

/* Is there one between, of the same 64, at the same byte?  With a budget there is none. */
static bool is_repeated(const json_t *places, size_t at)
{
	for (size_t i = at - at % LINE_BYTES; i < at; i++)
		if (json_equal(json_array_get(places, i), json_array_get(places, at)))
			return true;
	return false;
}

/* In a fixed plan steps of the line; where rounds were timed each byte once before any
 * twice.  They are raw: no number stated, unless wrong. */
static void check_drawn(const struct report *r, const struct group *g, struct checked *sum)
{
	const json_t *places = json_object_get(g->json, "offsets"), *v;
	json_int_t step = (json_int_t)number_in(r->json, "offset_step_bytes");
	bool drawn = json_object_get(r->json, "rounds");
	size_t i;

	json_array_foreach(places, i, v) {
		json_int_t at = json_integer_value(v);
		char is[40], want[40] = "a byte not used";

		if (drawn ? !is_repeated(places, i) : at == (json_int_t)i * step)
			continue;
		sum->numbers++;
		sum->wrong++;
		snprintf(is, sizeof(is), "%" JSON_INTEGER_FORMAT, at);
		if (!drawn)
			snprintf(want, sizeof(want), "%" JSON_INTEGER_FORMAT,
				 (json_int_t)i * step);
		differences_add(&sum->differences, g->name, "offsets", is, want);
		return;
	}
}

void check_group(const struct report *r, const struct group *g, struct checked *sum)
{
	if (!is_bound(r))
		return;
	check_whole(sum, g->name, g->json, "tried", g->shape.total + dropped(g));
	check_drawn(r, g, sum);
	if (!r->step)
		check_whole(sum, g->name, g->json, "looks", looks_at(g));
	for (size_t i = 0; i < r->benches; i++) {
		const struct bench *b = &r->bench[i];

		if (b->group != g)
			continue;
		check_whole(sum, b->name, b->json, "cpu", number_in(g->json, "cpu"));
		check_places(b, sum);
	}
}

/* ---- the run */

static void check_batches(const struct report *r, struct checked *sum)
{
	json_t *batches = json_object_get(r->json, "batches"), *v;
	const json_t *all = json_object_get(batches, "dropped");
	static const char *const sums[] = { "tried", "windows", "windows_overran", "gap_own" };
	const char *key;

	for (unsigned k = 0; k < sizeof(sums) / sizeof(sums[0]); k++) {
		uint64_t n = 0;

		for (size_t g = 0; g < r->groups; g++)
			n += number_in(r->group[g].json, sums[k]);
		check_whole(sum, "batches", batches, sums[k], n);
	}
	json_object_foreach((json_t *)all, key, v) {
		uint64_t n = 0;

		for (size_t g = 0; g < r->groups; g++)
			n += number_in(json_object_get(r->group[g].json, "dropped"), key);
		check_whole(sum, "batches.dropped", all, key, n);
	}
}

/* As the verdicts of cells have it that are stated, and looked at one by one; a twin's
 * is no answer. */
static void check_rounds(const struct report *r, struct checked *sum)
{
	const json_t *rounds = json_object_get(r->json, "rounds");
	uint64_t looks = 0, decided = 0, open = 0;

	if (!rounds)
		return;
	for (size_t g = 0; g < r->groups; g++)
		looks += number_in(r->group[g].json, "looks");
	for (size_t i = 0; i < r->benches; i++) {
		const json_t *vs = json_object_get(r->bench[i].json, "vs");
		const char *verdict = text_in(vs, "verdict");

		if (!*verdict || r->bench[i].role != ROLE_CELL)
			continue;
		if (strcmp(verdict, verdict_words[VERDICT_inconclusive]))
			decided++;
		else
			open++;
	}
	check_whole(sum, "rounds", rounds, "looks", looks);
	check_whole(sum, "rounds", rounds, "decided", decided);
	check_whole(sum, "rounds", rounds, "open", open);
}

static const json_t *cpu_of(const struct report *r, uint64_t number)
{
	json_t *cpus = json_object_get(r->json, "cpus"), *v;
	size_t i;

	json_array_foreach(cpus, i, v)
		if (number_in(v, "cpu") == number)
			return v;
	return NULL;
}

/* Its name says the CPU, but for the boot CPU. */
static bool is_named_so(const struct group *g, uint64_t number, bool boot)
{
	char at[24];
	const char *end = strrchr(g->name, '@');

	snprintf(at, sizeof(at), "@%" PRIu64, number);
	return boot ? !end : end && !strcmp(end, at);
}

static void check_cpus(const struct report *r, struct checked *sum)
{
	for (size_t i = 0; i < r->groups; i++) {
		const struct group *g = &r->group[i];
		uint64_t number = number_in(g->json, "cpu");
		const json_t *cpu = cpu_of(r, number);
		char is[24];
		const char *want = NULL;

		sum->numbers++;
		if (!cpu)
			want = "one that is in cpus";
		else if (json_object_get(cpu, "not_run") && g->shape.total)
			want = "one that was run";
		else if (!is_named_so(g, number, json_is_true(json_object_get(cpu, "boot"))))
			want = "the one in the group's name";
		if (!want)
			continue;
		sum->wrong++;
		snprintf(is, sizeof(is), "%" PRIu64, number);
		differences_add(&sum->differences, g->name, "cpu", is, want);
	}
}

void check_run(const struct report *r, struct checked *sum)
{
	if (!is_bound(r))
		return;
	check_batches(r, sum);
	check_rounds(r, sum);
	check_cpus(r, sum);
	check_regimes(r, sum);
	check_ops(r, sum);
	check_mixes(r, sum);
}
