/* SPDX-License-Identifier: GPL-2.0-only */
/* A group: its cells, its batches, and what they are called; see group.h. */
#include "lib/sink.h"
#include "plan/group.h"
#include "workload/registry.h"
#include "workload/table.h"

struct result *group_find(const struct group *g, struct result *results,
			  enum role role, enum mode_id mode,
			  enum convention_id convention)
{
	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct cell *c = &results[i].cell;

		if (c->role != role || results[i].refused)
			continue;
		if (role != ROLE_cell
		    || (c->mode == mode && c->convention == convention))
			return &results[i];
	}
	return NULL;
}

/* Is its native cell a call too?  What is patched against that is no statement. */
static bool native_calls(enum workload_id w)
{
	const struct table_op *op = table_op_of(workload_of(w));

	return op && op_calls_native(op);
}

bool better_reference(const struct cell *c, const struct cell *than)
{
	bool calls = native_calls(c->workload);

	if (c->mode == MODE_native)
		return !than || (!calls && than->mode != MODE_native);
	if (c->mode != MODE_indirect)
		return false;
	if (!than || than->mode == MODE_native)
		return !than || calls;
	return than->convention != CONVENTION_ccall && c->convention == CONVENTION_ccall;
}

struct result *group_reference(const struct group *g, struct result *results)
{
	struct result *found = NULL;

	for (size_t i = g->first; i < g->first + g->count; i++) {
		struct result *res = &results[i];

		if (res->cell.role == ROLE_cell
		    && better_reference(&res->cell, found ? &found->cell : NULL))
			found = res;
	}
	return found && !found->refused ? found : NULL;
}

void reference_name(char *to, size_t room, const struct cell *c)
{
	if (c->mode == MODE_native)
		text_format(to, room, "native");
	else
		text_format(to, room, "%s/%s", modes[c->mode].name,
			    conventions[c->convention].name);
}

const char *group_at(char to[GROUP_AT_ROOM], const struct group *g)
{
	to[0] = '\0';
	if (g->on && !g->on->boot)
		text_format(to, GROUP_AT_ROOM, "@%u", g->on->number);
	return to;
}

void group_name(char *to, size_t room, const struct group *g)
{
	char at[GROUP_AT_ROOM];

	text_format(to, room, "%s/%s/%s/%s%s", workload_of(g->workload)->name,
		    backends[g->backend]->name, layouts[g->layout].name,
		    states[g->state].name, group_at(at, g));
}

int64_t group_floor(const struct group *g, struct result *results, int64_t margin)
{
	const struct result *twin = group_find(g, results, ROLE_twin, 0, 0);
	const struct result *reference = group_reference(g, results);

	return twin && reference
		? difference_floor_of(&twin->vs, reference->ticks.median, margin) : INT64_MAX;
}

void group_lay_blocks(struct group *g, unsigned offsets)
{
	g->blocks = g->first_blocks = offsets;
	for (unsigned b = 0; b < offsets; b++)
		g->offset[b] = (uint8_t)(b * offset_step(offsets));
}

bool group_alone(const struct group *g, unsigned *permille)
{
	uint32_t n = 0, alone = 0;

	if (!g->width || (!g->regimes.two && g->regimes.wide_is != REGIME_alone))
		return false;
	for (unsigned b = 0; b < g->blocks; b++)
		for (uint32_t i = 0; i < g->taken[b]; i++, n++)
			alone += g->width[(size_t)b * g->width_each + i].regime == REGIME_alone;
	*permille = n ? (unsigned)(1000ull * alone / n) : 0;
	return n;
}

uint32_t group_taken(const struct group *g)
{
	uint32_t n = 0;

	for (unsigned b = 0; b < g->blocks; b++)
		n += g->taken[b];
	return n;
}
