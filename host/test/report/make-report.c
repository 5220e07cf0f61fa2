/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes a made-up report of schema 3 whose truth is known, for report.t.  What
 * it states is computed by core's integers, so that the host's tool and core are
 * compared as well.
 *
 * make-report SEED KIND RATIO OFFSETS BATCHES
 *
 * KIND: noise, spikes (a tenth of the timings take half as much again), bimodal
 * (3 in 10 a fifth more), drift (everything takes up to a third longer), offsets
 * (each shifts all cells by up to 30%, and each cell by 2% of its own), near-nothing
 * (an op takes 5 ticks, and every timing of one is off by some), any-half (noise; what
 * is said of halves is by OF_ANY_CALL of host/report/rules.def), steps (an op takes a third
 * of a tick, and the clock advances by 26 at once).  Groups, of backend
 * native: restore_fl/line/warm with filler, and save_fl/dense/warm without.  Cells:
 * native; its A/A twin; indirect, whose true ratio is RATIO; inline, whose is 1.
 */
#include <stdio.h>
#include <string.h>
#include "../lib/plain.h"
#include "stats/stats.h"
#include "stats/why.h"

enum { COPIES = 24, STEP = 26, OFFSETS_MAX = 16, BATCHES_MAX = 200,
       ALL_MAX = OFFSETS_MAX * BATCHES_MAX };
enum { EMPTY, CHAIN, NATIVE, TWIN, INDIRECT, INLINE, SUBJECTS };

static const struct subject {
	const char *role, *convention, *mode, *suffix, *outcome;
	unsigned call_at;
} subjects[SUBJECTS] = {
	{ "empty", "native", "native", ":empty", "-", 0 },
	{ "chain", "native", "native", ":chain", "-", 0 },
	{ "cell", "native", "native", "", "-", 0 },
	{ "twin", "native", "native", ":twin", "-", 0 },
	{ "cell", "ccall", "indirect", "", "kept-as-built", 5 },
	{ "cell", "ccall", "inline", "", "inline", 5 },
};

struct timing { uint32_t n, n2; };

static struct timing ticks[SUBJECTS][ALL_MAX];
static int64_t net[SUBJECTS][ALL_MAX], gross[SUBJECTS][ALL_MAX];
static uint32_t first[OFFSETS_MAX], each[OFFSETS_MAX];
static int64_t work[ALL_MAX + OFFSETS_MAX];
static const char *kind;
static unsigned offsets, batches, reps = 12;

static bool is(const char *name)
{
	return !strcmp(kind, name);
}

/* One timing of something that takes @op ticks a copy, off by @off of them. */
static uint32_t timed(unsigned copies, double op, double off)
{
	double t = 120 + copies * reps * op * (1 + 0.002 * normal());

	if (is("near-nothing"))
		t += 100000 + COPIES * reps * off * normal();

	if (is("spikes") && uniform() < 0.1)
		t *= 1.5;
	if (is("bimodal") && uniform() < 0.3)
		t *= 1.2;
	return is("steps") ? (uint32_t)llround(t / STEP) * STEP : (uint32_t)llround(t);
}

/* Everything of one offset. */
static void block(unsigned b, double op, double filler, double ratio)
{
	double shift = is("offsets") ? 1 + 0.3 * uniform() : 1;
	double own = is("offsets") ? 0.02 : 0.002;
	double cost[SUBJECTS] = { 0, 3 / 1.28 };

	cost[NATIVE] = op * shift;
	for (unsigned s = TWIN; s < SUBJECTS; s++)
		cost[s] = cost[NATIVE] * (1 + own * normal())
			* (s == INDIRECT ? ratio : 1);
	for (unsigned i = 0; i < batches; i++) {
		double at = (double)(b * batches + i) / (offsets * batches);
		double speed = is("drift") ? 1 + at / 3 : 1;

		for (unsigned s = 0; s < SUBJECTS; s++) {
			double t = speed * (cost[s] + (s == CHAIN ? 0 : filler));
			double off = s < NATIVE ? 0 : 3;

			ticks[s][first[b] + i] = (struct timing){
				timed(COPIES, t, off), timed(2 * COPIES, t, off) };
		}
	}
}

static void reduce(bool filled)
{
	for (unsigned s = 0; s < SUBJECTS; s++)
		for (unsigned i = 0; i < offsets * batches; i++)
			gross[s][i] = ((int64_t)ticks[s][i].n2 - ticks[s][i].n)
				* MILLION / (COPIES * reps);
	for (unsigned s = 0; s < SUBJECTS; s++)
		for (unsigned i = 0; i < offsets * batches; i++)
			net[s][i] = gross[s][i] - (filled && s != CHAIN ? gross[EMPTY][i] : 0);
}

/* Thousandths of a tick from millionths, or millionths. */
static void number(const char *key, int64_t v, unsigned decimals)
{
	printf(",\"%s\":%.*f", key, (int)decimals, (double)v / MILLION);
}

