/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run knows of a verdict that is inconclusive, see why_facts.h. */
#include "run/why_facts.h"

/* What most batches were dropped for; NULL: none was. */
static const char *dropped_most(const struct quality *q)
{
	unsigned most = 0;

	for (unsigned i = 1; i < DROPPED_COUNT; i++)
		if (q->dropped[i] > q->dropped[most])
			most = i;
	return q->dropped[most] ? dropped_names[most] : NULL;
}

struct why_facts why_facts_of(const struct run *r, const struct group *g,
			      const struct result *res)
{
	const struct result *twin = group_find(g, r->results, ROLE_twin, 0, 0);
	const struct result *reference = group_reference(g, r->results);
	struct why_facts f = {
		.vs = &res->vs, .reference = reference ? reference->ticks.median : 0,
		.twin = twin && twin != res ? &twin->vs : NULL,
		.tried = g->quality.tried, .dropped_for = dropped_most(&g->quality),
		.budget = r->rounds.ran, .full = group_is_full(g),
	};

	for (unsigned i = 0; i < DROPPED_COUNT; i++)
		f.dropped += g->quality.dropped[i];
	f.alone_known = group_alone(g, &f.alone_permille);
	return f;
}
