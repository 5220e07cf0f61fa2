/* SPDX-License-Identifier: GPL-2.0-only */
/* Listening before a run, see listen.h. */
#include "listen.h"
#include "stats/sequential.h"
#include "twins.h"
#include "workload/registry.h"

uint64_t listen_watch(const struct run *r)
{
	uint64_t ticks = 2 * (r->listen_ticks / 5);

	return ticks > r->gap_watch ? ticks : r->gap_watch;
}

/* What a block of every group is expected to take, on the CPU that was listened to, which
 * is the first that can be had;
 * @first: so many blocks of each as a first pass has. */
static uint64_t pass_ticks(const struct run *r, bool first)
{
	uint64_t ticks = 0;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		if (g->cpu == r->group[0].cpu)
			ticks += r->listened.state[g->state].cell_ticks * g->count
				* (first ? g->first_blocks : 1);
	}
	return ticks;
}

/* Blocks that the budget lasts for, if all groups are given as many; a first pass that is
 * too long is cut. */
static uint32_t expected_blocks(const struct run *r)
{
	uint64_t each = pass_ticks(r, false), used = r->listened.ticks;
	uint64_t most = plan_blocks(r->config, r->machine), blocks = r->config->offsets;

	if (r->budget_ticks && each)
		blocks = r->budget_ticks > used ? (r->budget_ticks - used) / each : 0;
	return (uint32_t)(!blocks ? 1 : blocks < most ? blocks : most);
}

/* The rank at which an interval of so many blocks ends. */
static unsigned rank_of(const struct run *r, uint32_t blocks)
{
	const struct looks looks = { r->budget_ticks ? r->config->offsets : 0 };
	unsigned size[LOOKS_MAX], n = 0;
	uint8_t rank[LOOKS_MAX] = { 0 };

	for (unsigned at = 0; (at = next_look(&looks, at)) && at < blocks; )
		size[n++] = at;
	size[n] = blocks;
	look_ranks(size, n + 1, rank);
	return rank[n];
}

/* What is to be told of a run of so many blocks. */
static struct resolution resolution_at(const struct run *r, const struct heard *h,
				       uint32_t blocks)
{
	int64_t ratio[LISTEN_BLOCKS];

	for (unsigned i = 0; i < h->blocks; i++)
		ratio[i] = h->ratio[i];
	return resolution_of(ratio, h->blocks, blocks, rank_of(r, blocks), h->grain,
			     MILLION / 1000 * r->config->precision);
}

static bool listen_to(struct run *r, struct arena *a, enum state_id state,
		      uint64_t ticks, struct run_error *e)
{
	struct heard *h = &r->listened.state[state];
	uint64_t took;
	bool ok = time_twins(r, a, state, ticks, h, &took, e);

	r->listened.ticks += took;
	/* A CPU that is over ends no run: of this state nothing is heard then. */
	return ok || (h->has_group && group_is_over(&r->group[h->group]));
}

/* States from @from on that the plan has ops in. */
static unsigned states_left(const struct run *r, unsigned from)
{
	bool has[STATE_COUNT] = { false };
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.groups; i++)
		if (workload_of(r->group[i].workload)->kind == KIND_OP)
			has[r->group[i].state] = true;
	for (unsigned s = from; s < STATE_COUNT; s++)
		n += has[s];
	return n;
}

bool listen_to_twins(struct run *r, struct arena *a, struct run_error *e)
{
	struct listened *l = &r->listened;
	uint64_t ends;

	l->ticks = r->before.ticks;
	ends = l->ticks + 3 * (r->listen_ticks / 5);
	if (!r->listen_ticks || run_is_counted(r))
		return true;
	for (unsigned s = 0; s < STATE_COUNT; s++) {
		uint64_t left = ends > l->ticks ? ends - l->ticks : 0;
		unsigned left_in = states_left(r, s);

		if (left_in && !listen_to(r, a, s, left / left_in, e))
			return false;
	}
	l->twins = true;
	l->first_pass = pass_ticks(r, true);
	l->expected = expected_blocks(r);
	for (unsigned s = 0; s < STATE_COUNT; s++)
		l->state[s].told = resolution_at(r, &l->state[s], l->expected);
	return true;
}

/* Of a cell that was compared, half of its ratio's interval. */
static bool half_width_of(const struct result *res, enum state_id state, int64_t *half)
{
	const struct interval *in = &res->vs.ratio_95;

	if (res->cell.role != ROLE_cell || res->cell.state != state || res->refused
	    || !res->has_vs || !in->known
	    || workload_of(res->cell.workload)->kind != KIND_OP)
		return false;
	*half = in->hi / 2 - in->lo / 2;
	return true;
}

/* Blocks of the groups that have cells to compare, their median. */
static uint32_t blocks_had(const struct run *r, enum state_id state)
{
	uint32_t n = 0;

	for (size_t i = 0; i < r->plan.groups; i++)
		if (r->group[i].state == state
		    && workload_of(r->group[i].workload)->kind == KIND_OP)
			r->scratch[n++] = r->group[i].blocks;
	return n ? (uint32_t)median_of(r->scratch, n) : 0;
}

static void reach(struct run *r, enum state_id state)
{
	struct heard *h = &r->listened.state[state];
	uint32_t n = 0;

	h->had = blocks_had(r, state);
	if (h->had)
		h->then = resolution_at(r, h, h->had);
	for (size_t i = 0; i < r->plan.cells; i++)
		n += half_width_of(&r->results[i], state, &r->scratch[n]);
	h->reached_of = n;
	h->reached = n ? median_of(r->scratch, n) : 0;
}

void listen_reached(struct run *r)
{
	for (unsigned s = 0; s < STATE_COUNT; s++)
		reach(r, s);
}
