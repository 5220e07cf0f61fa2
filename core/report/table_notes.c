/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands below the table, see table_notes.h. */
#include "lib/number.h"
#include "lib/string.h"
#include "backend/backends.h"
#include "report/listen_report.h"
#include "op_rows.h"
#include "path_report.h"
#include "table_box.h"
#include "table_counts.h"
#include "workload/registry.h"
#include "regime_report.h"
#include "table_notes.h"
#include "verdict_notes.h"

/* ", xen" where there is something to tell. */
static const char *backend_text(char *to, size_t room, enum backend_id backend)
{
	text_format(to, room, "%s%s", backend == BACKEND_native ? "" : ", ",
		    backend == BACKEND_native ? "" : backends[backend]->name);
	return to;
}

/* The cells that are left out with one, it among them; 0: one before it was counted. */
static unsigned left_out_with(const struct run *r, size_t one)
{
	const struct result *of = &r->results[one];
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct result *res = &r->results[i];

		if (!res->left_out || res->cell.role != ROLE_cell
		    || res->cell.workload != of->cell.workload
		    || !string_equal(res->why, of->why))
			continue;
		if (i < one)
			return 0;
		n++;
	}
	return n;
}

/* An op and its reason once, whatever was asked for of it; but for those of which nothing
 * was timed, which are told by reason, with the table of ops. */
static void put_left_out(const struct run *r, struct sink *s)
{
	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct result *res = &r->results[i];
		unsigned n = res->left_out && res->cell.role == ROLE_cell
			&& !is_left_out_whole(r, res->cell.workload) ? left_out_with(r, i) : 0;

		if (n)
			sink_printf(s, "left out: %s, %u %s: %s\n",
				    workload_of(res->cell.workload)->name, n,
				    n == 1 ? "cell" : "cells", res->why);
	}
}

static void put_refused(const struct run *r, struct sink *s)
{
	char backend[20], mode[40];

	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct result *res = &r->results[i];
		const struct cell *c = &res->cell;

		if (res->refused && !res->left_out && c->role == ROLE_cell)
			sink_printf(s, "not timed: %s%s, %s, %s, %s, %s: %s\n",
				    workload_of(c->workload)->name,
				    backend_text(backend, sizeof(backend), c->backend),
				    conventions[c->convention].name,
				    table_mode(mode, sizeof(mode), c),
				    layouts[c->layout].name,
				    states[c->state].name, res->why);
	}
}

/* What became of all sites in mode inline. */
static void put_sites_of(const struct run *r, enum backend_id b, struct sink *s)
{
	const struct text_counts *c = &r->applied[b][MODE_inline];

	if (!r->was_applied[b][MODE_inline])
		return;
	sink_printf(s, "paravirt-patch");
	if (b != BACKEND_native)
		sink_printf(s, ", %s", backends[b]->name);
	sink_printf(s, ":");
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		if (c->outcome[i])
			sink_printf(s, " %u %s,", c->outcome[i], patched_names[i]);
	sink_printf(s, " of %u sites; %s NOPs\n", c->sites, r->nops->name);
}

static void put_sites(const struct run *r, struct sink *s)
{
	for (unsigned b = 0; b < BACKEND_COUNT; b++)
		put_sites_of(r, b, s);
}

static void put_clobbers(const struct run *r, struct sink *s)
{
	if (r->clobbers.checked)
		sink_printf(s, "Registers: %u sites run alone, %u change one they may not.\n",
			    r->clobbers.checked, r->clobbers.failed);
}

/* Why ticks are no instructions, where they might have been. */
static void put_clock(const struct run *r, struct sink *s)
{
	if (r->clock.why[0])
		sink_printf(s, "Times, not instructions: the clock does not count those "
			    "equally (%s).\n", r->clock.why);
}

static void put_legend(const struct run *r, struct sink *s)
{
	char p[PERCENT_ROOM];

	sink_printf(s, "TSC ticks of one op (cold: and its filler), "
		    "median over %u code offsets%s of the median of %u batches (cold: %u); "
		    "lower is better. [+x%%]: slower than normal, by pairs; +-: to the "
		    "farther end of the 95%% interval. same: within %s; margin: "
		    "about that; ?: inconclusive, or the A/A twin is apart. B: bytes of the op's "
		    "sites. IF mostly is as the op leaves it.\n",
		    r->rounds.ran ? r->rounds.first_blocks : (unsigned)r->config->offsets,
		    r->rounds.ran ? " or more" : "",
		    (unsigned)plan_batches(r->config),
		    (unsigned)state_batches(r->config, STATE_cold_code),
		    percent_text(p, r->config->precision));
}

/* What [ref] is where it is not native: a name, or one for each there is. */
static void put_legend_ref(const struct run *r, struct sink *s)
{
	struct set named = { { 0 } };
	bool any = false;
	char name[40];

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct result *ref = group_reference(&r->group[i], r->results);

		if (!ref || ref->cell.mode == MODE_native
		    || set_has(&named, ref->cell.convention))
			continue;
		reference_name(name, sizeof(name), &ref->cell);
		sink_printf(s, any ? ", %s" : "[ref]: its op has no normal here, or "
			    "one that is a call; what the others are compared with: %s", name);
		set_add(&named, ref->cell.convention);
		any = true;
	}
	if (any)
		sink_printf(s, ".\n");
}

