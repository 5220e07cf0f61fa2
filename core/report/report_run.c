/* SPDX-License-Identifier: GPL-2.0-only */
/* How a run was measured, as members of the report, see report_parts.h. */
#include "backend/backends.h"
#include "report/fit.h"
#include "report/listen_report.h"
#include "report/mix_report.h"
#include "report/scale_report.h"
#include "report/torture_report.h"
#include "op_report.h"
#include "path_report.h"
#include "regime_report.h"
#include "report_parts.h"
#include "seed_rows.h"

static void put_quality(struct json *j, const struct quality *q)
{
	json_number(j, "tried", q->tried);
	json_open(j, "dropped", "{");
	for (unsigned i = 0; i < DROPPED_COUNT; i++)
		json_number(j, dropped_names[i], q->dropped[i]);
	json_close(j, "}");
	json_number(j, "largest_gap_ticks", q->largest_gap);
	json_number(j, "gap_bound_ticks", q->gap_bound);
	json_number(j, "gap_own", q->gap_own);
	json_number(j, "windows", q->windows);
	json_number(j, "windows_overran", q->overran);
	json_number(j, "longest_window_ticks", q->longest_window);
}

/* Of each block: its batches, and where in a cache line its copies begin. */
static void put_blocks(struct json *j, const struct group *g)
{
	json_number(j, "first_blocks", g->first_blocks);
	json_number(j, "looks", g->looks);
	json_number(j, "looks_from", g->looks_from);
	json_open(j, "taken", "[");
	for (unsigned b = 0; b < g->blocks; b++) {
		json_item(j);
		sink_printf(j->s, "%u", (unsigned)g->taken[b]);
	}
	json_close(j, "]");
	json_open(j, "offsets", "[");
	for (unsigned b = 0; b < g->blocks; b++) {
		json_item(j);
		sink_printf(j->s, "%u", (unsigned)g->offset[b]);
	}
	json_close(j, "]");
}

static void put_groups(struct json *j, const struct run *r)
{
	char name[GROUP_NAME_ROOM], why[UNMEASURED_ROOM];

	json_open(j, "groups", "[");
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		json_open(j, NULL, "{");
		group_name(name, sizeof(name), g);
		json_text(j, "name", name);
		json_number(j, "cpu", group_cpu(g));
		put_blocks(j, g);
		if (unmeasured_text(g, why, sizeof(why)))
			json_text(j, "not_measured", why);
		put_quality(j, &g->quality);
		group_width_json(g, j);
		json_close(j, "}");
	}
	json_close(j, "]");
}

/* Those that were asked for; without a list one that nothing is known of. */
static void put_cpus(struct json *j, const struct platform *m)
{
	static const struct run_cpu one = { .boot = true };
	const struct run_cpu *cpu = m->cpu ? m->cpu : &one;

	json_open(j, "cpus", "[");
	for (unsigned i = 0; i < (m->cpu ? m->cpus : 1); i++) {
		json_open(j, NULL, "{");
		json_number(j, "cpu", cpu[i].number);
		json_number(j, "apic_id", cpu[i].apic_id);
		json_text(j, "kind", core_kind_names[cpu[i].kind]);
		json_bool(j, "boot", cpu[i].boot);
		if (cpu[i].not_run[0])
			json_text(j, "not_run", cpu[i].not_run);
		json_close(j, "}");
	}
	json_close(j, "]");
}

static void put_gaps(struct json *j, const char *key, const struct gaps *g)
{
	json_open(j, key, "{");
	json_number(j, "watched_ticks", g->ticks);
	json_number(j, "count", g->count);
	json_number(j, "largest_ticks", g->largest);
	json_close(j, "}");
}

static void put_applied_mode(struct json *j, enum mode_id mode,
			     const struct text_counts *c)
{
	json_open(j, modes[mode].name, "{");
	json_number(j, "sites", c->sites);
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		json_number(j, patched_names[i], c->outcome[i]);
	json_number(j, "nops", c->nops);
	json_number(j, "most_nops_in_a_site", c->max_nops);
	json_close(j, "}");
}

static bool was_applied(const struct run *r, enum backend_id b)
{
	for (unsigned m = 0; m < MODE_COUNT; m++)
		if (r->was_applied[b][m])
			return true;
	return false;
}

/* By backend and mode. */
static void put_applied(struct json *j, const struct run *r)
{
	json_open(j, "applied", "{");
	for (unsigned b = 0; b < BACKEND_COUNT; b++) {
		if (!was_applied(r, b))
			continue;
		json_open(j, backends[b]->name, "{");
		for (unsigned m = 0; m < MODE_COUNT; m++)
			if (r->was_applied[b][m])
				put_applied_mode(j, m, &r->applied[b][m]);
		json_close(j, "}");
	}
	json_close(j, "}");
	json_text(j, "nop_table", r->nops->name);
}

