/* SPDX-License-Identifier: GPL-2.0-only */
/* Replays of mixes in the seed's three columns, see mix_report.h. */
#include "lib/number.h"
#include "report/mix_report.h"
#include "run/mix_cost.h"
#include "workload/registry.h"

enum { NORMAL, PARAVIRT, PATCHED, COLUMNS };

/* The cells of a row: a group's, of a convention. */
struct row_cells {
	const struct run *r;
	const struct group *g;
	const struct mix_row *row;
	const struct result *of[COLUMNS];	/* NULL: not measured */
};

static const struct result *measured(struct result *res)
{
	return res && (res->ticks.n || res->counted) ? res : NULL;
}

static struct row_cells cells_of(const struct run *r, const struct group *g,
				 enum convention_id convention)
{
	return (struct row_cells){
		.r = r, .g = g, .row = mix_row_of(g->workload),
		.of = {
			measured(group_find(g, r->results, ROLE_cell, MODE_native,
					    CONVENTION_native)),
			measured(group_find(g, r->results, ROLE_cell, MODE_indirect, convention)),
			measured(group_find(g, r->results, ROLE_cell, MODE_inline, convention)),
		},
	};
}

/* Of a unit, in whole ticks or instructions. */
static int64_t unit_of(const struct row_cells *c, const struct result *res)
{
	return mix_unit(c->row, res->counted ? (int64_t)res->instructions * MILLION
			: res->ticks.median);
}

static int64_t unit_cost(const struct row_cells *c, const struct mix_cost *cost)
{
	return mix_unit(c->row, cost->counted ? (int64_t)cost->instructions * MILLION
			: cost->ticks);
}

#define NUMBER_ROOM	32
#define PUT_NAME	"%-25s"
#define PUT_COLUMN	" %11s"

static void put_replay(const struct row_cells *c, struct sink *s)
{
	char t[NUMBER_ROOM];

	for (unsigned i = 0; i < COLUMNS; i++)
		sink_printf(s, PUT_COLUMN, c->of[i]
			    ? micro_text(t, sizeof(t), unit_of(c, c->of[i]), 0) : "-");
	sink_printf(s, "\n");
}

/* And how many of them are what their ops make; nothing if none has its ops' cells. */
static void put_costs(const struct row_cells *c, struct sink *s)
{
	struct mix_cost cost[COLUMNS] = { 0 };
	unsigned agree = 0, of = 0;
	char t[NUMBER_ROOM];

	for (unsigned i = 0; i < COLUMNS; i++) {
		enum mix_agrees a = MIX_NOT_KNOWN;

		if (c->of[i]) {
			cost[i] = mix_cost(c->r, c->g, c->of[i]);
			a = mix_agrees(&cost[i], c->of[i]);
		}
		agree += a == MIX_AGREES;
		of += a != MIX_NOT_KNOWN;
	}
	if (!of)
		return;
	sink_printf(s, "  " PUT_NAME, "  count x cost");
	for (unsigned i = 0; i < COLUMNS; i++)
		sink_printf(s, PUT_COLUMN, cost[i].known
			    ? micro_text(t, sizeof(t), unit_cost(c, &cost[i]), 0) : "-");
	sink_printf(s, "  %u of %u %s\n", agree, of, run_is_counted(c->r) ? "agree" : "meet");
}

static void put_percents(const struct row_cells *c, struct sink *s)
{
	sink_printf(s, "  " PUT_NAME, "  % of it, IPC 1 to 4");
	for (unsigned i = 0; i < COLUMNS; i++) {
		char lo[NUMBER_ROOM], hi[NUMBER_ROOM], both[2 * NUMBER_ROOM] = "-";
		int64_t cycles = c->of[i] && c->of[i]->has_cycles
			? mix_unit(c->row, c->of[i]->cycles) : 0;

		if (cycles)
			text_format(both, sizeof(both), "%s-%s",
				    micro_text(lo, sizeof(lo), 1000
					       * mix_unit_percent(c->row, cycles, 1), 1),
				    micro_text(hi, sizeof(hi), 1000
					       * mix_unit_percent(c->row, cycles, 4), 1));
		sink_printf(s, PUT_COLUMN, both);
	}
	sink_printf(s, "\n");
}

