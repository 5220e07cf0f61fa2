/* SPDX-License-Identifier: GPL-2.0-only */
/* Replays of mixes, see mixes.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "mixes.h"
#include "whole.h"

/* An op by itself, of the same backend, layout and state as a mix's group, and as its cell. */
static const json_t *cell_of(const struct report *r, const char *op, const char *group,
			     const json_t *as)
{
	static const char *const same[] = { "convention", "mode", "padding" };
	char name[200];

	snprintf(name, sizeof(name), "%s%s", op, strchr(group, '/') ? strchr(group, '/') : "");
	for (size_t i = 0; i < r->benches; i++) {
		const struct bench *b = &r->bench[i];
		bool is = b->role == ROLE_CELL && !strcmp(b->group->name, name);

		for (unsigned k = 0; k < sizeof(same) / sizeof(same[0]); k++)
			is = is && !strcmp(text_in(b->json, same[k]), text_in(as, same[k]));
		if (is)
			return b->json;
	}
	return NULL;
}

/* Of all its ops, as often as the sequence has them: of a key of their cells. */
static double sum_of(const struct report *r, const json_t *mix, const json_t *cell,
		     const char *key)
{
	json_t *parts = json_object_get(mix, "parts"), *part;
	const char *op;
	double sum = 0;

	json_object_foreach(parts, op, part) {
		double n = (double)number_in(part, "sequence");

		if (n)
			sum += n * json_number_value(json_object_get(
				cell_of(r, op, text_in(mix, "group"), cell), key));
	}
	return sum;
}

/* Ticks of an op are stated with three decimals, and so is their sum. */
static void check_ticks(const struct report *r, const json_t *mix, const json_t *cell,
			struct checked *sum)
{
	const json_t *stated = json_object_get(cell, "cost_ticks");
	double want = sum_of(r, mix, cell, "median_ticks");
	double off = 0.0005 * (double)(number_in(mix, "steps") + 2);
	char is[40], of[40];

	if (!stated)
		return;
	sum->numbers++;
	if (fabs(json_number_value(stated) - want) <= off)
		return;
	sum->wrong++;
	snprintf(is, sizeof(is), "%.3f", json_number_value(stated));
	snprintf(of, sizeof(of), "%.3f", want);
	differences_add(&sum->differences, text_in(mix, "group"), "cost_ticks", is, of);
}

static void check_cell(const struct report *r, const json_t *mix, const json_t *cell,
		       struct checked *sum)
{
	const char *group = text_in(mix, "group");

	if (json_object_get(cell, "cost_instructions"))
		check_whole(sum, group, cell, "cost_instructions",
			    (uint64_t)sum_of(r, mix, cell, "instructions"));
	check_ticks(r, mix, cell, sum);
}

static uint64_t sum_of_parts(const json_t *mix, const char *key)
{
	json_t *parts = json_object_get(mix, "parts"), *part;
	const char *op;
	uint64_t n = 0;

	json_object_foreach(parts, op, part)
		n += number_in(part, key);
	return n;
}

void check_mixes(const struct report *r, struct checked *sum)
{
	json_t *mix, *cell;
	size_t i, k;

	json_array_foreach(json_object_get(r->json, "mixes"), i, mix) {
		const char *group = text_in(mix, "group");

		check_whole(sum, group, mix, "steps", sum_of_parts(mix, "sequence"));
		check_whole(sum, group, mix, "ops_replayed", sum_of_parts(mix, "recorded"));
		json_array_foreach(json_object_get(mix, "cells"), k, cell)
			check_cell(r, mix, cell, sum);
	}
}
