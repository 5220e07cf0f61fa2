/* SPDX-License-Identifier: GPL-2.0-only */
/* From raw counts that are known to numbers that are: a group is made up, batch
 * by batch, and summarised. */
#include <stdlib.h>
#include <string.h>
#include "run/run.h"
#include "run/summary.h"

/* run.h has a plan() too. */
#define plan tap_plan
#include "tap.h"
#undef plan

#define EACH		20	/* room for batches, an offset */
#define CELLS		6
#define REPS		3
#define ONE		MILLION
#define MARGIN		(MILLION / 100)

enum { NATIVE, INLINE, TWIN, EMPTY, CHAIN, INDIRECT };

static struct {
	struct group group;
	struct result results[CELLS + 1];	/* the first is another group's */
	struct batch *ticks[CELLS], *cycles[CELLS];
	int64_t *scratch;
} s;

static const struct cell cells[CELLS] = {
	[NATIVE] = { .role = ROLE_cell, .mode = MODE_native },
	[INLINE] = { .role = ROLE_cell, .mode = MODE_inline,
		     .convention = CONVENTION_ccall },
	[TWIN] = { .role = ROLE_twin, .mode = MODE_native },
	[EMPTY] = { .role = ROLE_empty, .mode = MODE_native },
	[CHAIN] = { .role = ROLE_chain, .mode = MODE_native },
	[INDIRECT] = { .role = ROLE_cell, .mode = MODE_indirect,
		       .convention = CONVENTION_ccall },
};

static void end(void)
{
	for (unsigned i = 0; i < CELLS; i++) {
		free(s.ticks[i]);
		free(s.cycles[i]);
	}
	free(s.scratch);
	memset(&s, 0, sizeof(s));
}

/* So many batches at each of so many offsets, of so many cells. */
static void begin(unsigned offsets, uint32_t taken, unsigned count)
{
	struct config c = { .batches = EACH, .offsets = OFFSETS_MAX };
	struct plan p = { .cells = CELLS };
	struct platform m = { .ring = 0 };

	end();
	s.group.first = 1;
	s.group.count = count;
	s.group.layout = count > EMPTY ? LAYOUT_line : LAYOUT_dense;
	group_lay_blocks(&s.group, OFFSETS_MAX);
	for (unsigned o = 0; o < offsets; o++)
		s.group.taken[o] = taken;
	s.scratch = malloc(run_scratch(&c, &p, &m) * sizeof(int64_t));
	for (unsigned i = 0; i < CELLS; i++) {
		s.ticks[i] = calloc(OFFSETS_MAX * EACH, sizeof(struct batch));
		s.results[i + 1].cell = cells[i];
		s.results[i + 1].series = (struct series){
			.reps = i == CHAIN ? 2 * REPS : i == EMPTY ? 5 * REPS : REPS,
			.each = EACH,
			.ticks = s.ticks[i],
		};
	}
}

static struct result *res(unsigned i)
{
	return &s.results[i + 1];
}

/* A batch in which an op took so many ticks. */
static void put(struct batch *b, uint32_t reps, int64_t ticks)
{
	int64_t more = ticks * WORKLOAD_N * reps;

	b->n = 100000;
	b->n2 = (uint32_t)(b->n + more);
}

/* Of a cell: at offset o, batch i, base + per_offset * o + per_batch * i. */
static void fill(unsigned cell, int64_t base, int64_t per_offset,
		 int64_t per_batch)
{
	for (unsigned o = 0; o < OFFSETS_MAX; o++)
		for (unsigned i = 0; i < EACH; i++)
			put(&s.ticks[cell][o * EACH + i],
			    res(cell)->series.reps,
			    base + per_offset * o + per_batch * i);
}

static void count_cycles(unsigned cell, int64_t cycles)
{
	s.cycles[cell] = calloc(OFFSETS_MAX * EACH, sizeof(struct batch));
	res(cell)->series.cycles = s.cycles[cell];
	for (unsigned i = 0; i < OFFSETS_MAX * EACH; i++)
		put(&s.cycles[cell][i], res(cell)->series.reps, cycles);
}

static void sum(unsigned chain_cycles)
{
	const struct summary_rules rules = { chain_cycles, 0, MARGIN, s.scratch };

	summarise(&s.group, s.results, &rules);
}

/* Offset o's median is 10 + 2 o + 6, of 13 batches; the median over 16 offsets is
 * between those of 7 and 8. */
static void test_medians(void)
{
	const struct result *r;

	begin(16, 13, 1);
	fill(NATIVE, 10, 2, 1);
	sum(3);
	r = res(NATIVE);
	ok(r->ticks.n == 16 * 13 && r->ticks.median == 31 * ONE
	   && r->gross == 31 * ONE, "median over offsets of their medians");
	ok(r->offset_min == 16 * ONE && r->offset_max == 46 * ONE,
	   "least and largest of an offset");
	ok(r->ticks.min == 10 * ONE && r->ticks.max == (10 + 30 + 12) * ONE,
	   "the extremes are of all batches");
	ok(!r->has_cycles && !r->has_vs, "no cycles without a chain, no vs");
	ok(!s.results[0].ticks.n, "another group's result is left alone");
}