static int64_t over_offsets(const int64_t *v, int64_t *least, int64_t *most)
{
	int64_t medians[OFFSETS_MAX];
	unsigned blocks = 0;
	int64_t median;

	for (unsigned b = 0; b < offsets; b++) {
		memcpy(work, v + first[b], each[b] * sizeof(*v));
		if (each[b])
			medians[blocks++] = median_of(work, each[b]);
	}
	median = median_of(medians, blocks);
	*least = medians[0];
	*most = medians[blocks - 1];
	return median;
}

static void interval(const char *lo, const char *hi, struct interval in,
		     unsigned decimals)
{
	if (!in.known)
		return;
	number(lo, in.lo, decimals);
	number(hi, in.hi, decimals);
}

static struct comparison against_native(unsigned s, int64_t margin)
{
	int64_t grain = is("steps") ? grain_of(STEP, COPIES * reps) : 0;
	struct pairs p = { offsets, first, each, net[s], net[NATIVE], grain, { 0 } };

	return compare(&p, margin, work);
}

static int64_t reference_median(void)
{
	int64_t v[ALL_MAX], least, most;

	memcpy(v, net[NATIVE], sizeof(v));
	return over_offsets(v, &least, &most);
}

static void put_why(const struct comparison *c, const struct comparison *twin)
{
	const struct why_facts f = {
		.vs = c, .twin = twin, .reference = reference_median(),
		.tried = offsets * batches + 2, .dropped = 2,
	};
	char text[WHY_ROOM];

	if (why_of(&f) != WHY_decided)
		printf(",\"why\":\"%s\",\"why_text\":\"%s\"", why_names[why_of(&f)],
		       why_sentence(text, sizeof(text), &f));
}

static void put_vs(unsigned s)
{
	struct comparison c = against_native(TWIN, MILLION / 100);
	struct comparison aa = c;

	if (s != TWIN) {
		c = against_native(s, MILLION / 100);
		judge_difference(&c, difference_floor_of(&aa, reference_median(), MILLION / 100));
		veto(&c, &aa);
	}
	printf(",\"vs\":{\"of\":\"native\"");
	if (c.has_ratio) {
		number("ratio", c.ratio, 6);
		interval("ratio_lo", "ratio_hi", c.ratio_95, 6);
	}
	number("difference", c.difference, 3);
	interval("difference_lo", "difference_hi", c.difference_95, 3);
	if (c.margin != INT64_MAX)
		number("margin", c.margin, 6);
	printf(",\"verdict\":\"%s\",\"by\":\"%s\"", verdict_names[c.verdict],
	       c.by_difference ? "difference" : "ratio");
	put_why(&c, s == TWIN ? NULL : &aa);
	printf("}");
}

static void put_cycles(unsigned s)
{
	int64_t v[ALL_MAX], least, most;

	for (unsigned i = 0; i < offsets * batches; i++)
		v[i] = llround(net[s][i] * 3e6 / gross[CHAIN][i]);
	number("cycles", over_offsets(v, &least, &most), 3);
}

/* Of copies that begin every 4 bytes of a line, what is in a half of it: but for
 * sites that go over its end. */
static void put_half(const char *key, unsigned s, bool upper)
{
	int64_t medians[OFFSETS_MAX];
	unsigned blocks = 0;

	for (unsigned b = 0; b < offsets; b++) {
		unsigned last = (4 * b + subjects[s].call_at) % 64;

		if ((last < 5 && !is("any-half")) || last / 32 != upper)
			continue;
		memcpy(work, net[s] + first[b], each[b] * sizeof(*work));
		medians[blocks++] = median_of(work, each[b]);
	}
	if (blocks)
		number(key, median_of(medians, blocks), 3);
}

static void put_address(unsigned s)
{
	printf(",\"call_at\":%u,\"address\":[", subjects[s].call_at);
	for (unsigned b = 0; b < offsets; b++)
		printf("%s%u", b ? "," : "", 0x7ff000 + 4096 * s + 4 * b);
	printf("]");
}

static void put_numbers(unsigned s)
{
	int64_t least, most;
	struct spread all;

	number("gross_ticks", over_offsets(gross[s], &least, &most), 3);
	number("median_ticks", over_offsets(net[s], &least, &most), 3);
	number("offset_min_ticks", least, 3);
	number("offset_max_ticks", most, 3);
	memcpy(work, net[s], offsets * batches * sizeof(*work));
	all = spread_of(work, offsets * batches);
	number("min_ticks", all.min, 3);
	number("p5_ticks", all.p5, 3);
	number("p25_ticks", all.p25, 3);
	number("p75_ticks", all.p75, 3);
	number("p95_ticks", all.p95, 3);
	number("max_ticks", all.max, 3);
	number("mad_ticks", all.mad, 3);
	if (s >= NATIVE)
		put_cycles(s);
	if (s >= TWIN)
		put_vs(s);
}

static void put_raw(const char *key, unsigned s, bool twice)
{
	printf(",\n\"%s\":[", key);
	for (unsigned b = 0; b < offsets; b++) {
		printf("%s[", b ? "," : "");
		for (unsigned i = 0; i < each[b]; i++) {
			const struct timing *t = &ticks[s][first[b] + i];

			printf("%s%u", i ? "," : "", twice ? t->n2 : t->n);
		}
		printf("]");
	}
	printf("]");
}

