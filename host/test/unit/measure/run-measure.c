/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The timing loop, on a machine that is made up: its clock moves by what a body
 * costs, so every number is known; and what disturbs a batch comes when it is
 * told to.  Bodies are functions of this file.
 */
#include <stdlib.h>
#include "made_up.h"
#include "measure/measure.h"
#include "tap.h"

enum { PASS_COST = 5, SUBJECTS = 5, LOG_MAX = 4000, BATCHES = 50 };

/* What a copy of each subject costs; of the core's clock twice as much. */
static const uint64_t costs[SUBJECTS] = { 20, 100, 30, 0, 7 };
static uint64_t slow;			/* more, for a pass */
static unsigned passes, slow_pass;	/* the one that is much slower */
static uint64_t (*more_of)(unsigned k);	/* and for a timed pass of subject k */

/* Timings in the order in which they were taken. */
static struct timing {
	uint8_t subject;
	bool is_long;
} timings[LOG_MAX];
static unsigned logged, last;		/* of them; mu.timings then */
static bool wrong_if;			/* at the beginning of a pass */

static void pass(unsigned k, bool is_long, struct work *w)
{
	uint64_t cost = PASS_COST + slow
		+ (is_long ? 2 : 1) * WORKLOAD_N * costs[k];

	if (more_of && mu.doing == TIMED)
		cost += more_of(k);
	if (++passes == slow_pass)
		mu.hiccup = 77777;
	mu_take(cost);
	mu.core += 2 * cost;
	if (mu.doing != UNTIMED && mu.timings != last && logged < LOG_MAX) {
		last = mu.timings;
		timings[logged++] = (struct timing){ (uint8_t)k, is_long };
		/* Subject 1's workload begins with IF off. */
		wrong_if |= mu.if_on != (k != 1)
			|| !(w->flags & FLAGS_IF) != (k == 1);
	}
	mu.if_on = k & 1;
}

#define BODIES(k)							\
	static void n_##k(struct work *w) { pass(k, false, w); }	\
	static void n2_##k(struct work *w) { pass(k, true, w); }
BODIES(0) BODIES(1) BODIES(2) BODIES(3) BODIES(4)
#define PAIR(k)	{ n_##k, n2_##k }
static void (*const bodies[SUBJECTS][2])(struct work *w) = {
	PAIR(0), PAIR(1), PAIR(2), PAIR(3), PAIR(4),
};

static const struct workload on = { .if_before = true };
static const struct workload off = { .if_before = false };

/* Untimed, as in warm. */
static void enter(const struct platform *m, const struct subject *s,
		  const struct body *b, struct work *w)
{
	mu.misused |= mu.doing != UNTIMED || !m || !s;
	body_code(b)(w);
}
static const struct state plain = { "plain", "for tests", false, enter };

static struct subject subjects[SUBJECTS];
static struct batch ticks[SUBJECTS][BATCHES], cycles[SUBJECTS][BATCHES];
static struct quality quality;
static uint32_t taken;
static struct platform machine;
static struct fault met;
static struct rng rng;

static struct body body_of(void (*code)(struct work *w))
{
	return (struct body){ .entry = (uintptr_t)code };
}

static void begin(uint32_t reps)
{
	machine = mu_machine(0);
	memset(ticks, 0xee, sizeof(ticks));
	memset(cycles, 0xee, sizeof(cycles));
	memset(&quality, 0, sizeof(quality));
	taken = 12345;
	logged = last = passes = slow_pass = 0;
	slow = 0;
	more_of = NULL;
	wrong_if = false;
	rng.state = 1;
	for (unsigned k = 0; k < SUBJECTS; k++)
		subjects[k] = (struct subject){
			.wl = k == 1 ? &off : &on, .state = &plain, .reps = reps,
			.n = body_of(bodies[k][0]), .n2 = body_of(bodies[k][1]),
			.ticks = ticks[k],
		};
}

static uint32_t tries;		/* 0: as a block has them by itself */

static struct width_taken *width;	/* NULL: it is not asked */
static uint64_t spare_ticks;	/* 0: they are no matter */