/* How often it was looked at what a site does to registers. */
static void put_clobbers(struct json *j, const struct run *r)
{
	json_open(j, "clobbers", "{");
	json_number(j, "checked", r->clobbers.checked);
	json_number(j, "failed", r->clobbers.failed);
	json_number(j, "not_run", r->clobbers.not_run);
	json_close(j, "}");
}

/* Of what was asked for, in sentences and in numbers of cells. */
static void put_left_out(struct json *j, const struct run *r)
{
	char note[PLAN_NOTE_ROOM];

	if (plan_note(r->config, &r->plan, note, sizeof(note)))
		json_text(j, "left_out", note);
	json_open(j, "skipped", "{");
	for (unsigned i = 0; i < SKIPPED_COUNT; i++)
		json_number(j, skipped_names[i], r->plan.skipped[i]);
	json_close(j, "}");
}

/* What its ticks are of. */
static void put_clock(struct json *j, const struct clock *c)
{
	json_text(j, "clock", clock_names[c->id]);
	if (c->id == CLOCK_instructions)
		json_number(j, "clock_step_ticks", c->step);
	if (c->why[0])
		json_text(j, "clock_why", c->why);
}

/* Layouts or states that do not agree. */
static void put_differ(struct json *j, const struct run *r)
{
	if (!r->differ)
		return;
	json_number(j, "instructions_differ", r->differ);
	json_text(j, "instructions_differ_first", r->differs);
}

/* How long it may take, how near it is to decide, and what came of that. */
static void put_rounds(struct json *j, const struct run *r)
{
	const struct rounds *b = &r->rounds;

	json_number(j, "budget_s", plan_budget_s(r->config, r->machine));
	json_number(j, "precision_permille", r->config->precision);
	if (!b->ran)
		return;
	json_open(j, "rounds", "{");
	json_number(j, "budget_ticks", r->budget_ticks);
	json_number(j, "used_ticks", b->used_ticks);
	json_number(j, "first_blocks", b->first_blocks);
	json_number(j, "looks", b->looks);
	json_number(j, "decided", b->decided);
	json_number(j, "open", b->open);
	json_close(j, "}");
}

static void put_how(struct json *j, const struct run *r)
{
	put_clock(j, &r->clock);
	put_differ(j, r);
	json_number(j, "seed", r->seed);
	json_number(j, "ring", r->machine->ring);
	json_number(j, "gap_us", r->config->gap_us);
	put_rounds(j, r);
	if (!r->rounds.ran)
		json_number(j, "offset_step_bytes", offset_step(r->config->offsets));
	put_left_out(j, r);
	json_text(j, "cycles_from", r->machine->cycles ? "counter" : "IMUL chain");
	json_bool(j, "branches_flushed_by_ibpb", r->machine->flush_branches);
	json_number(j, "chain_cycles", r->chain_cycles);
	/* Of the ENDBR that every target of an indirect call begins with. */
	json_number(j, "endbr_bytes", r->text ? r->text->where.endbr : 0);
	json_number(j, "tsc_step_ticks", r->before.step);
	json_number(j, "pass_ticks", r->pass_ticks);
	put_gaps(j, "gaps_before", &r->before);
	put_gaps(j, "gaps_after", &r->after);
	listen_json(r, j);
	json_open(j, "batches", "{");
	put_quality(j, &r->quality);
	json_close(j, "}");
}

/* How it was measured: what is needed to compute it again, or to doubt it; and what came
 * of it besides cells. */
void report_run_json(struct json *j, const struct run *r,
		     const struct environment *env, const struct findings *found)
{
	struct anchors anchors;

	put_how(j, r);
	put_applied(j, r);
	put_clobbers(j, r);
	modules_json(r, j);
	torture_json(&found->torture, env->tsc_hz, j);
	fit_json(r->text, r->nops, j);
	if (r->clock.id == CLOCK_tsc) {
		run_anchors(r, env, &anchors);
		anchors_json(&anchors, j);
	}
	ops_json(r, env, j);
	mixes_json(r, j);
	paths_json(r, j);
	seed_rows_json(r, j);
	put_cpus(j, r->machine);
	regimes_json(r, j);
	put_groups(j, r);
	if (r->scale) {
		json_open(j, "scale", "{");
		scale_json(r->scale, j);
		json_close(j, "}");
	}
}