/* The median over offsets is not the median of all: one offset has more. */
static void test_uneven(void)
{
	begin(3, 3, 1);
	fill(NATIVE, 10, 10, 0);
	s.group.taken[0] = EACH;
	sum(3);
	ok(res(NATIVE)->ticks.median == 20 * ONE
	   && res(NATIVE)->ticks.n == EACH + 6
	   && res(NATIVE)->offset_min == 10 * ONE
	   && res(NATIVE)->offset_max == 30 * ONE,
	   "an offset counts once, however many batches it has");
	s.group.taken[1] = 0;
	sum(3);
	ok(res(NATIVE)->ticks.median == 20 * ONE
	   && res(NATIVE)->offset_max == 30 * ONE
	   && res(NATIVE)->ticks.n == EACH + 3, "one without any is left out");
}

/* One op is (n2 - n) / (copies * reps); a short body that was disturbed makes it
 * negative. */
static void test_per_op(void)
{
	struct batch *b;

	begin(1, 1, 1);
	b = s.ticks[NATIVE];
	*b = (struct batch){ 1000, 1000 + WORKLOAD_N * REPS / 2 };
	sum(3);
	ok(res(NATIVE)->ticks.median == ONE / 2, "half a tick");
	*b = (struct batch){ 1000 + WORKLOAD_N * REPS * 5, 1000 };
	sum(3);
	ok(res(NATIVE)->ticks.median == -5 * ONE
	   && res(NATIVE)->ticks.min == -5 * ONE, "negative is kept so");
	*b = (struct batch){ 0, UINT32_MAX };
	sum(3);
	ok(res(NATIVE)->ticks.median
	   == (int64_t)UINT32_MAX * MILLION / (WORKLOAD_N * REPS),
	   "the most there is");
}

/* The filler is taken off batch by batch, of the cells alone. */
static void test_filler(void)
{
	begin(8, 9, 6);
	fill(NATIVE, 50, 0, 3);
	fill(TWIN, 50, 0, 3);
	fill(INLINE, 60, 0, 3);
	fill(INDIRECT, 90, 0, 3);
	fill(EMPTY, 10, 1, 3);		/* 3 a batch: so do the others */
	fill(CHAIN, 3, 0, 0);
	sum(3);
	/* Offsets 0 to 7: 40 to 33. */
	ok(res(NATIVE)->ticks.median == 36500000 && res(NATIVE)->ticks.max == 40 * ONE
	   && res(NATIVE)->ticks.min == 33 * ONE
	   && res(NATIVE)->offset_min == 33 * ONE,
	   "the filler is taken off, batch by batch");
	ok(res(NATIVE)->gross == 62 * ONE, "and left on in gross");
	ok(res(EMPTY)->ticks.median == (22 * ONE + 7 * ONE / 2)
	   && res(EMPTY)->gross == res(EMPTY)->ticks.median
	   && res(CHAIN)->ticks.median == 3 * ONE,
	   "from the filler and the chain nothing is taken off");
	ok(res(INLINE)->vs.difference == 10 * ONE
	   && res(INDIRECT)->vs.difference == 40 * ONE
	   && res(TWIN)->vs.difference == 0, "vs: of net ticks");
	ok(res(INLINE)->vs.ratio == (ratio_of(47, 37) + ratio_of(46, 36)) / 2,
	   "and so is the ratio");
}

/* By the chain, in the same batch: its ticks are so many cycles. */
static void test_chain(void)
{
	begin(16, 13, 5);
	fill(NATIVE, 27, 4, 2);		/* as the clock drifts ... */
	fill(CHAIN, 10, 2, 1);		/* ... so does the chain */
	fill(EMPTY, 7, 0, 0);
	fill(INLINE, 17, 2, 1);
	fill(TWIN, 27, 4, 2);
	sum(3);
	ok(res(NATIVE)->has_cycles && res(NATIVE)->cycles == 6 * ONE
	   && res(INLINE)->cycles == 3 * ONE && res(CHAIN)->cycles == 3 * ONE,
	   "cycles by the chain, pair by pair");
	sum(4);
	ok(res(NATIVE)->cycles == 8 * ONE, "of a chain of 4 cycles");
	ok(res(NATIVE)->ticks.median != 20 * ONE, "whatever the ticks were");
	/* Those batches whose chain took nothing say nothing. */
	for (unsigned i = 0; i < OFFSETS_MAX * EACH; i += 2)
		put(&s.ticks[CHAIN][i], 2 * REPS, i & 2 ? 0 : -1);
	sum(3);
	ok(res(NATIVE)->has_cycles && res(NATIVE)->cycles == 6 * ONE,
	   "a chain that took nothing is left out");
}

static void test_chain_nothing(void)
{
	begin(2, 5, 5);
	fill(NATIVE, 20, 0, 0);
	fill(CHAIN, 0, 0, 0);
	sum(3);
	ok(!res(NATIVE)->has_cycles && !res(NATIVE)->cycles,
	   "a chain that never took anything: no cycles");
	for (unsigned i = 0; i < OFFSETS_MAX * EACH; i++) {
		s.ticks[NATIVE][i] = (struct batch){ 0, UINT32_MAX };
		s.ticks[CHAIN][i] = (struct batch){ 1000, 1001 };
	}
	res(CHAIN)->series.reps = REPS_MAX;
	res(NATIVE)->series.reps = 1;
	sum(10);
	ok(!res(NATIVE)->has_cycles && !res(NATIVE)->cycles,
	   "nor cycles that 64 bits do not hold");
}