static enum measured measure_end(unsigned count, uint32_t want)
{
	struct block b = { subjects, count, want, tries, 0, { 0, 1 << 28 }, width,
			   spare_ticks, NULL };

	return measure_block(&machine, &b, &rng, &quality, &taken);
}

static bool measure(unsigned count, uint32_t want)
{
	return measure_end(count, want) == MEASURED;
}

static uint32_t ticks_of(unsigned k, unsigned halves, uint32_t reps)
{
	return (uint32_t)(CLOCK_COST
			  + reps * (PASS_COST + halves * WORKLOAD_N * costs[k]));
}

/* All that were taken are exact, and there are no others. */
static bool exact(unsigned count, uint32_t reps)
{
	for (unsigned k = 0; k < count; k++)
		for (uint32_t i = 0; i < taken; i++)
			if (ticks[k][i].n != ticks_of(k, 1, reps)
			    || ticks[k][i].n2 != ticks_of(k, 2, reps))
				return false;
	return true;
}

static bool untouched(const struct batch *b)
{
	return b->n == 0xeeeeeeee && b->n2 == 0xeeeeeeee;
}

static void test_exact(void)
{
	static const uint32_t reps[] = { 1, 2, 7, 64, REPS_MAX };

	for (unsigned i = 0; i < 5; i++) {
		begin(reps[i]);
		machine.quiet_ticks = machine.quiet_max = UINT64_MAX;
		ok(measure(SUBJECTS, 10) && taken == 10 && exact(SUBJECTS, reps[i])
		   && untouched(&ticks[0][10]) && mu_balanced() && !wrong_if
		   && mu.closed == 1 && quality.windows == 1
		   && quality.tried == 10, "exact ticks of %u passes", reps[i]);
	}
	begin(1);
	ok(measure(SUBJECTS, 0) && !taken && !mu.opened && !quality.tried,
	   "no batches: no window");
}

/* The core's clock: PASS_COST and copies cost twice the ticks. */
static bool cycles_exact(unsigned k, uint32_t reps)
{
	for (uint32_t i = 0; i < taken; i++)
		if (cycles[k][i].n != 2 * ticks_of(k, 1, reps) - CLOCK_COST
		    || cycles[k][i].n2 != 2 * ticks_of(k, 2, reps) - CLOCK_COST)
			return false;
	return true;
}

static void test_cycles(void)
{
	begin(3);
	machine.cycles = mu_cycles;
	for (unsigned k = 0; k < SUBJECTS; k += 2)
		subjects[k].cycles = cycles[k];
	ok(measure(SUBJECTS, 6) && taken == 6 && exact(SUBJECTS, 3)
	   && mu_balanced() && !wrong_if && cycles_exact(0, 3)
	   && cycles_exact(2, 3) && cycles_exact(4, 3),
	   "cycles are counted beside ticks");
	ok(untouched(&cycles[1][0]) && untouched(&cycles[0][6]),
	   "where there is room for them");
}

/* Of each batch: the order of subjects, and which half came first. */
struct order {
	uint8_t subject[SUBJECTS];
	bool long_first[SUBJECTS];
};

/* Return: false if a batch does not have every subject's two timings once, next
 * to each other. */
static bool order_of(unsigned batch, struct order *o)
{
	const struct timing *t = timings + batch * 2 * SUBJECTS;
	unsigned seen = 0;

	for (unsigned k = 0; k < SUBJECTS; k++, t += 2) {
		if (t[0].subject != t[1].subject || t[0].is_long == t[1].is_long)
			return false;
		o->subject[k] = t[0].subject;
		o->long_first[t[0].subject] = t[0].is_long;
		seen |= 1u << t[0].subject;
	}
	return seen == (1u << SUBJECTS) - 1;
}

static bool run_orders(uint64_t seed, struct order o[31])
{
	bool good;

	begin(2);
	rng.state = seed;
	good = measure(SUBJECTS, 30) && logged == 31 * 2 * SUBJECTS;
	for (unsigned i = 0; good && i < 31; i++)
		good = order_of(i, &o[i]);
	return good;
}

