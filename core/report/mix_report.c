/* SPDX-License-Identifier: GPL-2.0-only */
/* Replays of mixes, as members of the report; see mix_report.h. */
#include "report/mix_report.h"
#include "run/mix_cost.h"
#include "workload/registry.h"

bool run_has_mixes(const struct run *r)
{
	for (size_t i = 0; i < r->plan.groups; i++)
		if (mix_row_of(r->group[i].workload))
			return true;
	return false;
}

/* What it was drawn from. */
static void put_facts(struct json *j, const struct mix_facts *f)
{
	json_text(j, "kernel", f->kernel);
	json_text(j, "mix", f->name);
	json_text(j, "unit", f->unit);
	json_number(j, "units", f->units);
	json_number(j, "kernel_instructions", f->kernel_instructions);
	json_number(j, "user_instructions", f->user_instructions);
	json_number(j, "ops", f->ops);
}

static void put_left(struct json *j, const struct mix_drawn *d)
{
	json_number(j, "ops_replayed", d->replayed);
	json_number(j, "names_not_replayed", d->left);
	json_open(j, "not_replayed", "{");
	for (unsigned i = 0; i < d->left && i < MIX_LEFT_MAX; i++)
		json_number(j, d->of_left[i].name, d->of_left[i].count);
	json_close(j, "}");
}

/* Ops of the sequence, each a site of its own, beside the record's. */
static void put_parts(struct json *j, const struct mix_row *row)
{
	json_open(j, "parts", "{");
	for (unsigned p = 0; p < MIX_PARTS; p++) {
		const struct mix_op *of = &row->facts->part[p];

		if (!row->drawn->may[p] || !of->count)
			continue;
		json_open(j, workload_of(mix_part_workload(p))->name, "{");
		json_number(j, "sequence", row->drawn->sequence.count[p]);
		json_number(j, "recorded", of->count);
		json_number(j, "sites_recorded", of->sites);
		json_close(j, "}");
	}
	json_close(j, "}");
}

static void put_drawn(struct json *j, const struct mix_row *row)
{
	const struct mix_sequence *s = &row->drawn->sequence;

	json_text(j, "gaps", mix_fillers[row->filler]);
	if (s->count[MIX_PART_restore_fl])
		json_bool(j, "restores_if_set", workload_of(row->workload)->if_before);
	json_number(j, "seed", row->drawn->seed);
	json_number(j, "steps", s->steps);
	json_number(j, "longest_gap", row->drawn->gap);
	json_number(j, "gaps_cut", s->cut);
	json_number(j, "gap_instructions_drawn", s->drawn);
	json_number(j, "gap_instructions", s->kept);
	json_number(j, "passed", s->passed);
	put_left(j, row->drawn);
	put_parts(j, row);
}

/* Of a unit's time, at so many instructions a cycle; in millionths. */
static int64_t percent(const struct mix_row *row, const struct result *res, unsigned ipc)
{
	return 1000 * mix_unit_percent(row, mix_unit(row, res->cycles), ipc);
}

static void put_unit(struct json *j, const struct mix_row *row, const struct result *res)
{
	json_micro(j, "ticks", res->ticks.median, 3);
	if (res->median_95.known) {
		json_micro(j, "ticks_lo", res->median_95.lo, 3);
		json_micro(j, "ticks_hi", res->median_95.hi, 3);
	}
	json_micro(j, "unit_ticks", mix_unit(row, res->ticks.median), 0);
	if (res->has_cycles) {
		json_micro(j, "unit_percent_ipc_1", percent(row, res, 1), 3);
		json_micro(j, "unit_percent_ipc_4", percent(row, res, 4), 3);
	}
}

static void put_cost(struct json *j, const struct mix_cost *c)
{
	if (!c->known) {
		json_text(j, "cost_lacks", workload_of(mix_part_workload(c->lacks))->name);
		return;
	}
	if (c->counted) {
		json_number(j, "cost_instructions", c->instructions);
		return;
	}
	json_micro(j, "cost_ticks", c->ticks, 3);
	if (c->ticks_95.known) {
		json_micro(j, "cost_ticks_lo", c->ticks_95.lo, 3);
		json_micro(j, "cost_ticks_hi", c->ticks_95.hi, 3);
	}
}

static void put_cell(struct json *j, const struct run *r, const struct group *g,
		     const struct result *res)
{
	const struct mix_row *row = mix_row_of(g->workload);
	const struct cell *c = &res->cell;
	const struct mix_cost cost = mix_cost(r, g, res);

	json_open(j, NULL, "{");
	json_text(j, "convention", conventions[c->convention].name);
	json_text(j, "mode", modes[c->mode].name);
	json_text(j, "padding", paddings[c->padding].name);
	if (res->counted) {
		json_number(j, "instructions", res->instructions);
		json_micro(j, "unit_instructions",
			   MILLION * mix_unit(row, (int64_t)res->instructions), 0);
	} else {
		put_unit(j, row, res);
	}
	put_cost(j, &cost);
	json_text(j, "cost", mix_agrees_names[mix_agrees(&cost, res)]);
	json_close(j, "}");
}

static void put_group(struct json *j, const struct run *r, const struct group *g)
{
	char name[GROUP_NAME_ROOM];

	json_open(j, NULL, "{");
	group_name(name, sizeof(name), g);
	json_text(j, "group", name);
	put_facts(j, mix_row_of(g->workload)->facts);
	put_drawn(j, mix_row_of(g->workload));
	json_open(j, "cells", "[");
	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct result *res = &r->results[i];

		if (res->cell.role == ROLE_cell && !res->refused
		    && (res->ticks.n || res->counted))
			put_cell(j, r, g, res);
	}
	json_close(j, "]");
	json_close(j, "}");
}

void mixes_json(const struct run *r, struct json *j)
{
	if (!run_has_mixes(r))
		return;
	json_open(j, "mixes", "[");
	for (size_t i = 0; i < r->plan.groups; i++)
		if (mix_row_of(r->group[i].workload))
			put_group(j, r, &r->group[i]);
	json_close(j, "]");
}

size_t mixes_room(const struct run *r)
{
	size_t room = 64;

	for (size_t i = 0; i < r->plan.groups; i++)
		if (mix_row_of(r->group[i].workload))
			room += 2048 + MIX_LEFT_MAX * 64 + MIX_PARTS * 128
				+ r->group[i].count * (size_t)512;
	return room;
}