/* Where cycles are counted the chain does not matter. */
static void test_counter(void)
{
	begin(4, 7, 5);
	fill(NATIVE, 20, 0, 0);
	fill(EMPTY, 5, 0, 0);
	fill(CHAIN, 3, 0, 0);
	for (unsigned i = 0; i < CELLS - 1; i++)
		count_cycles(i, i == EMPTY ? 7 : 40);
	sum(3);
	ok(res(NATIVE)->has_cycles && res(NATIVE)->cycles == 33 * ONE,
	   "cycles by a counter, the filler's taken off");
	ok(res(EMPTY)->cycles == 7 * ONE && res(CHAIN)->cycles == 40 * ONE,
	   "and the others' as they are");
	ok(res(NATIVE)->ticks.median == 15 * ONE, "the ticks are the ticks'");
}

/* A twin that differs leaves nothing to be said, and makes no margin. */
static void test_margin(void)
{
	begin(16, 13, 6);
	fill(NATIVE, 100, 0, 0);
	fill(TWIN, 100, 0, 0);
	fill(INLINE, 104, 0, 0);
	fill(INDIRECT, 150, 0, 0);
	fill(CHAIN, 3, 0, 0);
	sum(3);
	ok(res(TWIN)->has_vs && res(TWIN)->vs.margin == MARGIN
	   && res(TWIN)->vs.verdict == VERDICT_same, "the twin is the same");
	ok(res(INLINE)->has_vs && res(INLINE)->vs.ratio == 1040000
	   && res(INLINE)->vs.margin == MARGIN
	   && res(INLINE)->vs.verdict == VERDICT_slower, "4 %% more is slower");
	fill(TWIN, 105, 0, 0);
	sum(3);
	ok(res(TWIN)->vs.verdict == VERDICT_slower
	   && res(TWIN)->vs.margin == MARGIN
	   && !res(TWIN)->vs.vetoed && res(INLINE)->vs.margin == MARGIN
	   && res(INLINE)->vs.verdict == VERDICT_inconclusive && res(INLINE)->vs.vetoed,
	   "but nothing is said of it where the twin took 5 %% more");
	ok(res(INDIRECT)->vs.verdict == VERDICT_inconclusive && res(INDIRECT)->vs.vetoed
	   && res(INDIRECT)->vs.ratio == 1500000, "nor of what takes half as much again");
	ok(!res(NATIVE)->has_vs && !res(CHAIN)->has_vs && !res(EMPTY)->has_vs,
	   "native, filler and chain are compared with nothing");
}

/* Too few pairs, the twin's too: nothing is called anything. */
static void test_margin_unknown(void)
{
	begin(1, 5, 6);			/* five pairs have no interval */
	fill(NATIVE, 100, 0, 0);
	fill(TWIN, 100, 0, 0);
	fill(INLINE, 300, 0, 0);
	sum(3);
	ok(res(INLINE)->has_vs && res(INLINE)->vs.margin == MARGIN
	   && res(INLINE)->vs.verdict == VERDICT_inconclusive
	   && res(INLINE)->vs.ratio == 3 * ONE, "too few pairs: inconclusive");
}

/* A reference that takes next to nothing: in every fourth batch less. */
static void near_nothing(void)
{
	begin(16, 13, 6);
	s.group.state = STATE_cold_branch;
	for (unsigned i = 0; i < OFFSETS_MAX * EACH; i++) {
		put(&s.ticks[NATIVE][i], REPS, i % 4 ? 5 : -2);
		put(&s.ticks[TWIN][i], REPS, i % 4 ? 6 : -1);
	}
	fill(INDIRECT, 44, 0, 0);
	fill(INLINE, 6, 0, 0);
}

/* @more ticks than the reference in each pair, and a twin that is quiet. */
static void beside_quiet_twin(int more)
{
	begin(16, 13, 6);
	s.group.state = STATE_cold_branch;
	for (unsigned i = 0; i < OFFSETS_MAX * EACH; i++) {
		put(&s.ticks[NATIVE][i], REPS, i % 4 ? 500 : -2);
		put(&s.ticks[TWIN][i], REPS, i % 4 ? 500 : -2);
		put(&s.ticks[INDIRECT][i], REPS, (i % 4 ? 500 : -2) + more);
	}
	sum(3);
}

static void test_quiet_twin(void)
{
	const struct comparison *vs = &res(INDIRECT)->vs;

	beside_quiet_twin(5);
	ok(vs->by_difference && vs->difference == 5 * ONE
	   && vs->verdict == VERDICT_inconclusive,
	   "a quiet twin: what is within 1%% of the reference is not slower");
	beside_quiet_twin(6);
	ok(vs->by_difference && vs->verdict == VERDICT_slower, "what is beyond that is");
}

static void test_by_difference(void)
{
	const struct comparison *vs = &res(INDIRECT)->vs;

	near_nothing();
	sum(3);
	ok(!vs->has_ratio && vs->by_difference && vs->verdict == VERDICT_slower
	   && vs->difference == 39 * ONE, "no ratio: slower by 39 ticks, the twin by 1");
	ok(res(INLINE)->vs.by_difference && res(INLINE)->vs.difference == ONE
	   && res(INLINE)->vs.verdict == VERDICT_inconclusive,
	   "as far as the twin: inconclusive");
	ok(!res(TWIN)->vs.by_difference
	   && res(TWIN)->vs.verdict == VERDICT_inconclusive,
	   "the twin has no twin, and no verdict");
	fill(INLINE, -10, 0, 0);
	sum(3);
	ok(res(INLINE)->vs.by_difference
	   && res(INLINE)->vs.verdict == VERDICT_inconclusive,
	   "below it, and below nothing: that is overlap, inconclusive");
	res(TWIN)->refused = true;
	sum(3);
	ok(vs->verdict == VERDICT_inconclusive && vs->by_difference
	   && vs->difference_95.lo == 39 * ONE, "without a twin: inconclusive");
	begin(16, 13, 6);
	fill(NATIVE, 100, 0, 0);
	fill(TWIN, 100, 0, 0);
	fill(INDIRECT, 104, 0, 0);
	sum(3);
	ok(vs->verdict == VERDICT_slower && !vs->by_difference,
	   "where there is a ratio it is by that");
}