static void test_orders(void)
{
	static struct order a[31], again[31], b[31];
	unsigned differ = 0, halves = 0, other = 0;

	ok(run_orders(7, a), "each batch times each subject's halves once");
	for (unsigned i = 1; i < 31; i++) {
		differ += !!memcmp(a[i].subject, a[i - 1].subject, SUBJECTS);
		halves += a[i].long_first[0];
	}
	ok(differ > 25, "in another order: %u of 30 times", differ);
	ok(halves > 5 && halves < 25, "the long one first: %u of 30 times", halves);
	run_orders(7, again);
	ok(!memcmp(a, again, sizeof(a)), "the same seed: the same orders");
	run_orders(8, b);
	for (unsigned i = 0; i < 31; i++)
		other += !!memcmp(&a[i], &b[i], sizeof(a[i]));
	ok(other > 25, "another seed: %u of 31 are others", other);
}

/* What comes between, and in which batches (of ten). */
static const struct {
	const char *what;
	enum dropped why;
	unsigned smi, nmi, interrupts;
	int64_t hiccup;
	unsigned batches;		/* bit i: batch i */
} upsets[] = {
	{ "an SMI", DROPPED_smi, 1, 0, 0, 0, 0x2 },
	{ "SMIs", DROPPED_smi, 3, 0, 0, 0, 0x2aa },
	{ "an NMI", DROPPED_nmi, 0, 1, 0, 0, 0x400 },
	{ "interrupts", DROPPED_interrupt, 0, 0, 2, 0, 0x16 },
	{ "a gap", DROPPED_gap, 0, 0, 0, 10001, 0x14 },
	{ "a gap of no matter", DROPPED_COUNT, 0, 0, 0, 10000, 0x14 },
	{ "a clock that runs back", DROPPED_backwards, 0, 0, 0, -6000, 0x6 },
	{ "an SMI and its gap", DROPPED_smi, 1, 0, 0, 20000, 0x22 },
	{ "an NMI and an interrupt", DROPPED_nmi, 0, 1, 1, 0, 0x22 },
	{ "a turn back and an interrupt", DROPPED_interrupt, 0, 0, 1, -6000, 0x2 },
};
static unsigned upset_now;

static void upset(unsigned batch, bool before)
{
	if (!(upsets[upset_now].batches >> batch & 1))
		return;
	if (before) {
		mu.hiccup = upsets[upset_now].hiccup;
		return;
	}
	mu.so_far.smi += upsets[upset_now].smi;
	mu.so_far.nmi += upsets[upset_now].nmi;
	mu.so_far.interrupts += upsets[upset_now].interrupts;
}

static void test_dropped(void)
{
	for (unsigned i = 0; i < sizeof(upsets) / sizeof(upsets[0]); i++) {
		unsigned n = (unsigned)__builtin_popcount(upsets[i].batches), all = 0;
		bool dropped = upsets[i].why != DROPPED_COUNT;

		begin(1);
		/* Counters may wrap. */
		mu.so_far = (struct disturbance){ UINT32_MAX, UINT32_MAX,
						  UINT32_MAX - 1, true };
		mu.upset = upset;
		upset_now = i;
		measure(SUBJECTS, 10);
		for (unsigned k = 0; k < DROPPED_COUNT; k++)
			all += quality.dropped[k];
		ok(taken == 10 && all == (dropped ? n : 0) && mu_balanced()
		   && (!dropped || quality.dropped[upsets[i].why] == n)
		   && quality.tried == 10 + all
		   && exact(SUBJECTS, 1) == dropped
		   && untouched(&ticks[0][10]),
		   "%s: %u of %u batches dropped", upsets[i].what, all,
		   quality.tried);
		if (upsets[i].hiccup > 0)
			ok(quality.largest_gap == (uint64_t)upsets[i].hiccup,
			   "and how long the gap was");
	}
}

