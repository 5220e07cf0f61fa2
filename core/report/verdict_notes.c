/* SPDX-License-Identifier: GPL-2.0-only */
/* How many verdicts there are, and why those that are open are; see verdict_notes.h. */
#include "lib/mul_div.h"
#include "lib/number.h"
#include "run/why_facts.h"
#include "verdict_notes.h"
#include "workload/registry.h"

static bool is_verdict(const struct result *res)
{
	return res->cell.role == ROLE_cell && result_is_compared(res);
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

/* Each comparison may be false by chance; so many of them are, on average, at most. */
static void put_count(const struct run *r, const struct verdicts *n, struct sink *s)
{
	char p[PERCENT_ROOM], t[24];

	sink_printf(s, "Verdicts: %u of %u decided", n->all - n->open, n->all);
	if (n->margin)
		sink_printf(s, ", %u of them at the margin of %s", n->margin,
			    percent_text(p, r->config->precision));
	sink_printf(s, ". By chance 5%% of them are false at most, however often it was "
		    "looked: of %u that is %s on average.\n", n->all,
		    micro_text(t, sizeof(t), (int64_t)n->all * (MILLION / 20), 1));
}

/* Some open verdict is of a group that has all the blocks there are to have. */
static bool some_open_is_full(const struct run *r)
{
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		for (size_t k = g->first; group_is_full(g) && k < g->first + g->count; k++)
			if (is_open(&r->results[k]))
				return true;
	}
	return false;
}

/* Nobody is to be told of more time where there was some. */
static void put_left(const struct run *r, unsigned budget, struct sink *s)
{
	uint64_t all = r->budget_ticks * (r->plan.cpus ? r->plan.cpus : 1);
	uint64_t used = r->rounds.used_ticks < all ? r->rounds.used_ticks : all;

	if (some_open_is_full(r))
		sink_printf(s, "A group gets %u blocks at most, and some that are open have "
			    "them: %u%% of the budget of %u s was left.\n", BLOCKS_MAX,
			    (unsigned)mul_div(all - used, 100, all), budget);
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
	} else if (r->rounds.ran) {
		put_left(r, budget, s);
	}
}

static int64_t width(const struct result *res)
{
	return res->vs.ratio_95.known ? interval_width(res->vs.ratio_95) : INT64_MAX;
}

/* Open verdicts of some groups: how many, and the one with the widest interval. */
struct open {
	unsigned cells, groups;
	const struct group *group;
	const struct result *widest;
};

static void add_open(const struct run *r, const struct group *g, struct open *o)
{
	unsigned before = o->cells;

	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct result *res = &r->results[i];

		if (!is_open(res))
			continue;
		o->cells++;
		if (o->widest && width(res) <= width(o->widest))
			continue;
		o->widest = res;
		o->group = g;
	}
	o->groups += o->cells > before;
}

static void put_why(const struct run *r, const struct open *o, struct sink *s)
{
	const struct why_facts f = why_facts_of(r, o->group, o->widest);
	char why[WHY_ROOM];

	sink_printf(s, "%s.\n", why_sentence(why, sizeof(why), &f));
}

static void put_open_group(const struct run *r, const struct group *g, struct sink *s)
{
	struct open o = { 0 };
	char name[GROUP_NAME_ROOM];

	add_open(r, g, &o);
	if (!o.cells)
		return;
	group_name(name, sizeof(name), g);
	sink_printf(s, "? %s: %u cell%s undecided; %s", name, o.cells,
		    o.cells > 1 ? "s" : "", o.cells > 1 ? "in the widest, " : "");
	put_why(r, &o, s);
}

/* Cold states together: what is said of one is mostly said of all. */
static void put_open_cold(const struct run *r, struct sink *s)
{
	struct open o = { 0 };
	char name[GROUP_NAME_ROOM];

	for (size_t i = 0; i < r->plan.groups; i++)
		if (r->group[i].state != STATE_warm)
			add_open(r, &r->group[i], &o);
	if (!o.cells)
		return;
	group_name(name, sizeof(name), o.group);
	sink_printf(s, "? cold states: %u cell%s of %u group%s undecided; in the widest, of "
		    "%s, ", o.cells, o.cells > 1 ? "s" : "", o.groups,
		    o.groups > 1 ? "s" : "", name);
	put_why(r, &o, s);
}

static void put_open(const struct run *r, struct sink *s)
{
	for (size_t i = 0; i < r->plan.groups; i++)
		if (r->group[i].state == STATE_warm)
			put_open_group(r, &r->group[i], s);
	put_open_cold(r, s);
}

/* What more blocks would mend, of a group that gets none. */
#define HELP_FULL	WHY_COUNT

static unsigned help_for(const struct run *r, const struct group *g,
			 const struct result *res)
{
	const struct why_facts f = why_facts_of(r, g, res);
	enum why why = why_of(&f);

	return f.full && (why == WHY_restless || why == WHY_too_few) ? HELP_FULL : why;
}

/* What most open verdicts want; what a word of why.def says is mended by. */
static void put_help(const struct run *r, struct sink *s)
{
	unsigned n[WHY_COUNT + 1] = { 0 }, most = 0;
	static const char *const help[WHY_COUNT + 1] = {
		[WHY_twin_apart] = "a coarser precision, or another machine",
		[WHY_too_few] = "more time (budget_s)",
		[WHY_no_ratio] = "a layout in which the reference takes something",
		[WHY_overlap] = "a layout in which it takes something",
		[WHY_not_alone] = "nobody else on this core",
		[WHY_dropped] = "a quieter machine",
		[WHY_coarse] = "longer timings (pass_ticks)",
		[WHY_restless] = "more time (budget_s), or a coarser precision",
		[HELP_FULL] = "a coarser precision: no group gets more blocks",
	};

	for (size_t i = 0; i < r->plan.groups; i++)
		for (size_t k = r->group[i].first;
		     k < r->group[i].first + r->group[i].count; k++)
			if (is_open(&r->results[k]))
				n[help_for(r, &r->group[i], &r->results[k])]++;
	for (unsigned i = 1; i <= WHY_COUNT; i++)
		if (n[i] > n[most])
			most = i;
	if (n[most])
		sink_printf(s, "What would help %u of them: %s.\n", n[most], help[most]);
}

void verdict_notes(const struct run *r, struct sink *s)
{
	struct verdicts n = count(r);

	if (!n.all)
		return;
	put_count(r, &n, s);
	put_budget(r, &n, s);
	if (!r->rounds.ran)
		return;
	put_open(r, s);
	put_help(r, s);
}
