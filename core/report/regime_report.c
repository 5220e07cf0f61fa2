/* SPDX-License-Identifier: GPL-2.0-only */
/* Regimes told, see regime_report.h. */
#include "regime_report.h"
#include "lib/number.h"
#include "measure/width_probe.h"

/* The first group of the next CPU that has widths, from there on; NULL: there is none. */
static const struct group *next_cpu(const struct run *r, size_t *at)
{
	while (*at < r->plan.groups) {
		const struct group *g = &r->group[(*at)++];

		if (!g->width)
			continue;
		while (*at < r->plan.groups && r->group[*at].cpu == g->cpu)
			(*at)++;
		return g;
	}
	return NULL;
}

static void put_batches(const struct regimes *found, struct json *j)
{
	json_open(j, "batches", "{");
	for (unsigned i = 0; i < REGIME_COUNT; i++)
		json_number(j, regime_names[i], found->batches[i]);
	json_close(j, "}");
}

static void put_regimes(const struct run *r, const struct group *g, struct json *j)
{
	const struct regimes *found = &g->regimes;

	json_open(j, NULL, "{");
	json_number(j, "cpu", group_cpu(g));
	json_text(j, "used", regime_names[found->used]);
	json_number(j, "threshold", found->threshold);
	json_number(j, "wide", found->wide);
	json_text(j, "wide_is", regime_names[found->wide_is]);
	json_number(j, "narrow", found->narrow);
	if (r->published.milli) {
		json_number(j, "published", r->published.milli);
		json_text(j, "of", r->published.uarch);
		json_text(j, "source", r->published.source);
	}
	put_batches(found, j);
	json_close(j, "}");
}

void regimes_json(const struct run *r, struct json *j)
{
	const struct group *g;
	size_t at = 0;

	g = next_cpu(r, &at);
	if (!g)
		return;
	json_open(j, "probe", "{");
	json_number(j, "adds", width_unit.adds);
	json_number(j, "links", width_unit.links);
	json_number(j, "registers", PROBE_REGISTERS);
	json_close(j, "}");
	json_open(j, "regime", "[");
	for (; g; g = next_cpu(r, &at))
		put_regimes(r, g, j);
	json_close(j, "]");
}

static uint32_t first_of(const struct width_taken *w) { return w->first; }
static uint32_t last_of(const struct width_taken *w) { return w->last; }
static uint32_t chain_of(const struct width_taken *w) { return w->chain; }

static void put_raw(struct json *j, const char *key, const struct group *g,
		    uint32_t (*of)(const struct width_taken *w))
{
	json_open(j, key, "[");
	for (unsigned b = 0; b < g->blocks; b++) {
		const struct width_taken *w = g->width + (size_t)b * g->width_each;

		json_item(j);
		sink_put(j->s, "[", 1);
		for (uint32_t i = 0; i < g->taken[b]; i++)
			sink_printf(j->s, "%s%u", i ? "," : "", (unsigned)of(&w[i]));
		sink_put(j->s, "]", 1);
	}
	json_close(j, "]");
}

void group_width_json(const struct group *g, struct json *j)
{
	if (!g->width)
		return;
	put_raw(j, "probe_first", g, first_of);
	put_raw(j, "probe_last", g, last_of);
	put_raw(j, "probe_chain", g, chain_of);
}

void regimes_lines(const struct run *r, struct sink *s)
{
	const struct group *g;
	size_t at = 0;

	while ((g = next_cpu(r, &at))) {
		sink_printf(s, "parapatch regime cpu=%u used=%s threshold=%u wide=%u"
			    " narrow=%u published=%u", group_cpu(g),
			    regime_names[g->regimes.used],
			    (unsigned)g->regimes.threshold, (unsigned)g->regimes.wide,
			    (unsigned)g->regimes.narrow, (unsigned)r->published.milli);
		for (unsigned i = 0; i < REGIME_COUNT; i++)
			sink_printf(s, " %s=%u", regime_names[i],
				    (unsigned)g->regimes.batches[i]);
		sink_printf(s, "\n");
	}
}

static void say_two(const struct regimes *found, struct sink *s)
{
	unsigned alone = regime_percent(found, REGIME_alone);
	unsigned shared = regime_percent(found, REGIME_shared);

	if (found->used == REGIME_alone)
		sink_printf(s, "alone in %u%% of the batches; the figures are of those.\n",
			    alone);
	else if (found->used == REGIME_shared)
		sink_printf(s, "shared in %u%% of the batches and alone in %u%%; the "
			    "figures are of those in which it was shared.\n", shared, alone);
	else
		sink_printf(s, "alone in %u%% of the batches and shared in %u%%, too few "
			    "of either; the figures are of all.\n", alone, shared);
}

static void say_one(const struct run *r, const struct regimes *found, struct sink *s)
{
	char wide[24], published[24];

	micro_text(wide, sizeof(wide), found->wide * 1000ll, 1);
	micro_text(published, sizeof(published), r->published.milli * 1000ll, 1);
	sink_printf(s, "%s throughout: %s ADDs a cycle were left to it, ",
		    found->used == REGIME_alone ? "alone" : "the same", wide);
	if (r->published.milli)
		sink_printf(s, "published are %s.\n", published);
	else
		sink_printf(s, "and nothing is published for this model.\n");
}

/* Groups with batches, none of them of the regime. */
static unsigned without_number(const struct run *r)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];
		const struct result *res = group_reference(g, r->results);

		n += res && res->all_n && !res->ticks.n;
	}
	return n;
}

void regimes_table(const struct run *r, struct sink *s)
{
	unsigned n = without_number(r);
	const struct group *g;
	size_t at = 0;

	while ((g = next_cpu(r, &at))) {
		if (r->plan.cpus > 1)
			sink_printf(s, "CPU %u was ", group_cpu(g));
		else
			sink_printf(s, "This core was ");
		if (g->regimes.two)
			say_two(&g->regimes, s);
		else
			say_one(r, &g->regimes, s);
	}
	if (n)
		sink_printf(s, "Without a number, for too few of their batches are of those: "
			    "%u of %u groups.\n", n, (unsigned)r->plan.groups);
}