/* Interrupts of a batch, where a state is entered before each timing or not. */
static void test_interrupts_come(void)
{
	static const struct state once = { "once", "for tests", true, enter };
	static const struct {
		bool come, once;
		unsigned upset;
		enum dropped why;
	} cases[] = {
		{ false, false, 3, DROPPED_interrupt }, { false, true, 3, DROPPED_interrupt },
		{ true, false, 3, DROPPED_interrupt }, { true, true, 3, DROPPED_COUNT },
		/* What else is known, and a timing's length, tell as ever. */
		{ true, true, 0, DROPPED_smi }, { true, true, 8, DROPPED_nmi },
		{ true, true, 4, DROPPED_gap }, { true, true, 9, DROPPED_backwards },
		{ true, true, 6, DROPPED_backwards },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned all = 0, n, want;

		begin(1);
		machine.interrupts_come = cases[i].come;
		for (unsigned k = 0; cases[i].once && k < SUBJECTS; k++)
			subjects[k].state = &once;
		mu.upset = upset;
		upset_now = cases[i].upset;
		n = (unsigned)__builtin_popcount(upsets[upset_now].batches);
		want = cases[i].why == DROPPED_COUNT ? 0 : n;
		measure(SUBJECTS, 10);
		for (unsigned k = 0; k < DROPPED_COUNT; k++)
			all += quality.dropped[k];
		ok(taken == 10 && all == want && quality.tried == 10 + all
		   && (!want || quality.dropped[cases[i].why] == want)
		   && exact(SUBJECTS, 1) && mu_balanced(),
		   "%s, where they %s and a state is entered %s: %u batches dropped",
		   upsets[upset_now].what, cases[i].come ? "come" : "are kept out",
		   cases[i].once ? "once a timing" : "as warm", all);
	}
}

/* In the rehearsal nothing counts. */
static void rehearsal_upset(unsigned batch, bool before)
{
	if (!batch && before)
		mu.hiccup = 500000;
	if (!batch)
		mu.so_far.smi++;
}

static void test_rehearsal(void)
{
	begin(1);
	mu.upset = rehearsal_upset;
	ok(measure(SUBJECTS, 5) && taken == 5 && quality.tried == 5
	   && !quality.dropped[DROPPED_smi] && !quality.dropped[DROPPED_gap]
	   && !quality.largest_gap && exact(SUBJECTS, 1),
	   "what disturbs the rehearsal does not count");
}

static unsigned every;

static void often(unsigned batch, bool before)
{
	if (batch % every && !before)
		mu.so_far.interrupts++;
}

/* As many as are wanted, where more would take too long; a window is one batch here. */
static void test_late(void)
{
	static const struct {
		uint64_t spare;
		uint32_t tried;
	} cases[] = { { 1, 10 }, { 1ull << 40, 20 }, { 0, 20 } };

	for (unsigned i = 0; i < 3; i++) {
		begin(1);
		machine.quiet_ticks = 1;
		every = 2;
		mu.upset = often;
		spare_ticks = cases[i].spare;
		ok(measure(2, 10) && quality.tried == cases[i].tried
		   && taken == cases[i].tried / 2 && exact(2, 1) && mu_balanced(),
		   "%llu ticks to spare: %u tries", (unsigned long long)spare_ticks,
		   quality.tried);
	}
	spare_ticks = 0;
}

/* Twice as many tries as are wanted, and no more. */
static void test_tries(void)
{
	static const struct {
		unsigned every;
		uint32_t tried, taken;
	} cases[] = {
		{ 1, 10, 10 },		/* none of them disturbed */
		{ 2, 20, 10 },		/* every other: the last try is good */
		{ 3, 20, 6 }, { 100, 20, 0 },
	};

	for (unsigned i = 0; i < 4; i++) {
		begin(1);
		every = cases[i].every;
		mu.upset = often;
		ok(measure(2, 10) && taken == cases[i].taken
		   && quality.tried == cases[i].tried
		   && quality.dropped[DROPPED_interrupt]
		      == cases[i].tried - cases[i].taken
		   && exact(2, 1) && mu_balanced(),
		   "good is 1 batch of %u: %u of %u tries", every, taken,
		   quality.tried);
	}
}

/* A batch of subject 0 alone, with its state entered, of so many ticks; and what
 * a window takes before its first. */
static uint64_t batch_ticks(void)
{
	uint64_t n = PASS_COST + WORKLOAD_N * costs[0];
	uint64_t n2 = PASS_COST + 2 * WORKLOAD_N * costs[0];

	return 2 * (n + n2) + 7 * CLOCK_COST;
}