/* What is said only where there is such a thing. */
static void put_legend_more(const struct run *r, struct sink *s)
{
	bool kept = false, by_difference = false;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		for (size_t k = g->first; k < g->first + g->count; k++) {
			kept |= cell_kept(&r->results[k]);
			by_difference |= is_told_by_difference(&r->results[k]);
		}
	}
	if (by_difference)
		sink_printf(s, "[+xt]: normal is too near 0 for a ratio; so many "
			    "ticks more, and the A/A twin is nearer.\n");
	put_legend_ref(r, s);
	if (kept)
		sink_printf(s, "kept-...: not patched, so the time is that of the "
			    "site as it was built; mixed: of some of the op's sites.\n");
}

/* How far a ratio is from 1, up to TABLE_RATIO_MAX. */
static int64_t apart(int64_t ratio)
{
	if (ratio > TABLE_RATIO_MAX || ratio < -TABLE_RATIO_MAX + MILLION)
		return TABLE_RATIO_MAX;
	return ratio > MILLION ? ratio - MILLION : MILLION - ratio;
}

/* Twins: how far apart things are that are the same. */
static void put_twins(const struct run *r, struct sink *s)
{
	unsigned n = 0, same = 0, without = 0;
	int64_t worst = 0;
	char t[24];

	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct result *res = &r->results[i];

		if (res->cell.role != ROLE_twin || !res->has_vs || !res->ticks.n
		    || !kind_has_rows(workload_of(res->cell.workload)->kind))
			continue;
		n++;
		same += res->vs.verdict == VERDICT_same;
		without += !res->vs.has_ratio;
		if (res->vs.has_ratio && apart(res->vs.ratio) > worst)
			worst = apart(res->vs.ratio);
	}
	if (!n)
		return;
	sink_printf(s, "A/A twins: %u of %u the same within %s", same, n,
		    percent_text(t, r->config->precision));
	if (without)
		sink_printf(s, ", %u without a ratio", without);
	if (without < n)
		sink_printf(s, "; estimates %s%% apart at most",
			    micro_text(t, sizeof(t), worst * 100, 2));
	sink_printf(s, ".\n");
}

static void put_batches(const struct run *r, struct sink *s)
{
	const struct quality *q = &r->quality;

	sink_printf(s, "Batches: %u tried, dropped for", (unsigned)q->tried);
	for (unsigned i = 0; i < DROPPED_COUNT; i++)
		sink_printf(s, " %s %u%s", dropped_names[i],
			    (unsigned)q->dropped[i],
			    i + 1 < DROPPED_COUNT ? "," : "");
	sink_printf(s, "; %u windows, %u overran; seed %llu.\n",
		    (unsigned)q->windows, (unsigned)q->overran,
		    (unsigned long long)r->seed);
}

/* Groups that did not get the batches they should have, or none. */
static void put_short(const struct run *r, struct sink *s)
{
	char backend[20], why[UNMEASURED_ROOM];

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];
		uint32_t want = group_batches(r->config, g), least = want;

		for (unsigned b = 0; b < g->blocks; b++)
			if (g->taken[b] < least)
				least = g->taken[b];
		/* With a budget blocks may be shorter: what is open says why. */
		if (least == want || group_had_no_turn(r, g) || group_is_left_out(r, g)
		    || (r->rounds.ran && group_taken(g)))
			continue;
		sink_printf(s, "%s: %s%s, %s, %s: ", group_taken(g) ? "Short of batches"
			    : "Not measured", workload_of(g->workload)->name,
			    backend_text(backend, sizeof(backend), g->backend),
			    layouts[g->layout].name, states[g->state].name);
		if (unmeasured_text(g, why, sizeof(why))) {
			sink_printf(s, "%s.\n", why);
			continue;
		}
		sink_printf(s, "%u of %u, %u in the worst block.\n",
			    (unsigned)group_taken(g),
			    (unsigned)(want * g->blocks), (unsigned)least);
	}
}

void table_notes_cells(const struct run *r, struct sink *s)
{
	put_left_out(r, s);
	put_refused(r, s);
	put_sites(r, s);
	put_clobbers(r, s);
	if (run_is_counted(r)) {
		table_counts_legend(r, s);
	} else if (!has_table_ops_alone(r)) {
		put_legend(r, s);
		put_legend_more(r, s);
	}
	path_notes(r, s);
}

void table_notes_run(const struct run *r, struct sink *s)
{
	if (!run_is_counted(r)) {
		put_clock(r, s);
		regimes_table(r, s);
		verdict_notes(r, s);
		put_twins(r, s);
		listen_note(r, s);
		put_batches(r, s);
	}
	put_short(r, s);
}
