/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run knows of an open verdict: of its group's blocks, and of the budget. */
#include <string.h>
#include "run/why_facts.h"

/* run.h has a plan() too. */
#define plan tap_plan
#include "tap.h"
#undef plan

static struct result results[2] = {
	{ .cell.role = ROLE_cell,
	  .vs = { .verdict = VERDICT_inconclusive, .blocks = 90, .margin = 10000 } },
	{ .cell.role = ROLE_twin },
};
static struct group group = { .count = 2 };
static struct run run = { .results = results, .group = &group };

static const char *sentence(unsigned blocks, bool ran)
{
	static char to[WHY_ROOM];
	struct why_facts f;

	group.blocks = blocks;
	run.rounds.ran = ran;
	f = why_facts_of(&run, &group, &results[0]);
	return why_sentence(to, sizeof(to), &f);
}

static bool ends(const char *s, const char *in)
{
	return strlen(s) >= strlen(in) && !strcmp(s + strlen(s) - strlen(in), in);
}

int main(void)
{
	struct why_facts f = why_facts_of(&run, &group, &results[0]);

	ok(f.twin == &results[1].vs && !why_facts_of(&run, &group, &results[1]).twin,
	   "the twin, but for itself");
	ok1(ends(sentence(BLOCKS_MAX - 1, true), "; the budget is used up"));
	ok(ends(sentence(BLOCKS_MAX, true), "; no group gets more"),
	   "a group that is full, of whose blocks some have no number");
	ok(ends(sentence(BLOCKS_MAX, false), "; the plan is fixed"), "without a budget's rounds");
	group.quality.tried = 1000;
	group.quality.dropped[1] = 7;
	group.quality.dropped[2] = 9;
	f = why_facts_of(&run, &group, &results[0]);
	ok(f.tried == 1000 && f.dropped == 16 && !strcmp(f.dropped_for, dropped_names[2]),
	   "what was dropped, and for what most");
	return done();
}
