/* SPDX-License-Identifier: GPL-2.0-only */
/* How many verdicts there are, and why those that are open are; see verdict_notes.h. */
#include "lib/number.h"
#include "run/why_facts.h"
#include "verdict_notes.h"
#include "workload/registry.h"

static bool is_verdict(const struct result *res)
{
	return res->cell.role == ROLE_cell && res->has_vs && !res->refused && res->all_n;
}

static bool is_open(const struct result *res)
{
	return is_verdict(res) && !is_decided(res->vs.verdict);
}

struct verdicts {
	unsigned all, margin, open;
};

static struct verdicts count(const struct run *r)
{
	struct verdicts n = { 0 };

	for (size_t i = 0; i < r->plan.cells; i++) {
		const struct result *res = &r->results[i];

		n.all += is_verdict(res);
		n.margin += is_verdict(res) && res->vs.verdict == VERDICT_margin;
		n.open += is_open(res);
	}
	return n;
}

const char *precision_text(char *to, size_t room, const struct run *r)
{
	unsigned p = r->config->precision;

	text_format(to, room, p % 10 ? "%u.%u%%" : "%u%%", p / 10, p % 10);
	return to;
}

/* Each comparison may be false by chance; so many of them are, on average, at most. */
static void put_count(const struct run *r, const struct verdicts *n, struct sink *s)
{
	char p[PRECISION_ROOM], t[24];

	sink_printf(s, "Verdicts: %u of %u decided", n->all - n->open, n->all);
	if (n->margin)
		sink_printf(s, ", %u of them at the margin of %s", n->margin,
			    precision_text(p, sizeof(p), r));
	sink_printf(s, ". By chance 5%% of comparisons are false at most, however often "
		    "they were looked at: of %u so many as %s, on average.\n", n->all,
		    micro_text(t, sizeof(t), (int64_t)n->all * (MILLION / 20), 1));
}

/* What became of the budget. */
static void put_budget(const struct run *r, const struct verdicts *n, struct sink *s)
{
	unsigned budget = plan_budget_s(r->config, r->machine);

	if (!budget) {
		if (n->open)
			sink_printf(s, "What is open stays so: the plan is fixed (budget_s "
				    "= 0).\n");
	} else if (!r->budget_ticks) {
		sink_printf(s, "budget_s = %u is not kept: the TSC's rate is not known, so "
			    "the plan is fixed.\n", budget);
	} else if (r->rounds.ran && r->rounds.first_blocks
		   && r->rounds.first_blocks < r->config->offsets) {
		sink_printf(s, "The first pass takes longer than the budget of %u s: it is cut "
			    "to %u of %u code offsets, for all alike.\n", budget,
			    r->rounds.first_blocks, (unsigned)r->config->offsets);
	}
}

static int64_t width(const struct result *res)
{
	int64_t wide;

	if (!res->vs.ratio_95.known
	    || __builtin_sub_overflow(res->vs.ratio_95.hi, res->vs.ratio_95.lo, &wide))
		return INT64_MAX;
	return wide;
}

/* The open one with the widest interval, and how many there are. */
static const struct result *widest(const struct run *r, const struct group *g,
				   unsigned *open)
{
	const struct result *most = NULL;

	*open = 0;
	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct result *res = &r->results[i];

		if (!is_open(res))
			continue;
		++*open;
		if (!most || width(res) > width(most))
			most = res;
	}
	return most;
}

static void put_open(const struct run *r, struct sink *s)
{
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];
		unsigned open;
		const struct result *res = widest(r, g, &open);
		char name[GROUP_NAME_ROOM], why[WHY_ROOM];
		struct why_facts f;

		if (!res)
			continue;
		f = why_facts_of(r, g, res);
		group_name(name, sizeof(name), g);
		sink_printf(s, "? %s, %u: %s%s.\n", name, open,
			    open > 1 ? "at the widest " : "",
			    why_sentence(why, sizeof(why), &f));
	}
}

void verdict_notes(const struct run *r, struct sink *s)
{
	struct verdicts n = count(r);

	if (!n.all)
		return;
	put_count(r, &n, s);
	put_budget(r, &n, s);
	if (r->rounds.ran)
		put_open(r, s);
}
