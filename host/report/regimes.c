/* SPDX-License-Identifier: GPL-2.0-only */
/* Regimes from raw probes, see regimes.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "estimate.h"
#include "regimes.h"
#include "sort.h"
#include "whole.h"

static const char *const names[REGIME_COUNT] = {
#define REGIME(name, what) #name,
#include "list/regime.def"
#undef REGIME
};

/* With fewer batches of the regime used, and others, a block does not count. */
#define BLOCK_LEAST	3

/* What a report says of a CPU. */
struct stated {
	const json_t *json;
	uint64_t threshold;
	enum regime wide_is, used;
};

static enum regime need_regime(struct complaint *c, const json_t *o, const char *key)
{
	const char *name = need_text(c, o, key);

	for (unsigned i = 0; i < REGIME_COUNT; i++)
		if (!strcmp(name, names[i]))
			return (enum regime)i;
	complain(c, "%s is \"%.40s\", which is no regime", key, name);
	return REGIME_single;
}

static struct stated stated_of(const json_t *cpu, struct complaint *c)
{
	return (struct stated){ cpu, (uint64_t)need_count(c, cpu, "threshold"),
		need_regime(c, cpu, "wide_is"), need_regime(c, cpu, "used") };
}

static bool is_of_cpu(const struct group *g, const json_t *cpu)
{
	return number_in(g->json, "cpu") == number_in(cpu, "cpu");
}

/* Of the CPU that a group was timed on; json NULL: nothing is said of it. */
static struct stated stated_for(const struct report *r, const struct group *g,
				struct complaint *c)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(r->json, "regime"), i, v)
		if (is_of_cpu(g, v))
			return stated_of(v, c);
	return (struct stated){ .json = NULL };
}

/* ---- a batch */

static double *room(size_t n)
{
	double *v = calloc(n + 1, sizeof(*v));

	if (!v)
		abort();
	return v;
}

static double tick(const json_t *list, unsigned block, uint32_t i)
{
	return (double)json_integer_value(json_array_get(json_array_get(list, block), i));
}

/* A list a block, of as many ticks as were taken, none of them nothing. */
static const json_t *need_probes(const struct group *g, const char *key,
				 struct complaint *c)
{
	const json_t *lists = need_list(c, g->json, key);

	for (unsigned b = 0; b < g->shape.count && !c->text[0]; b++) {
		const json_t *list = json_array_get(lists, b);

		if (json_array_size(lists) != g->shape.count
		    || json_array_size(list) != g->shape.n[b])
			complain(c, "%s is not of the shape of \"taken\"", key);
		for (uint32_t i = 0; i < g->shape.n[b] && !c->text[0]; i++)
			if (tick(lists, b, i) < 1)
				complain(c, "%s[%u][%u] is not a number of ticks above 0",
					 key, b, i);
	}
	return lists;
}

static double middle_chain(const struct group *g, const json_t *chain, unsigned block)
{
	uint32_t n = g->shape.n[block];
	double *v = room(n), middle;

	for (uint32_t i = 0; i < n; i++)
		v[i] = tick(chain, block, i);
	sort_upward(v, n);
	/* A mean is rounded down, as ticks are. */
	middle = n ? floor((v[(n - 1) / 2] + v[n / 2]) / 2) : 0;
	free(v);
	return middle;
}

/* Thousandths of an ADD a cycle, at both ends of every batch: 2 * i is the first. */
static void read_widths(struct group *g, const json_t *probe, struct complaint *c)
{
	const json_t *ends[2] = { need_probes(g, "probe_first", c),
				  need_probes(g, "probe_last", c) };
	const json_t *chain = need_probes(g, "probe_chain", c);
	double adds = (double)need_count(c, probe, "adds");
	double links = (double)need_count(c, probe, "links");

	if (!adds || !links)
		complain(c, "probe has no adds or no links");
	if (c->text[0])
		return;
	g->width = room(2 * (size_t)g->shape.total);
	for (unsigned b = 0; b < g->shape.count; b++) {
		double usual = middle_chain(g, chain, b);

		for (uint32_t i = 0; i < g->shape.n[b]; i++) {
			double own = tick(chain, b, i);
			double by = own * 2 > usual * 3 ? usual : own;

			for (unsigned e = 0; e < 2; e++)
				g->width[2 * (g->shape.first[b] + i) + e] =
					floor(1000 * by * adds
					      / (tick(ends[e], b, i) * links));
		}
	}
}