static void test_refused(void)
{
	begin(16, 13, 6);
	fill(NATIVE, 100, 0, 0);
	fill(TWIN, 150, 0, 0);
	fill(INLINE, 104, 0, 0);
	fill(EMPTY, 4, 0, 0);
	fill(CHAIN, 4, 0, 0);
	res(TWIN)->refused = true;
	sum(3);
	ok(!res(TWIN)->has_vs && !res(TWIN)->ticks.n
	   && res(INLINE)->vs.margin == MARGIN,
	   "a refused twin: the least margin, nothing of its own");
	res(INLINE)->refused = true;
	res(INLINE)->has_vs = false;
	sum(3);
	ok(!res(INLINE)->has_vs && res(INDIRECT)->has_vs,
	   "a refused cell is compared with nothing");
	begin(16, 13, 6);
	fill(INLINE, 104, 0, 0);
	fill(EMPTY, 4, 0, 0);
	res(NATIVE)->refused = true;
	sum(3);
	ok(!res(INLINE)->has_vs && !res(TWIN)->has_vs && !res(NATIVE)->ticks.n
	   && res(INLINE)->ticks.median == 100 * ONE,
	   "refused native: times, but no comparison");
	begin(16, 13, 6);
	fill(NATIVE, 104, 0, 0);
	fill(EMPTY, 4, 0, 0);
	res(EMPTY)->refused = res(CHAIN)->refused = true;
	sum(3);
	ok(!res(NATIVE)->ticks.n && !res(NATIVE)->has_cycles,
	   "refused filler: nothing is known of an op alone");
	begin(16, 13, 6);
	fill(NATIVE, 104, 0, 0);
	fill(INLINE, 104, 0, 0);
	fill(EMPTY, 4, 0, 0);
	s.group.state = STATE_cold_branch;
	sum(3);
	ok(res(NATIVE)->ticks.median == 104 * ONE && res(NATIVE)->gross == 104 * ONE
	   && res(INLINE)->vs.ratio == ONE, "in a cold state nothing is taken off");
	begin(16, 13, 3);
	fill(NATIVE, 100, 0, 0);
	fill(INLINE, 104, 0, 0);
	summarise(&s.group, s.results, &(struct summary_rules){
			3, 72 * REPS, MARGIN, s.scratch });
	ok(res(INLINE)->vs.ratio == 1040000 && res(INLINE)->vs.ratio_95.lo == 1010000
	   && res(INLINE)->vs.ratio_95.hi == 1070000
	   && res(INLINE)->vs.difference_95.lo == ONE
	   && res(INLINE)->vs.difference_95.hi == 7 * ONE
	   && res(INLINE)->vs.verdict == VERDICT_inconclusive,
	   "steps of 3 ticks an op: intervals are wider by one");
}

/* 26 ticks over 12000 ops, which is no whole number of millionths. */
#define STEP	26
#define COARSE_REPS	500

static void in_steps(unsigned cell, unsigned offset, unsigned steps)
{
	res(cell)->series.reps = COARSE_REPS;
	for (unsigned i = 0; i < EACH; i++)
		s.ticks[cell][offset * EACH + i] = (struct batch){ 5000, 5000 + STEP * steps };
}

/* The blocks reach over two steps of the 151 that the reference takes: another two are
 * the widening's, so it is half. */
static void test_half_is_a_step(void)
{
	const struct comparison *vs = &res(INLINE)->vs;

	begin(16, 13, 3);
	for (unsigned o = 0; o < 16; o++) {
		in_steps(NATIVE, o, 151);
		in_steps(INLINE, o, o < 5 ? 149 : o < 11 ? 150 : 151);
	}
	summarise(&s.group, s.results, &(struct summary_rules){
			3, STEP, MARGIN, s.scratch });
	ok(vs->grain == 2167 && vs->verdict == VERDICT_inconclusive,
	   "a step is rounded up to a whole millionth: %lld", (long long)vs->grain);
	ok(is_coarse(vs), "half of the width are steps, of less than a tick an op: %lld, %lld",
	   (long long)vs->ratio_grain, (long long)interval_width(vs->ratio_95));
}

static bool has_nothing(const struct result *r)
{
	return !r->ticks.n && !r->ticks.median && !r->gross && !r->all_n && !r->all_median
		&& !r->median_95.known && !r->offset_min && !r->offset_max && !r->cycles
		&& !r->has_cycles && !r->has_vs && !r->vs.has_ratio && !r->vs.ratio;
}

