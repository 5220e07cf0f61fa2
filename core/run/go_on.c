/* SPDX-License-Identifier: GPL-2.0-only */
/* Rounds: what is open after the first pass is timed on; see go_on.h. */
#include "go_on.h"
#include "lib/mem.h"
#include "run/regimes.h"
#include "run/summary.h"
#include "stats/next_group.h"

/* Groups that are timed in turns. */
#define ROUND_GROUPS	8

struct round {
	struct group *group[ROUND_GROUPS];
	unsigned had[ROUND_GROUPS];	/* blocks, before it */
	unsigned count;
};

static void count_decided(struct pace *p)
{
	p->decided = p->open = 0;
	for (size_t i = p->first; i < p->end; i++) {
		const struct group *g = &p->run->group[i];

		for (size_t k = g->first; k < g->first + g->count; k++) {
			const struct result *res = &p->run->results[k];

			if (!result_is_compared(res) || res->cell.role != ROLE_cell)
				continue;
			p->open += !is_decided(res->vs.verdict);
			p->decided += is_decided(res->vs.verdict);
		}
	}
}

static void look(struct pace *p, struct group *g)
{
	const struct summary_rules rules = summary_rules_of(p->run);

	g->looks_from = g->first_blocks;
	summarise(g, p->run->results, &rules);
	g->looks++;
	p->run->rounds.looks++;
}

/* Where batches of before count that did not, or the other way round: no look is spent. */
static void look_again(struct pace *p)
{
	const struct summary_rules rules = summary_rules_of(p->run);

	for (size_t i = p->first; i < p->end; i++)
		summarise(&p->run->group[i], p->run->results, &rules);
}

/* What its blocks up to its next look take, as those took that it has. */
static uint64_t look_ticks(const struct group *g, struct looks looks)
{
	unsigned next = next_look(&looks, g->blocks);

	return next && g->blocks
		? g->spent_ticks / g->blocks * (next - g->blocks) : 0;
}

static struct contender contender_of(const struct pace *p, const struct group *g)
{
	const struct result *twin = group_find(g, p->run->results, ROLE_twin, 0, 0);
	int64_t floor = group_floor(g, p->run->results, summary_rules_of(p->run).margin);
	struct looks looks = { g->looks_from };
	struct contender c = {
		.looks = looks, .blocks = g->blocks, .look_ticks = look_ticks(g, looks),
	};

	for (size_t i = g->first; i < g->first + g->count; i++) {
		const struct result *res = &p->run->results[i];

		/* One without a batch is open as well: what disturbed it may be gone. */
		if (res->has_vs && !res->refused)
			contend(&c, &res->vs, res == twin ? INT64_MAX : floor);
	}
	return c;
}

/* Those that go on.  The list is in the scratch, see run_scratch(). */
static struct round choose_round(const struct pace *p)
{
	struct contender *c = (struct contender *)p->run->scratch;
	uint64_t left = pace_left(p);
	size_t n = p->end - p->first;
	struct round round = { .count = 0 };

	for (size_t i = 0; i < n; i++)
		c[i] = contender_of(p, &p->run->group[p->first + i]);
	while (left && round.count < ROUND_GROUPS) {
		size_t i = choose_group(c, n, left);

		if (i == n)
			break;
		round.group[round.count] = &p->run->group[p->first + i];
		round.had[round.count] = round.group[round.count]->blocks;
		round.count++;
		left -= c[i].look_ticks;
		memset(c[i].open, 0, sizeof(c[i].open));
	}
	return round;
}

/* A block more, at the next place that was drawn for it. */
static bool add_block(struct pace *p, struct group *g)
{
	return pace_block(p, g, g->blocks++);
}

static bool time_round(struct pace *p, const struct round *round)
{
	unsigned want[ROUND_GROUPS], added;

	for (unsigned i = 0; i < round->count; i++) {
		struct looks looks = { round->group[i]->looks_from };

		want[i] = next_look(&looks, round->group[i]->blocks);
	}
	do {
		added = 0;
		for (unsigned i = 0; i < round->count; i++) {
			struct group *g = round->group[i];

			if (g->blocks >= want[i] || !pace_left(p))
				continue;
			if (!add_block(p, g))
				return false;
			added++;
		}
	} while (added);
	return true;
}

bool go_on_with_open(struct pace *p)
{
	struct round round;

	run_regimes(p->run);
	for (size_t i = p->first; i < p->end; i++)
		look(p, &p->run->group[i]);
	count_decided(p);
	while ((round = choose_round(p)).count) {
		pace_say(p, false);
		if (!time_round(p, &round))
			return false;
		if (run_regimes(p->run))
			look_again(p);
		for (unsigned i = 0; i < round.count; i++)
			if (round.group[i]->blocks > round.had[i])
				look(p, round.group[i]);
		count_decided(p);
	}
	pace_say(p, true);
	return true;
}