static void test_windows(void)
{
	begin(1);
	machine.quiet_ticks = 0;
	ok(measure(1, 7) && taken == 7 && mu.closed == 8 && mu_balanced()
	   && exact(1, 1) && quality.windows == 8,
	   "no time at all: a window a batch, and one for the rehearsal");
	for (unsigned per = 1; per <= 8; per++) {
		unsigned windows = (30 + per - 1) / per;

		begin(1);
		/* The first has the rehearsal in it as well. */
		machine.quiet_ticks = per * batch_ticks() - CLOCK_COST;
		measure(1, 30);
		ok(taken == 30 && mu_balanced() && exact(1, 1)
		   && (mu.closed == windows || mu.closed == windows + 1)
		   && mu.longest < machine.quiet_ticks + batch_ticks() + 50
		   && quality.windows == mu.closed && !quality.overran,
		   "time for %u batches: %u windows for 30", per, mu.closed);
	}
	ok(quality.longest_window <= mu.longest
	   && quality.longest_window + 2 * CLOCK_COST >= mu.longest,
	   "and how long the longest was");
}

/* No batch is begun that might take a window past the most it may last; one that
 * is longer than that is taken all the same, and said. */
static void test_quiet_max(void)
{
	for (unsigned per = 2; per <= 6; per++) {
		begin(1);
		machine.quiet_max = per * batch_ticks() + 100;
		machine.quiet_ticks = machine.quiet_max - 1;
		ok(measure(1, 20) && taken == 20 && !quality.overran
		   && mu.longest <= machine.quiet_max && mu_balanced()
		   && mu.closed <= 20 / (per - 1) + 2,
		   "room for %u batches: %u windows, none too long", per,
		   mu.closed);
	}
	begin(1);
	machine.quiet_ticks = 10;
	machine.quiet_max = 20;
	ok(measure(1, 5) && taken == 5 && quality.windows == 6
	   && quality.overran == 6 && quality.longest_window > 20,
	   "a batch that is longer: each window says so");
}

static void test_refused_windows(void)
{
	unsigned good = 0;

	for (unsigned at = 1; at <= 8; at++) {
		begin(1);
		machine.quiet_ticks = 0;
		mu.refuse = at;
		good += !measure(SUBJECTS, 8) && mu_balanced()
			/* The first window is the rehearsal's. */
			&& mu.closed == at - 1 && taken == (at > 1 ? at - 2 : 0)
			&& exact(SUBJECTS, 1);
	}
	ok(good == 8, "no window: ends there, IF put back: %u of 8", good);
}

static void test_saturation(void)
{
	begin(1);
	slow = UINT32_MAX - ticks_of(0, 2, 1);
	ok(measure(1, 1) && ticks[0][0].n2 == UINT32_MAX
	   && ticks[0][0].n == UINT32_MAX - WORKLOAD_N * costs[0],
	   "the longest timing there is");
	begin(1);
	slow = UINT32_MAX;
	ok(measure(1, 1) && taken == 1 && ticks[0][0].n2 == UINT32_MAX
	   && ticks[0][0].n == UINT32_MAX, "one that is longer is as long");
}

/* Behind what is now the window's beginning, too. */
static void far_back(unsigned batch, bool before)
{
	if (batch == 3 && before)
		mu.hiccup = -(1 << 29);
}

static void test_far_back(void)
{
	begin(1);
	mu.upset = far_back;
	ok(measure(SUBJECTS, 10) && taken == 10 && mu_balanced()
	   && quality.dropped[DROPPED_backwards] == 1
	   && quality.longest_window < 1u << 29 && exact(SUBJECTS, 1),
	   "a clock behind the window's beginning: dropped, no longest window");
}

/* Some subject's timings vary, and 2 is the chain. */
static uint32_t drawn;

static uint32_t draw(uint32_t below)
{
	drawn = drawn * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)drawn * below >> 32);
}

