/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 2006 table beside a run's replays, see seed_rows.h.
 *
 * What stands there is the mail's own case: native, by the seed's convention.  A mix has
 * several rows, by what fills its gaps and by IF at its restores; a share is from the least of
 * them to the most.  In ring 3 no replay has the ops on the interrupt flag natively: none is
 * a row of this table then.
 */
#include "report/mix_report.h"
#include "report/seed_table.h"
#include "run/mix_cost.h"
#include "lib/mul_div.h"
#include "lib/string.h"
#include "seed_rows.h"
#include "workload/registry.h"

struct rows {
	const char *kernel;		/* of the first mix; NULL: there is none */
	struct seed_here of[SEED_ROW_COUNT];
};

/* The whole unit's ops, natively?  Then its row. */
static const struct mix_row *native_mix(const struct group *g)
{
	const struct mix_row *row = mix_row_of(g->workload);

	return row && g->backend == BACKEND_native
		&& row->drawn->may[MIX_PART_irq_disable] ? row : NULL;
}

static void widen(struct seed_share *to, struct seed_share s)
{
	if (!s.known)
		return;
	if (!to->known || s.least < to->least)
		to->least = s.least;
	if (!to->known || s.most > to->most)
		to->most = s.most;
	to->known = true;
}

/* What a cell's sequence takes more than the native one's. */
static bool added_by(const struct result *res, const struct result *native,
		     struct seed_added *added)
{
	if (res->counted && native->counted) {
		added->least = ((int64_t)res->instructions - (int64_t)native->instructions)
			* MILLION;
		added->most = added->least;
		return true;
	}
	*added = (struct seed_added){ res->vs.difference_95.lo, res->vs.difference_95.hi };
	return res->has_vs && res->vs.difference_95.known;
}

uint64_t seed_cycle_ticks(const struct group *g, struct result *results)
{
	const struct result *chain = group_find(g, results, ROLE_chain, 0, 0);

	if (!chain || !chain->has_cycles || chain->cycles <= 0 || chain->ticks.median <= 0)
		return 0;
	return mul_div((uint64_t)chain->ticks.median, MILLION, (uint64_t)chain->cycles);
}

/* Of a unit's time that a row is of. */
static uint64_t instructions_of(const struct mix_row *row, enum seed_time time)
{
	const struct mix_facts *f = row->facts;

	return time == SEED_TIME_kernel ? f->kernel_instructions / f->units
		: mix_unit_instructions(row);
}

/* @cycle: see seed_cycle_ticks(). */
static struct seed_share share_of(const struct mix_row *row, enum seed_time time,
				  uint64_t cycle, const struct result *res,
				  const struct result *native)
{
	struct seed_added added;

	if (!res || !native || res->refused || native->refused
	    || !added_by(res, native, &added))
		return (struct seed_share){ 0 };
	added.least = mix_unit(row, added.least);
	added.most = mix_unit(row, added.most);
	return seed_share_of(added, instructions_of(row, time), cycle, native->counted);
}

static void add_group(struct rows *rows, const struct run *r, const struct group *g,
		      const struct mix_row *row)
{
	const struct result *native = group_find(g, r->results, ROLE_cell, MODE_native,
						 CONVENTION_native);
	const struct result *calls = group_find(g, r->results, ROLE_cell, MODE_indirect,
						CONVENTION_seed);
	const struct result *patched = group_find(g, r->results, ROLE_cell, MODE_inline,
						  CONVENTION_seed);
	const uint64_t cycle = native && native->counted ? MILLION
		: seed_cycle_ticks(g, r->results);

	for (unsigned i = 0; i < SEED_ROW_COUNT; i++) {
		const enum seed_time time = seed_row_then(i).time;

		if (!seed_row_is_of(i, row->facts->name))
			continue;
		widen(&rows->of[i].paravirt, share_of(row, time, cycle, calls, native));
		widen(&rows->of[i].patched, share_of(row, time, cycle, patched, native));
	}
}

static struct rows rows_of(const struct run *r)
{
	struct rows rows = { 0 };

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct mix_row *row = native_mix(&r->group[i]);

		if (!row)
			continue;
		if (!rows.kernel)
			rows.kernel = row->facts->kernel;
		if (string_equal(rows.kernel, row->facts->kernel))
			add_group(&rows, r, &r->group[i], row);
	}
	return rows;
}

void seed_rows_table(const struct run *r, struct sink *s)
{
	struct rows rows = rows_of(r);

	if (rows.kernel)
		seed_table(rows.of, rows.kernel, run_is_counted(r), s);
}

/* In the mail's direction: of a rate where it has one. */
static void put_share(struct json *j, const char *name, bool rate, struct seed_share time)
{
	const struct seed_share s = rate ? seed_as_rate(time) : time;

	if (!s.known)
		return;
	json_open(j, name, "{");
	json_micro(j, "least", s.least, 6);
	json_micro(j, "most", s.most, 6);
	json_close(j, "}");
}

void seed_rows_json(const struct run *r, struct json *j)
{
	struct rows rows = rows_of(r);

	if (!rows.kernel)
		return;
	json_open(j, "seed_table", "{");
	json_text(j, "kernel", rows.kernel);
	json_open(j, "rows", "[");
	for (unsigned i = 0; i < SEED_ROW_COUNT; i++) {
		struct seed_row_then then = seed_row_then(i);

		json_open(j, NULL, "{");
		json_text(j, "name", then.name);
		json_micro(j, "paravirt_2006", then.paravirt * 10, 5);
		json_micro(j, "patched_2006", then.patched * 10, 5);
		put_share(j, "paravirt", then.rate, rows.of[i].paravirt);
		put_share(j, "patched", then.rate, rows.of[i].patched);
		json_close(j, "}");
	}
	json_close(j, "]");
	json_close(j, "}");
}