/* Refused at a later look, when numbers were made already. */
static void test_refused_later(void)
{
	bool none = true;

	begin(16, 13, 6);
	fill(NATIVE, 100, 0, 0);
	fill(TWIN, 100, 0, 0);
	fill(INLINE, 104, 0, 0);
	fill(INDIRECT, 150, 0, 0);
	fill(EMPTY, 4, 0, 0);
	fill(CHAIN, 4, 0, 0);
	sum(3);
	ok(res(INLINE)->has_vs && res(TWIN)->has_vs && res(NATIVE)->has_cycles,
	   "all is known");
	res(NATIVE)->refused = true;
	sum(3);
	ok(!res(INLINE)->has_vs && !res(INDIRECT)->has_vs && !res(TWIN)->has_vs
	   && has_nothing(res(NATIVE)) && res(INLINE)->ticks.median == 100 * ONE,
	   "the reference is refused: no comparison is left");
	res(CHAIN)->refused = true;
	sum(3);
	ok(!res(INLINE)->has_cycles && !res(INLINE)->cycles, "the chain: no cycles are left");
	res(EMPTY)->refused = true;
	sum(3);
	for (unsigned i = 0; i < CELLS; i++)
		none &= has_nothing(res(i));
	ok(none, "the filler: nothing is left");
}

/* A group that was planned without its native cell: mode indirect of the first
 * convention (here none is ccall) is what all are compared with, the twin is its own, and
 * native's word is not used for it. */
static void without_native(void)
{
	begin(16, 13, 6);
	s.group.layout = LAYOUT_dense;
	res(NATIVE)->cell = (struct cell){ .role = ROLE_cell, .mode = MODE_inline,
		.convention = CONVENTION_seed, .backend = BACKEND_xen };
	res(INLINE)->cell = (struct cell){ .role = ROLE_cell, .mode = MODE_indirect,
		.convention = CONVENTION_seed, .backend = BACKEND_xen };
	res(INDIRECT)->cell.convention = CONVENTION_callee;
	res(TWIN)->cell = res(INLINE)->cell;
	res(TWIN)->cell.role = ROLE_twin;
	fill(NATIVE, 50, 0, 0);
	fill(INLINE, 100, 0, 0);
	fill(TWIN, 105, 0, 0);
	fill(INDIRECT, 100, 0, 0);
}

/* What is asked for in a group, in its order, and which of it is the reference. */
static const struct {
	const char *what;
	enum { NONE, NAT, SEED, CCALL, CALLEE, OTHER } cell[4];
	int reference;
} references[] = {
	{ "native before all", { NAT, SEED, CCALL }, 0 },
	{ "native behind them", { SEED, CCALL, NAT }, 2 },
	{ "ccall behind seed", { SEED, CCALL }, 1 },
	{ "ccall behind other modes", { OTHER, SEED, OTHER, CCALL }, 3 },
	{ "ccall before callee", { CCALL, CALLEE }, 0 },
	{ "the first, without ccall", { SEED, CALLEE }, 0 },
	{ "callee alone", { OTHER, CALLEE }, 1 },
	{ "none", { OTHER, OTHER }, -1 },
};

static const struct cell asked[] = {
	[NAT] = { .mode = MODE_native, .convention = CONVENTION_native },
	[SEED] = { .mode = MODE_indirect, .convention = CONVENTION_seed },
	[CCALL] = { .mode = MODE_indirect, .convention = CONVENTION_ccall },
	[CALLEE] = { .mode = MODE_indirect, .convention = CONVENTION_callee },
	[OTHER] = { .mode = MODE_inline, .convention = CONVENTION_ccall },
};

static void test_which_reference(void)
{
	for (unsigned i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		unsigned n = 0;
		int k = references[i].reference;

		begin(16, 13, 4);
		for (; n < 4 && references[i].cell[n] != NONE; n++) {
			res(n)->cell = asked[references[i].cell[n]];
			res(n)->cell.role = ROLE_cell;
		}
		s.group.count = n;
		ok(group_reference(&s.group, s.results) == (k < 0 ? NULL : res((unsigned)k)),
		   "reference: %s", references[i].what);
		if (k < 0)
			continue;
		res((unsigned)k)->refused = true;
		ok(!group_reference(&s.group, s.results), "refused, none: %s",
		   references[i].what);
	}
}

static void test_reference(void)
{
	char name[40];

	begin(16, 13, 6);
	reference_name(name, sizeof(name), &res(NATIVE)->cell);
	ok(group_reference(&s.group, s.results) == res(NATIVE)
	   && !strcmp(name, "native"), "the native cell is the reference");
	without_native();
	sum(3);
	reference_name(name, sizeof(name), &res(INLINE)->cell);
	ok(group_reference(&s.group, s.results) == res(INLINE)
	   && !strcmp(name, "indirect/seed"),
	   "without native: indirect of the first convention");
	ok(!res(INLINE)->has_vs && res(NATIVE)->has_vs
	   && res(NATIVE)->vs.ratio == ONE / 2 && res(NATIVE)->vs.vetoed,
	   "the others are compared with it");
	ok(res(TWIN)->has_vs && res(TWIN)->vs.ratio == 1050000
	   && res(INDIRECT)->vs.vetoed, "and its twin vetoes");
	fill(TWIN, 100, 0, 0);
	sum(3);
	ok(res(NATIVE)->vs.verdict == VERDICT_faster
	   && res(INDIRECT)->vs.verdict == VERDICT_same, "or does not");
	without_native();
	res(INLINE)->refused = true;
	sum(3);
	ok(!group_reference(&s.group, s.results) && !res(NATIVE)->has_vs
	   && !res(TWIN)->has_vs && !res(INDIRECT)->has_vs
	   && res(NATIVE)->ticks.median == 50 * ONE,
	   "refused, it has no stand-in: times, but no comparison");
	without_native();
	res(INLINE)->cell.mode = res(INDIRECT)->cell.mode = MODE_inline;
	sum(3);
	ok(!group_reference(&s.group, s.results) && !res(NATIVE)->has_vs,
	   "no indirect cell either: no comparison");
}