static enum regime regime_of(const struct stated *s, const double *width)
{
	bool first = width[0] >= (double)s->threshold;
	bool last = width[1] >= (double)s->threshold;

	if (!s->threshold || (first && last))
		return s->wide_is;
	if (first != last || s->wide_is != REGIME_alone)
		return REGIME_between;
	return REGIME_shared;
}

static bool counts(const struct stated *s, const double *width)
{
	return !s->threshold || s->used == REGIME_single
		|| regime_of(s, width) == s->used;
}

/* ---- what counts */

/* In less than half of the batches, and that can be told. */
static bool is_seldom_alone(const struct group *g, const struct stated *s)
{
	uint64_t alone = 0;

	for (uint32_t i = 0; i < g->shape.total; i++)
		alone += regime_of(s, &g->width[2 * i]) == REGIME_alone;
	return (s->threshold || s->wide_is == REGIME_alone)
		&& 2 * alone < g->shape.total;
}

static void keep(struct group *g, const struct stated *s)
{
	g->seldom_alone = is_seldom_alone(g, s);
	g->kept = calloc(g->shape.total + 1, sizeof(*g->kept));
	if (!g->kept)
		abort();
	g->kept_total = 0;
	for (unsigned b = 0; b < g->shape.count; b++) {
		uint32_t first = g->shape.first[b], n = 0;

		for (uint32_t i = first; i < first + g->shape.n[b]; i++)
			n += g->kept[i] = counts(s, &g->width[2 * i]);
		if (n != g->shape.n[b] && n < BLOCK_LEAST) {
			memset(g->kept + first, 0, g->shape.n[b] * sizeof(*g->kept));
			n = 0;
		}
		g->kept_total += n;
	}
}

static void forget_others(struct bench *b)
{
	const struct group *g = b->group;

	if (!b->timed)
		return;
	b->all_median = estimate(&g->shape, b->net).value;
	for (uint32_t i = 0; i < g->shape.total && g->kept; i++)
		if (!g->kept[i])
			b->gross[i] = b->net[i] = NAN;
}

void read_regimes(struct report *r, struct complaint *c)
{
	for (size_t i = 0; i < r->groups && !c->text[0]; i++) {
		struct group *g = &r->group[i];
		struct stated s;

		g->kept_total = g->shape.total;
		if (!json_object_get(g->json, "probe_first"))
			continue;
		snprintf(c->where, sizeof(c->where), "groups[%zu] (%.100s)", i, g->name);
		s = stated_for(r, g, c);
		if (!s.json)
			complain(c, "has probes, and \"regime\" says nothing of its CPU");
		read_widths(g, json_object_get(r->json, "probe"), c);
		if (!c->text[0])
			keep(g, &s);
	}
	if (c->text[0])
		return;
	c->where[0] = '\0';
	for (size_t i = 0; i < r->benches; i++)
		forget_others(&r->bench[i]);
}

/* ---- is there a valley? */

/* Logarithms to base 2 of the widths of a CPU's ends, upward; and of the wider end of
 * each batch, likewise. */
struct ends {
	size_t n;
	double *v, *wider;
};

static struct ends ends_of(const struct report *r, const json_t *of)
{
	struct ends e = { 0 };