static void put_row(const struct run *r, const struct group *g,
		    enum convention_id convention, struct sink *s)
{
	const struct row_cells c = cells_of(r, g, convention);
	const struct workload *wl = workload_of(g->workload);
	char what[40];

	if (!c.of[PARAVIRT] && !c.of[PATCHED])
		return;
	text_format(what, sizeof(what), "%s %s, %s%s", backends[g->backend]->name,
		    conventions[convention].name, mix_fillers[c.row->filler],
		    wl->if_before ? "" : ", IF 0");
	sink_printf(s, "  " PUT_NAME, what);
	put_replay(&c, s);
	put_costs(&c, s);
	if (!run_is_counted(r))
		put_percents(&c, s);
}

/* Rounded, as docs/mixes.md has it. */
static uint64_t a_unit(const struct mix_facts *f, uint64_t of_all)
{
	return (of_all + f->units / 2) / f->units;
}

/* What it is, what was drawn of it, and what was not. */
static void put_head(const struct mix_row *row, struct sink *s)
{
	const struct mix_sequence *q = &row->drawn->sequence;
	const struct mix_facts *f = row->facts;

	sink_printf(s, "%s %s: %s; %llu instructions, %llu ops, of these %llu replayed%s\n",
		    f->kernel, f->name, f->unit,
		    (unsigned long long)mix_unit_instructions(row),
		    (unsigned long long)a_unit(f, f->ops),
		    (unsigned long long)a_unit(f, row->drawn->replayed),
		    row->drawn->may[MIX_PART_irq_disable] ? "" : ": none that needs ring 0");
	sink_printf(s, "  %u drawn by seed %llu, of %u gaps %u cut to %u instructions\n",
		    q->steps, (unsigned long long)row->drawn->seed, q->steps, (unsigned)q->cut,
		    row->drawn->gap);
}

static void put_left(const struct mix_row *row, struct sink *s)
{
	const struct mix_drawn *d = row->drawn;

	sink_printf(s, "  Not replayed, of all %llu units:",
		    (unsigned long long)row->facts->units);
	for (unsigned i = 0; i < d->left && i < MIX_LEFT_MAX; i++)
		sink_printf(s, " %s=%llu", d->of_left[i].name,
			    (unsigned long long)d->of_left[i].count);
	sink_printf(s, "%s\n", d->left > MIX_LEFT_MAX ? ", and more" : "");
}

static void put_group(const struct run *r, const struct group *g, struct sink *s)
{
	for (unsigned c = 0; c < CONVENTION_COUNT; c++)
		if (conventions[c].sites)
			put_row(r, g, c, s);
}

void mixes_table(const struct run *r, struct sink *s)
{
	const struct mix_row *last = NULL;

	if (!run_has_mixes(r))
		return;
	sink_printf(s, "%-27s" PUT_COLUMN PUT_COLUMN "  paravirt-patch\n", run_is_counted(r)
		    ? "replays, instructions" : "replays, TSC ticks", "normal", "paravirt");
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct mix_row *row = mix_row_of(r->group[i].workload);

		if (!row)
			continue;
		if (!last || row->drawn != last->drawn) {
			if (last)
				put_left(last, s);
			put_head(row, s);
		}
		put_group(r, &r->group[i], s);
		last = row;
	}
	put_left(last, s);
	sink_printf(s, "Of a replay: a unit's ops, the gaps taken off, scaled by their counts. "
		    "Gaps are LEAs that depend on each other (chain) or not (lea): a kernel's "
		    "own instructions are between both.%s\n", run_is_counted(r) ? ""
		    : " %: of a unit's instructions as time, by the core's cycles. Meet: their "
		      "95% intervals do, however wide they are.");
}