/* Copies 4 bytes further in their line at each offset: at offset o they take 10 + o. */
static void halves(unsigned cell, unsigned call_at, uint64_t shift)
{
	fill(cell, 10, 1, 0);
	res(cell)->cell.layout = LAYOUT_line;
	res(cell)->call_at = call_at;
	for (unsigned o = 0; o < OFFSETS_MAX; o++)
		res(cell)->address[o] = 0x7ff000 + shift + 4 * o;
}

/* One site of 6 bytes, as that; others have none of each. */
static void one_site(unsigned cell, enum patched outcome)
{
	res(cell)->sites = res(cell)->counts.sites = 1;
	res(cell)->site_bytes = 6;
	res(cell)->counts.outcome[outcome] = 1;
}

static const struct half_case {
	const char *what;
	unsigned call_at;
	uint64_t shift;
	int64_t low, high;		/* halves of a tick */
} half_cases[] = {
	/* Offsets 0 to 6, 7 to 14; at 15 the site goes over. */
	{ "a site at the copy's first byte", 5, 0, 26, 41 },
	{ "a line further on", 5 + 64, 0, 26, 41 },
	/* 0 to 5 and 15, which begins a line; 6 to 13. */
	{ "over at the one before the last", 7, 2, 26, 39 },
	{ "the last byte of the lower half, and of the line", 7, 0, 26, 41 },
	/* 0 to 5, 6 to 13: the other two go over. */
	{ "the first byte of the upper half", 8, 0, 25, 39 },
	/* 8 to 14; 0 to 6 and 15. */
	{ "half a line further on", 5 + 32, 0, 42, 27 },
};

/* Whose halves are known. */
static const struct one_branch {
	const char *what;
	enum role role;
	enum mode_id mode;
	unsigned sites, bytes, call_at;
	enum patched outcome;
	bool has;
} one_branches[] = {
	{ "indirect", ROLE_cell, MODE_indirect, 1, 6, 5, KEPT_AS_BUILT, true },
	{ "its twin", ROLE_twin, MODE_indirect, 1, 6, 5, KEPT_AS_BUILT, true },
	{ "a direct call", ROLE_cell, MODE_direct, 1, 6, 5, PATCHED_CALL, true },
	{ "a jump to an island", ROLE_cell, MODE_key_jmp, 1, 6, 5, PATCHED_CALL, true },
	{ "kept for want of a form", ROLE_cell, MODE_inline, 1, 6, 5, KEPT_NO_FORM, true },
	{ "kept, too small", ROLE_cell, MODE_key_nop, 1, 6, 5, KEPT_TOO_SMALL, true },
	{ "behind a load", ROLE_cell, MODE_indirect, 1, 6, 8, KEPT_AS_BUILT, true },
	{ "inline", ROLE_cell, MODE_inline, 1, 6, 5, PATCHED_INLINE, false },
	{ "nop", ROLE_cell, MODE_nop, 1, 6, 5, PATCHED_INLINE, false },
	{ "native", ROLE_cell, MODE_native, 0, 0, 0, KEPT_AS_BUILT, false },
	{ "wide", ROLE_cell, MODE_indirect, 1, 16, 5, KEPT_AS_BUILT, false },
	{ "wide, a call", ROLE_cell, MODE_direct, 1, 32, 5, PATCHED_CALL, false },
	{ "seed's", ROLE_cell, MODE_indirect, 1, 30, 17, KEPT_AS_BUILT, false },
	{ "several sites", ROLE_cell, MODE_indirect, 3, 18, 5, KEPT_AS_BUILT, false },
	{ "two that make 6 bytes", ROLE_cell, MODE_indirect, 2, 6, 5, KEPT_AS_BUILT, false },
	{ "no call that is known", ROLE_cell, MODE_indirect, 1, 6, 0, KEPT_AS_BUILT, false },
};

static void test_halves(void)
{
	for (unsigned i = 0; i < sizeof(half_cases) / sizeof(half_cases[0]); i++) {
		const struct half_case *h = &half_cases[i];
		const struct result *r = res(INDIRECT);

		begin(16, 13, 6);
		halves(INDIRECT, h->call_at, h->shift);
		one_site(INDIRECT, KEPT_AS_BUILT);
		sum(3);
		ok(r->has_low_half && r->has_high_half && r->low_half * 2 == h->low * ONE
		   && r->high_half * 2 == h->high * ONE, "halves: %s: %lld and %lld",
		   h->what, (long long)r->low_half, (long long)r->high_half);
	}
}

static void test_halves_whose(void)
{
	for (unsigned i = 0; i < sizeof(one_branches) / sizeof(one_branches[0]); i++) {
		const struct one_branch *w = &one_branches[i];
		struct result *r = res(INDIRECT);

		begin(16, 13, 6);
		halves(INDIRECT, w->call_at, 0);
		one_site(INDIRECT, w->outcome);
		r->cell.role = w->role;
		r->cell.mode = w->mode;
		r->sites = r->counts.sites = r->counts.outcome[w->outcome] = w->sites;
		r->site_bytes = w->bytes;
		sum(3);
		ok(r->has_low_half == w->has && r->has_high_half == w->has
		   && (w->has || (!r->low_half && !r->high_half)),
		   "%s halves: %s", w->has ? "has" : "no", w->what);
	}
}