	for (size_t i = 0; i < r->groups; i++)
		e.n += r->group[i].width ? 2 * (size_t)r->group[i].shape.total : 0;
	e.v = room(e.n);
	e.wider = room(e.n / 2);
	e.n = 0;
	for (size_t i = 0; i < r->groups; i++) {
		const struct group *g = &r->group[i];

		if (!g->width || !is_of_cpu(g, of))
			continue;
		for (uint32_t k = 0; k < 2 * g->shape.total; k++)
			e.v[e.n++] = log2(fmax(g->width[k], 1));
	}
	for (size_t k = 0; k < e.n / 2; k++)
		e.wider[k] = fmax(e.v[2 * k], e.v[2 * k + 1]);
	sort_upward(e.v, e.n);
	sort_upward(e.wider, e.n / 2);
	return e;
}

/* How many of n are below. */
static size_t count_below(const double *v, size_t n, double at)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (v[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t below(const struct ends *e, double at)
{
	return count_below(e->v, e->n, at);
}

/* Within an eighth of an octave. */
static size_t dense(const struct ends *e, double at)
{
	return below(e, at + 0.125) - below(e, at - 0.125);
}

struct heap {
	size_t ends, dense;
	double at;
};

/* The densest place from the first end to before the last, by steps of a 64th. */
static struct heap heap_in(const struct ends *e, size_t first, size_t last)
{
	struct heap h = { .ends = last - first };

	if (!h.ends)
		return h;
	for (double at = e->v[first]; at <= e->v[last - 1] + 1.0 / 64; at += 1.0 / 64) {
		size_t d = dense(e, at);

		if (d > h.dense) {
			h.dense = d;
			h.at = at;
		}
	}
	return h;
}

/* Core tells ends apart by a 32nd of an octave, and this does not: what is a valley by a
 * hair there need not be one here.  @slack: by how much less will do. */
static bool is_heap(const struct ends *e, const struct heap *h, size_t valley,
		    double slack)
{
	return (double)h->ends >= 8 * (1 - slack)
		&& 100 * (double)h->ends >= 3 * (double)e->n * (1 - slack)
		&& 4 * (double)h->dense >= (double)h->ends * (1 - slack)
		&& (double)h->dense >= 4 * (double)valley * (1 - slack);
}

/* Narrow batches and not spikes: both ends are, more often than these would meet. */
static bool is_regime(const struct ends *e, double at, size_t narrow, double slack)
{
	double both = 2 * (double)count_below(e->wider, e->n / 2, at);

	return 100 * both >= (double)e->n * (1 - slack)
		&& 4 * both >= (double)narrow * (1 - slack);
}

static bool is_valley(const struct ends *e, double at, double slack)
{
	size_t middle = below(e, at), here = dense(e, at);
	struct heap low = heap_in(e, 0, middle), high = heap_in(e, middle, e->n);
	double apart = high.at - low.at;

	return low.ends && high.ends
		&& apart >= 12.0 / 32 - slack / 4 && apart <= 51.0 / 32 + slack / 4
		&& is_heap(e, &low, here, slack) && is_heap(e, &high, here, slack)
		&& is_regime(e, at, middle, slack);
}

/* A clear one; NAN: there is none. */
static double clear_valley(const struct ends *e)
{
	for (double at = e->n ? e->v[e->n - 1] : 0; e->n && at > e->v[0]; at -= 1.0 / 32)
		if (is_valley(e, at, -0.25))
			return at;
	return NAN;
}

/* ---- stated against that */

static const char *cpu_name(char to[32], const json_t *of)
{
	snprintf(to, 32, "regime of CPU %" PRIu64, number_in(of, "cpu"));
	return to;
}

static void say(struct checked *sum, const json_t *of, const char *key, const char *want)
{
	const json_t *v = json_object_get(of, key);
	char name[32], is[40];

	sum->wrong++;
	if (json_is_string(v))
		snprintf(is, sizeof(is), "%.30s", json_string_value(v));
	else
		snprintf(is, sizeof(is), "%" PRIu64, number_in(of, key));
	differences_add(&sum->differences, cpu_name(name, of), key, is, want);
}

static void check_threshold(const struct ends *e, const json_t *of, struct checked *sum)
{
	uint64_t stated = number_in(of, "threshold");
	char want[60];
	double at;

	sum->numbers++;
	if (stated) {
		if (!is_valley(e, log2((double)stated), 0.25))
			say(sum, of, "threshold", "no valley there");
		return;
	}
	at = clear_valley(e);
	if (isnan(at))
		return;
	snprintf(want, sizeof(want), "a valley at %.0f", exp2(at));
	say(sum, of, "threshold", want);
}

/* The beginning of a 32nd of an octave, in which the median is. */
static void check_median(const struct ends *e, size_t first, size_t last,
			 const json_t *of, const char *key, struct checked *sum)
{
	double stated = (double)number_in(of, key), middle;
	char want[40];

	sum->numbers++;
	middle = first < last ? exp2(e->v[(first + last - 1) / 2]) : 0;
	if (stated <= middle * 1.001 + 1 && stated >= middle * exp2(-1.0 / 32) - 2)
		return;
	snprintf(want, sizeof(want), "%.0f", middle);
	say(sum, of, key, want);
}

/* What is published is of performance cores. */
static uint64_t published(const struct report *r, const json_t *of)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(r->json, "cpus"), i, v)
		if (number_in(v, "cpu") == number_in(of, "cpu")
		    && !strcmp(text_in(v, "kind"), "efficiency"))
			return 0;
	return number_in(of, "published");
}