static uint64_t one_varies(unsigned k) { return k == 0 ? draw(400000) : 0; }
static uint64_t ops_vary(unsigned k) { return k == 2 ? 0 : draw(400000); }
static uint64_t two_ways(unsigned k) { return k != 2 && draw(2) ? 300000 : 0; }
static uint64_t all_vary(unsigned k) { (void)k; return draw(2) ? draw(400000) : 0; }
static uint64_t chain_varies(unsigned k) { return k == 2 ? draw(400000) : 0; }
/* Less often than a bound may follow, in most of them. */
static uint64_t sometimes(unsigned k) { return k != 2 && draw(5) == 0 ? 300000 : 0; }
static uint64_t seldom(unsigned k) { (void)k; return draw(60) ? 0 : 300000; }
static uint64_t none_varies(unsigned k) { (void)k; return 0; }

static const struct {
	const char *what;
	uint64_t (*more)(unsigned k);
	uint32_t asked, least, most;	/* batches */
	bool follows;			/* right: of the bound */
	unsigned own;			/* of those dropped, so many at least; 0: none */
} varying[] = {
	{ "none varies", none_varies, 10, 10, 10, false, 0 },
	{ "one of five varies", one_varies, 10, 10, 10, true, 0 },
	{ "all but the chain vary", ops_vary, 10, 10, 10, true, 0 },
	{ "likewise, two batches", ops_vary, 2, 2, 2, true, 0 },
	{ "all but the chain have two ways", two_ways, 10, 10, 10, true, 5 },
	{ "all are disturbed, the chain too", all_vary, 10, 0, 3, false, 0 },
	{ "the chain alone", chain_varies, 10, 0, 9, false, 0 },
	{ "seldom, the chain too", seldom, 10, 10, 10, false, 0 },
	{ "all but the chain now and then", sometimes, 10, 0, 9, true, 5 },
};

/* Timings that are woken late: the bound for others is a quarter of the wait.  They are too few
 * to say that they vary by themselves. */
#define WAIT	60000

static uint64_t halts(unsigned k) { return k ? 0 : WAIT + draw(WAIT); }
static uint64_t halts_long(unsigned k) { return k ? 0 : WAIT + (draw(3) ? 0 : 3 * WAIT); }