static void test_halves_parts(void)
{
	begin(7, 13, 6);
	fill(EMPTY, 3, 0, 0);
	halves(INDIRECT, 5, 0);
	one_site(INDIRECT, KEPT_AS_BUILT);
	sum(3);
	ok(res(INDIRECT)->has_low_half && !res(INDIRECT)->has_high_half
	   && res(INDIRECT)->low_half == 10 * ONE && !res(EMPTY)->has_low_half,
	   "no batch in the upper half, no number; of net ticks; filler has none");
	begin(1, 13, 6);
	halves(INDIRECT, 5, 60);
	one_site(INDIRECT, KEPT_AS_BUILT);
	sum(3);
	ok(!res(INDIRECT)->has_low_half && !res(INDIRECT)->has_high_half,
	   "a site that goes over the end of its line is in neither");
	begin(16, 13, 6);
	halves(INDIRECT, 5, 0);
	one_site(INDIRECT, KEPT_AS_BUILT);
	res(INDIRECT)->cell.layout = LAYOUT_dense;
	sum(3);
	ok(!res(INDIRECT)->has_low_half && !res(INDIRECT)->has_high_half,
	   "other layouts have none: copies lie anywhere");
}

/* What became of a cell's sites. */
static const struct {
	const char *what;
	enum mode_id mode;
	unsigned n[PATCHED_COUNT];
	const char *outcome;
	bool kept;
} outcomes[] = {
	{ "native", MODE_native, { 0 }, "-", false },
	{ "indirect", MODE_indirect, { [KEPT_AS_BUILT] = 2 }, "kept-as-built", false },
	{ "inline", MODE_inline, { [PATCHED_INLINE] = 2 }, "inline", false },
	{ "a call for want of a form", MODE_best, { [PATCHED_CALL] = 1 }, "direct-call", false },
	{ "a call and a form", MODE_best, { [PATCHED_INLINE] = 1, [PATCHED_CALL] = 1 },
	  "mixed", false },
	{ "retpoline", MODE_retpoline, { [PATCHED_STUB] = 3 }, "stub-call", false },
	{ "key_jmp", MODE_key_jmp, { [PATCHED_JUMP] = 1 }, "jump", false },
	{ "a test and a call", MODE_test_sti, { [PATCHED_TEST_CALL] = 1 },
	  "test-and-call", false },
	{ "a form, and a test and a call", MODE_test_sti,
	  { [PATCHED_INLINE] = 1, [PATCHED_TEST_CALL] = 1 }, "mixed", false },
	{ "too small", MODE_inline, { [KEPT_TOO_SMALL] = 1 }, "kept-too-small", true },
	{ "one of two too small", MODE_key_nop,
	  { [PATCHED_INLINE] = 1, [KEPT_TOO_SMALL] = 1 }, "mixed", true },
	{ "no register", MODE_lfence, { [PATCHED_STUB] = 1, [KEPT_NO_REGISTER] = 1 },
	  "mixed", true },
	{ "no form", MODE_retpoline, { [KEPT_NO_FORM] = 3 }, "kept-no-form", true },
	{ "out of reach", MODE_direct, { [KEPT_OUT_OF_REACH] = 1 }, "kept-out-of-reach", true },
	{ "nothing known yet", MODE_inline, { 0 }, "-", false },
};

static void test_outcomes(void)
{
	for (unsigned i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		struct result r = { .cell = { .mode = outcomes[i].mode } };

		memcpy(r.counts.outcome, outcomes[i].n, sizeof(r.counts.outcome));
		for (unsigned k = 0; k < PATCHED_COUNT; k++)
			r.counts.sites += outcomes[i].n[k];
		ok(!strcmp(cell_outcome(&r), outcomes[i].outcome)
		   && cell_kept(&r) == outcomes[i].kept, "outcome, %s: %s",
		   outcomes[i].what, outcomes[i].outcome);
	}
}

static void test_nothing(void)
{
	begin(0, 0, 6);
	for (unsigned i = 0; i < CELLS; i++)
		res(i)->series.reps = 0;	/* none was chosen */
	sum(3);
	ok(!res(NATIVE)->ticks.n && !res(NATIVE)->ticks.median
	   && !res(NATIVE)->has_cycles && !res(NATIVE)->gross,
	   "no batches: nothing");
	ok(res(INLINE)->vs.verdict == VERDICT_inconclusive
	   && !res(INLINE)->vs.has_ratio && !group_taken(&s.group),
	   "and nothing is said of them");
}

/* One cell of each role is found; a refused one is not. */
static void test_find(void)
{
	begin(16, 13, 6);
	ok(group_find(&s.group, s.results, ROLE_cell, MODE_inline,
		      CONVENTION_ccall) == res(INLINE)
	   && group_find(&s.group, s.results, ROLE_cell, MODE_native,
			 CONVENTION_native) == res(NATIVE)
	   && group_find(&s.group, s.results, ROLE_chain, MODE_inline,
			 CONVENTION_seed) == res(CHAIN)
	   && !group_find(&s.group, s.results, ROLE_cell, MODE_inline,
			  CONVENTION_seed), "cells are found by what they are");
	s.group.count = 3;
	ok(!group_find(&s.group, s.results, ROLE_chain, 0, 0),
	   "but not another group's");
	res(TWIN)->refused = true;
	ok(!group_find(&s.group, s.results, ROLE_twin, 0, 0), "nor one refused");
	ok(group_taken(&s.group) == 16 * 13, "batches at all offsets");
}