static enum regime wide_of(const struct report *r, const json_t *of)
{
	bool two = number_in(of, "threshold");
	uint64_t by = published(r, of);

	if (!by)
		return two ? REGIME_alone : REGIME_single;
	if (4 * number_in(of, "wide") >= 3 * by)
		return REGIME_alone;
	return two ? REGIME_shared : REGIME_single;
}

static enum regime used_of(const struct stated *s, const uint64_t batches[REGIME_COUNT])
{
	uint64_t all = 0;

	for (unsigned i = 0; i < REGIME_COUNT; i++)
		all += batches[i];
	if (!s->threshold)
		return s->wide_is;
	if (all && 4 * batches[REGIME_alone] >= all)
		return REGIME_alone;
	if (all && 4 * batches[REGIME_shared] >= all)
		return REGIME_shared;
	return REGIME_single;
}

static void check_word(const json_t *of, const char *key, enum regime want,
		       struct checked *sum)
{
	const char *is = json_string_value(json_object_get(of, key));

	sum->numbers++;
	if (!is || strcmp(is, names[want]))
		say(sum, of, key, names[want]);
}

/* Its batches, by what the threshold makes of them. */
static void count_batches(const struct report *r, const struct stated *s,
			  uint64_t batches[REGIME_COUNT])
{
	for (size_t i = 0; i < r->groups; i++) {
		const struct group *g = &r->group[i];

		if (!g->width || !is_of_cpu(g, s->json))
			continue;
		for (uint32_t k = 0; k < g->shape.total; k++)
			batches[regime_of(s, &g->width[2 * k])]++;
	}
}

static void check_cpu(const struct report *r, const json_t *of, struct checked *sum)
{
	struct complaint none = { .path = r->path };
	struct ends e = ends_of(r, of);
	uint64_t batches[REGIME_COUNT] = { 0 };
	struct stated s = stated_of(of, &none);
	size_t low;
	char name[32];

	count_batches(r, &s, batches);
	check_threshold(&e, of, sum);
	low = s.threshold ? below(&e, log2((double)s.threshold)) : 0;
	check_median(&e, low, e.n, of, "wide", sum);
	check_median(&e, 0, low, of, "narrow", sum);
	check_word(of, "wide_is", wide_of(r, of), sum);
	check_word(of, "used", used_of(&s, batches), sum);
	for (unsigned i = 0; i < REGIME_COUNT; i++)
		check_whole(sum, cpu_name(name, of), json_object_get(of, "batches"),
			    names[i], batches[i]);
	free(e.v);
	free(e.wider);
}

void check_regimes(const struct report *r, struct checked *sum)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(r->json, "regime"), i, v)
		check_cpu(r, v, sum);
}
