/* SPDX-License-Identifier: GPL-2.0-only */
/* Count x cost, see mix_cost.h. */
#include "lib/mul_div.h"
#include "run/mix_cost.h"
#include "run/part_cell.h"
#include "workload/registry.h"

const char *const mix_agrees_names[] = {
	[MIX_AGREES] = "agrees", [MIX_DIFFERS] = "differs", [MIX_NOT_KNOWN] = "not known",
};

/* Is it in the row as it is by itself?  There restore_fl restores IF set. */
static bool is_alike(const struct mix_row *row, enum mix_part p)
{
	return p != MIX_PART_restore_fl || workload_of(row->workload)->if_before;
}

static void add(struct mix_cost *c, const struct result *res, uint32_t count)
{
	c->ticks += count * res->ticks.median;
	c->ticks_95.known &= res->median_95.known;
	c->ticks_95.lo += count * res->median_95.lo;
	c->ticks_95.hi += count * res->median_95.hi;
	c->counted &= res->counted;
	c->instructions += (uint64_t)count * res->instructions;
}

struct mix_cost mix_cost(const struct run *r, const struct group *g, const struct result *res)
{
	const struct mix_row *row = mix_row_of(g->workload);
	struct mix_cost c = { .known = true, .ticks_95 = { true, 0, 0 }, .counted = true };

	for (unsigned p = 0; p < MIX_PARTS && c.known; p++) {
		const uint32_t count = row->drawn->sequence.count[p];
		const struct result *of = count && is_alike(row, p)
			? part_cell(r, part_group(r, g, mix_part_workload(p)), &res->cell) : NULL;

		c.known = !count || (of && (of->ticks.n || of->counted));
		c.lacks = p;
		if (of && c.known)
			add(&c, of, count);
	}
	if (!c.known)
		c.counted = c.ticks_95.known = false;
	return c;
}

enum mix_agrees mix_agrees(const struct mix_cost *c, const struct result *res)
{
	const struct interval *a = &c->ticks_95, *b = &res->median_95;
	bool same = c->instructions == res->instructions;

	if (c->known && c->counted && res->counted)
		return same ? MIX_AGREES : MIX_DIFFERS;
	if (!c->known || !a->known || !b->known)
		return MIX_NOT_KNOWN;
	return a->lo <= b->hi && b->lo <= a->hi ? MIX_AGREES : MIX_DIFFERS;
}

int64_t mix_unit(const struct mix_row *row, int64_t v)
{
	const uint64_t in_sequence = row->drawn->sequence.steps * row->facts->units;
	const uint64_t n = mul_div(v < 0 ? -(uint64_t)v : (uint64_t)v, row->drawn->replayed,
				   in_sequence);

	return v < 0 ? -(int64_t)n : (int64_t)n;
}

uint64_t mix_unit_instructions(const struct mix_row *row)
{
	const struct mix_facts *f = row->facts;

	return (f->kernel_instructions + f->user_instructions) / f->units;
}

int64_t mix_unit_percent(const struct mix_row *row, int64_t cycles, unsigned ipc)
{
	const uint64_t n = mix_unit_instructions(row);
	const uint64_t v = cycles < 0 ? -(uint64_t)cycles : (uint64_t)cycles;
	const uint64_t percent = mul_div(v, ipc, 10 * (n + !n));

	return cycles < 0 ? -(int64_t)percent : (int64_t)percent;
}