static void put_benchmark(const char *op, const char *layout, unsigned s)
{
	const struct subject *j = &subjects[s];

	/* The chain is dense in every group, and named by its group. */
	printf("\n{\"name\":\"%s/native/%s/%s/%s/warm%s\",\"role\":\"%s\","
	       "\"group\":\"%s/native/%s/warm\",\"op\":\"%s\",\"backend\":\"native\","
	       "\"convention\":\"%s\",\"mode\":\"%s\",\"layout\":\"%s\","
	       "\"state\":\"warm\",\"reps\":%u,\"copies_n\":%d,\"n\":%u,\"cpu\":0",
	       op, j->convention, j->mode, layout, j->suffix, j->role, op, layout,
	       s == CHAIN ? "imul_chain" : op, j->convention, j->mode,
	       s == CHAIN ? "dense" : layout, reps, COPIES, offsets * batches);
	printf(",\"padding\":\"long\",\"outcome\":\"%s\",\"sites\":%d,\"site_bytes\":%d",
	       j->outcome, j->call_at ? 1 : 0, j->call_at ? 6 : 0);
	put_address(s);
	put_numbers(s);
	if (!strcmp(layout, "line")
	    && (is("any-half") ? s >= NATIVE : s == INDIRECT)) {
		put_half("low_half_ticks", s, false);
		put_half("high_half_ticks", s, true);
	}
	put_raw("ticks_n", s, false);
	put_raw("ticks_2n", s, true);
	printf("}");
}

static const struct group { const char *op, *layout; double cost, filler; } groups[] = {
	{ "restore_fl", "line", 24, 8 },
	{ "save_fl", "dense", 10, 0 },
};

/* Of so many groups. */
static void put_quality(unsigned of)
{
	printf(",\"tried\":%u,\"dropped\":{\"smi\":0,\"nmi\":0,\"interrupt\":0,"
	       "\"gap\":%u,\"backwards\":0},\"largest_gap_ticks\":12345,\"gap_own\":%u,"
	       "\"windows\":%u,\"windows_overran\":0", (offsets * batches + 2) * of, 2 * of,
	       of, 7 * of);
}

static void put_group(const struct group *g)
{
	printf("{\"name\":\"%s/native/%s/warm\",\"taken\":[", g->op, g->layout);
	for (unsigned b = 0; b < offsets; b++)
		printf("%s%u", b ? "," : "", batches);
	printf("],\"offsets\":[");
	for (unsigned b = 0; b < offsets; b++)
		printf("%s%u", b ? "," : "", 4 * b);
	printf("],\"cpu\":0,\"looks\":0,\"looks_from\":0");
	put_quality(1);
	printf("}");
}

static double cost_of(const struct group *g)
{
	if (is("steps"))
		return 0.327;
	return is("near-nothing") ? 5 : g->cost;
}

static void put_benchmarks(double ratio)
{
	for (unsigned g = 0; g < 2; g++) {
		bool filled = groups[g].filler > 0;

		for (unsigned b = 0; b < offsets; b++)
			block(b, cost_of(&groups[g]), is("steps") && filled ? 0.5
			      : groups[g].filler, ratio);
		reduce(filled);
		for (unsigned s = filled ? EMPTY : CHAIN; s < SUBJECTS; s++) {
			if (g || s > EMPTY)
				printf(",");
			put_benchmark(groups[g].op, groups[g].layout, s);
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 6)
		return 2;
	plain_seed = strtoull(argv[1], NULL, 10) * 0x9e3779b97f4a7c15;
	kind = argv[2];
	offsets = (unsigned)atoi(argv[4]);
	batches = (unsigned)atoi(argv[5]);
	if (!offsets || offsets > OFFSETS_MAX || !batches || batches > BATCHES_MAX)
		return 2;
	if (is("steps"))
		reps = 500;
	for (unsigned b = 0; b < offsets; b++) {
		first[b] = b * batches;
		each[b] = batches;
	}
	printf("{\"schema\":\"parapatch-report/3\",\"clock\":\"tsc\","
	       "\"status\":\"complete\",\"context\":{"
	       "\"host_name\":\"A CPU\",\"arch\":\"x86_64\",\"cpu\":{\"vendor\":"
	       "\"GenuineIntel\",\"name\":\"A CPU\",\"family\":6,\"model\":207,"
	       "\"stepping\":2}},\"tsc_step_ticks\":%d,\"seed\":%s,\"gap_us\":10,"
	       "\"chain_cycles\":3,\"offset_step_bytes\":4,\"cpus\":[{\"cpu\":0,"
	       "\"apic_id\":0,\"kind\":\"unknown\",\"boot\":true}],\"batches\":{\"of\":2",
	       is("steps") ? STEP : 1, argv[1]);
	put_quality(2);
	printf("},\n\"groups\":[");
	put_group(&groups[0]);
	printf(",\n");
	put_group(&groups[1]);
	printf("],\n\"benchmarks\":[");
	put_benchmarks(atof(argv[3]));
	printf("\n]}\n");
	return 0;
}