static void test_waits(void)
{
	static const struct {
		const char *what;
		uint64_t (*more)(unsigned k);
		bool waits;
		uint32_t least, most;	/* right: batches */
	} rows[] = {
		{ "it waits, and is late by less than it waits", halts, true, 5, 5 },
		{ "likewise, and is not said to wait", halts, false, 0, 4 },
		{ "it waits, and is late by three times that", halts_long, true, 1, 4 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool good;

		begin(1);
		drawn = 5;
		machine.gap_ticks = WAIT / 4;
		subjects[2].steady = true;
		subjects[0].waits = rows[i].waits;
		more_of = rows[i].more;
		tries = 6;
		good = measure(SUBJECTS, 5);
		tries = 0;
		ok(good && taken >= rows[i].least && taken <= rows[i].most
		   && quality.dropped[DROPPED_gap] == quality.tried - taken
		   && (quality.gap_bound > WAIT) == rows[i].waits
		   && quality.gap_bound < 2 * WAIT,
		   "%s: %u batches of %u tries, bound %llu", rows[i].what, taken,
		   quality.tried, (unsigned long long)quality.gap_bound);
	}
}

static void test_varying(void)
{
	for (unsigned i = 0; i < sizeof(varying) / sizeof(varying[0]); i++) {
		bool good;

		begin(1);
		drawn = 5;
		subjects[2].steady = true;
		more_of = varying[i].more;
		tries = 2 * varying[i].asked + VARY_LEAST;
		good = measure(SUBJECTS, varying[i].asked);
		tries = 0;
		ok(good && taken >= varying[i].least
		   && taken <= varying[i].most && mu_balanced()
		   && (quality.gap_bound > machine.gap_ticks) == varying[i].follows
		   && (quality.gap_bound >= machine.gap_ticks)
		   && quality.dropped[DROPPED_gap] == quality.tried - taken
		   && quality.gap_own >= varying[i].own
		   && (varying[i].own || !quality.gap_own),
		   "%s: %u batches of %u tries, bound %llu, %u of %u by themselves",
		   varying[i].what, taken, quality.tried,
		   (unsigned long long)quality.gap_bound, quality.gap_own,
		   quality.dropped[DROPPED_gap]);
	}
}

/* What is dropped in the end leaves no hole, in either clock. */
static void test_closed_up(void)
{
	begin(3);
	machine.cycles = mu_cycles;
	for (unsigned k = 0; k < SUBJECTS; k++)
		subjects[k].cycles = cycles[k];
	mu.upset = upset;
	upset_now = 4;			/* gaps in batches 2 and 4 */
	ok(measure(SUBJECTS, 6) && taken == 6 && quality.tried == 8
	   && quality.dropped[DROPPED_gap] == 2 && exact(SUBJECTS, 3)
	   && cycles_exact(0, 3) && cycles_exact(4, 3) && untouched(&ticks[0][6]),
	   "batches that are dropped in the end leave no hole");
}

/* Timings of a batch of all subjects, and of as many batches with their rehearsal. */
#define IN_A_BATCH	(2 * SUBJECTS)

/* Where a clock stops: in a timing of a batch, the first being the rehearsal; timing 0
 * is the read that opens a window. */
static const struct {
	const char *what;
	unsigned batch, timing;
} stops[] = {
	{ "as the first window opens", 0, 0 },
	{ "in the rehearsal's first timing", 0, 1 },
	{ "in its last", 0, IN_A_BATCH },
	{ "in the first batch's first timing", 1, 1 },
	{ "in its last", 1, IN_A_BATCH },
	{ "in the middle", 5, 4 },
	{ "in the last batch that is wanted", 10, IN_A_BATCH },
	{ "as a window opens in the middle, or one timing before", 5, 0 },
};

/* Batches have room for ten and a guard behind them, which is the sanitizer's. */
static void stop_in(unsigned batch, unsigned timing, bool one_window, const char *what)
{
	struct batch *room = malloc(10 * sizeof(*room));
	unsigned good = batch ? batch - 1 : 0, reads = IN_A_BATCH + !one_window;
	enum measured end;

	begin(1);
	subjects[0].ticks = room;
	machine.quiet_ticks = one_window ? UINT64_MAX : 0;
	machine.quiet_max = UINT64_MAX;
	mu.stops_at = batch * reads + timing + 1;
	end = measure_end(SUBJECTS, 10);
	subjects[0].ticks = ticks[0];
	memcpy(ticks[0], room, (taken < 10 ? taken : 10) * sizeof(*room));
	free(room);
	ok(end == MEASURED_NO_CLOCK && taken == good - (batch && !timing && one_window)
	   && quality.dropped[DROPPED_stopped] == !!batch
	   && quality.tried == taken + !!batch && exact(SUBJECTS, 1) && mu_balanced()
	   && mu.opened == (one_window ? 1 : batch + 1) && mu.reads < 120000,
	   "%s: the clock stops %s: %u batches, the block ends",
	   one_window ? "one window" : "a window a batch", what, taken);
}

static void test_stops(void)
{
	for (unsigned i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		for (unsigned k = 0; k < 2; k++)
			stop_in(stops[i].batch, stops[i].timing, k, stops[i].what);
}

/* From one batch on, each reading is before the last; the tries end it. */
static unsigned backwards_from;

static void go_backwards(unsigned batch, bool before)
{
	mu.backwards = batch >= backwards_from && before ? true : mu.backwards;
}

static void test_backwards(void)
{
	for (unsigned from = 0; from <= 10; from += 5) {
		unsigned good = from ? from - 1 : 0;

		begin(1);
		backwards_from = from;
		mu.upset = go_backwards;
		ok(measure(SUBJECTS, 10) && taken == good && mu_balanced()
		   && quality.tried == 20 && exact(SUBJECTS, 1)
		   && quality.dropped[DROPPED_backwards] == 20 - good
		   && !quality.overran && quality.longest_window < 1u << 20,
		   "a clock that runs backwards from batch %u on: %u batches", from,
		   taken);
	}
}

/* A clock that advances by much at once, and then not for long. */
static uint64_t coarse_now, coarse_reads;

static uint64_t coarse(void)
{
	if (++coarse_reads % 1000 == 0)
		coarse_now += 5000;
	return coarse_now;
}

static void test_coarse(void)
{
	begin(1);
	machine.begin = machine.end = coarse;
	ok(measure(SUBJECTS, 10) && taken == 10 && quality.tried == 10,
	   "a clock that stands still for a thousand readings is not one that stopped");
}

static void test_reps_stopped(void)
{
	begin(0);
	mu.quiet = mu.stopped = true;
	ok(choose_reps(&machine, &subjects[0], 10000, &met) == 1 && mu.reads < 120000,
	   "by a clock that stands still: one pass");
}

/* What lasts many times as long as a timing should is not tried sixteen times. */
static void test_reps_slow(void)
{
	const uint64_t once = ticks_of(0, 2, 1);
	uint64_t before;

	begin(0);
	mu.quiet = true;
	slow_pass = 1;
	before = mu.reads;
	ok(choose_reps(&machine, &subjects[0], (uint32_t)(once / 17), &met) == 1
	   && mu.reads - before < 2 * 5 + 2, "a pass of 17 timings: four tries");
}

static void test_reps(void)
{
	const uint64_t once = ticks_of(0, 2, 1);
	const struct {
		uint64_t pass;
		uint32_t want;
	} cases[] = {
		{ 0, 1 }, { 1, 1 }, { once - 1, 1 }, { once, 1 },
		{ 2 * once - 1, 1 }, { 2 * once, 2 }, { 10 * once + 3, 10 },
		{ REPS_MAX * once - 1, REPS_MAX - 1 }, { REPS_MAX * once, REPS_MAX },
		{ (REPS_MAX + 1) * once, REPS_MAX }, { UINT32_MAX, REPS_MAX },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t got;

		begin(0);
		mu.quiet = true;
		slow_pass = i % 2 ? 1 : 16;	/* the first, or the last */
		got = choose_reps(&machine, &subjects[0], (uint32_t)cases[i].pass, &met);
		ok(got == cases[i].want && !mu.if_on && !mu.misused,
		   "a timing of %u ticks: %u passes", (unsigned)cases[i].pass,
		   cases[i].want);
	}
}

/* Batch b's first probe is b ticks longer; an SMI takes the one of every third. */
static void upset_probe(unsigned batch, bool before)
{
	if (before)
		mu.hiccup = (int)batch;
	else
		mu.so_far.smi += batch % 3 == 2;
}

static void number_probe(unsigned batch, bool before)
{
	if (before)
		mu.hiccup = (int)batch;
}

static void test_width(void)
{
	static struct width_taken taken_width[BATCHES];
	uint32_t at[BATCHES];
	unsigned wrong = 0;

	for (unsigned i = 0, batch = 1; i < 20; i++, batch++) {
		batch += batch % 3 == 2;
		at[i] = batch;
	}
	begin(2);
	width = taken_width;
	mu.upset = upset_probe;
	measure(SUBJECTS, 20);
	width = NULL;
	for (unsigned i = 0; i < 20; i++)
		wrong += taken_width[i].first != CLOCK_COST + at[i]
			|| taken_width[i].last != CLOCK_COST
			|| taken_width[i].chain != CLOCK_COST;
	ok(taken == 20 && !wrong && exact(SUBJECTS, 2),
	   "the width of each batch that is good, beside its ticks");
	begin(2);
	width = taken_width;
	mu.upset = number_probe;
	slow_pass = SUBJECTS * 2 * 3 * 6 + 3;	/* of batch 6 */
	measure(SUBJECTS, 20);
	width = NULL;
	for (unsigned i = 0; i < 20; i++)
		wrong += taken_width[i].first != CLOCK_COST + i + 1 + (i >= 5);
	ok(taken == 20 && quality.dropped[DROPPED_gap] == 1 && !wrong,
	   "a batch that was too long goes with its width");
}

int main(void)
{
	test_exact();
	test_cycles();
	test_orders();
	test_dropped();
	test_interrupts_come();
	test_rehearsal();
	test_tries();
	test_late();
	test_windows();
	test_quiet_max();
	test_refused_windows();
	test_saturation();
	test_far_back();
	test_reps();
	test_reps_slow();
	test_varying();
	test_waits();
	test_closed_up();
	test_stops();
	test_backwards();
	test_coarse();
	test_reps_stopped();
	test_width();
	return done();
}