static struct width_taken width[OFFSETS_MAX * EACH];

/* As many batches of each block as it says are alone, the last ones, and quick. */
static void neighbour(const unsigned alone[OFFSETS_MAX])
{
	s.group.width = width;
	for (unsigned b = 0; b < OFFSETS_MAX; b++)
		for (unsigned i = 0; i < EACH; i++) {
			bool quick = i >= 13 - alone[b];

			width[b * EACH + i].regime = quick ? REGIME_alone
				: i % 3 ? REGIME_shared : REGIME_between;
			put(&s.ticks[NATIVE][b * EACH + i], REPS, quick ? 100 : 150);
			put(&s.ticks[INLINE][b * EACH + i], REPS, quick ? 103 : 150);
		}
}

static void test_regimes(void)
{
	static const unsigned some[OFFSETS_MAX] = { 3, 4, 5, 6, 7, 8, 9, 3, 4, 5, 13,
		13, 2, 1, 0, 2 };
	static const unsigned none[OFFSETS_MAX];

	begin(16, 13, 2);
	neighbour(some);
	s.group.regimes = (struct regimes){ .two = true, .used = REGIME_alone };
	sum(3);
	ok(res(NATIVE)->ticks.n == 80 && res(NATIVE)->ticks.max == 100 * ONE
	   && res(NATIVE)->ticks.median == 100 * ONE, "alone: 80 batches of 12 blocks");
	ok(res(NATIVE)->all_n == 16 * 13 && res(NATIVE)->all_median == 150 * ONE,
	   "beside it all of them");
	ok(res(INLINE)->vs.ratio == 1030000 && res(INLINE)->vs.verdict == VERDICT_slower,
	   "3%% apart alone");
	s.group.regimes.used = REGIME_shared;
	sum(3);
	ok(res(INLINE)->vs.ratio == ONE && res(INLINE)->vs.verdict == VERDICT_same,
	   "not so where it is shared");
	s.group.regimes.used = REGIME_single;
	sum(3);
	ok(res(NATIVE)->ticks.n == 16 * 13 && res(NATIVE)->ticks.median == 150 * ONE,
	   "neither is used: all batches");
	s.group.regimes.used = REGIME_alone;
	neighbour(none);
	sum(3);
	ok(!res(NATIVE)->ticks.n && res(NATIVE)->all_n == 16 * 13
	   && res(INLINE)->vs.verdict == VERDICT_inconclusive
	   && !res(INLINE)->vs.has_ratio, "never alone in this group: no number of it");
}

static bool is_same(const struct result *a, const struct result *b)
{
	return a->ticks.n == b->ticks.n && a->ticks.median == b->ticks.median
		&& a->ticks.mad == b->ticks.mad && a->ticks.p95 == b->ticks.p95
		&& a->gross == b->gross
		&& a->offset_min == b->offset_min && a->offset_max == b->offset_max
		&& a->cycles == b->cycles && a->vs.ratio == b->vs.ratio
		&& a->vs.ratio_95.lo == b->vs.ratio_95.lo
		&& a->vs.ratio_95.hi == b->vs.ratio_95.hi
		&& a->vs.difference == b->vs.difference
		&& a->vs.verdict == b->vs.verdict;
}

/* With one regime the numbers are those without any probe. */
static void test_one_regime(void)
{
	struct result without[CELLS + 1];
	bool same = true;

	begin(16, 13, 6);
	fill(NATIVE, 104, 3, 1);
	fill(INLINE, 105, 2, 2);
	fill(TWIN, 104, 3, 1);
	fill(EMPTY, 4, 0, 1);
	fill(CHAIN, 3, 0, 0);
	fill(INDIRECT, 140, 1, 1);
	s.group.regimes = (struct regimes){ .used = REGIME_single };
	sum(3);
	memcpy(without, s.results, sizeof(without));
	s.group.width = width;
	for (unsigned i = 0; i < OFFSETS_MAX * EACH; i++)
		width[i].regime = REGIME_alone;
	s.group.regimes = (struct regimes){ .used = REGIME_alone, .wide_is = REGIME_alone };
	sum(3);
	for (unsigned i = 1; i <= CELLS; i++)
		same &= is_same(&s.results[i], &without[i])
			&& s.results[i].all_median == s.results[i].ticks.median;
	ok(same && res(INLINE)->has_vs, "one regime: the numbers are as without a probe");
}

int main(void)
{
	test_medians();
	test_uneven();
	test_per_op();
	test_filler();
	test_chain();
	test_chain_nothing();
	test_counter();
	test_margin();
	test_margin_unknown();
	test_quiet_twin();
	test_by_difference();
	test_refused();
	test_half_is_a_step();
	test_refused_later();
	test_which_reference();
	test_reference();
	test_halves();
	test_halves_whose();
	test_halves_parts();
	test_outcomes();
	test_nothing();
	test_find();
	test_regimes();
	test_one_regime();
	end();
	return done();
}
