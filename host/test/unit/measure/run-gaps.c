/* SPDX-License-Identifier: GPL-2.0-only */
/* Watching a clock that does as it is told: gaps, steps, stops, turns back. */
#include <string.h>
#include "measure/clock_gaps.h"
#include "tap.h"

/* From one read to the next: steps[0], steps[1], ... and again; but the read of
 * number odd_at is odd away from the one before. */
static struct {
	uint64_t now;
	uint64_t reads, stills;		/* so many reads from the first stand still */
	int64_t steps[4];
	unsigned count, slow;		/* one read in so many of those */
	uint64_t stops;			/* at that read; 0: it does not */
	uint64_t odd_at;
	int64_t odd;
	unsigned opened, closed, refuse;
	uint64_t since, longest;	/* of the window, of all */
	bool quiet, misused;
	/* SMIs and NMIs: one of each before each look at them. */
	struct disturbance came;
} clock;

static uint64_t read_clock(void)
{
	uint64_t i = clock.reads++;

	clock.misused |= !clock.quiet;
	if ((clock.slow && i % clock.slow) || (clock.stops && i >= clock.stops))
		return clock.now;
	i /= clock.slow ? clock.slow : 1;
	if (clock.odd && i == clock.odd_at)
		clock.now += (uint64_t)clock.odd;
	else if (i >= clock.stills)
		clock.now += (uint64_t)clock.steps[i % clock.count];
	return clock.now;
}

static bool quiet_begin(void *ctx)
{
	clock.misused |= clock.quiet || ctx != &clock;
	if (++clock.opened == clock.refuse)
		return false;
	clock.since = clock.now;
	return clock.quiet = true;
}

static void quiet_end(void *ctx)
{
	clock.misused |= !clock.quiet || ctx != &clock;
	clock.closed++;
	clock.quiet = false;
	if (clock.now - clock.since > clock.longest)
		clock.longest = clock.now - clock.since;
}

static void disturbed(void *ctx, struct disturbance *d)
{
	clock.misused |= !clock.quiet || ctx != &clock;
	clock.came.smi++;
	clock.came.nmi += 2;
	*d = clock.came;
}

static const struct platform machine = {
	.disturbed = disturbed,
	.begin = read_clock, .end = read_clock, .quiet_begin = quiet_begin, .quiet_end = quiet_end,
	.quiet_ticks = 100000, .gap_ticks = 1000, .ctx = &clock,
};

static void begin(int64_t a, int64_t b)
{
	memset(&clock, 0, sizeof(clock));
	clock.now = 1u << 20;
	clock.steps[0] = a;
	clock.steps[1] = b;
	clock.count = 2;
}

static bool balanced(void)
{
	bool refused = clock.refuse && clock.opened >= clock.refuse;

	return !clock.quiet && !clock.misused
		&& clock.closed == clock.opened - refused;
}

static struct gaps watch(uint64_t ticks, bool want)
{
	struct gaps g = { 0 };

	ok(watch_gaps(&machine, ticks, &g) == want && balanced(),
	   "%llu ticks watched: %u windows", (unsigned long long)ticks,
	   clock.closed);
	return g;
}

static void test_steps(void)
{
	static const struct {
		int64_t a, b;
		uint64_t step;
	} cases[] = {
		{ 1, 1, 1 }, { 26, 26, 26 }, { 26, 39, 13 }, { 39, 26, 13 },
		{ 0, 24, 24 }, { 6, 9, 3 }, { 35, 36, 1 }, { 1000, 500, 500 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gaps g;

		begin(cases[i].a, cases[i].b);
		g = watch(50000, true);
		ok(g.step == cases[i].step && !g.count && !g.stopped && !g.backwards
		   && g.largest == (uint64_t)(cases[i].a > cases[i].b
					      ? cases[i].a : cases[i].b)
		   && g.ticks >= 50000 && g.ticks < 50000 + 1000,
		   "steps of %lld and %lld: multiples of %llu",
		   (long long)cases[i].a, (long long)cases[i].b,
		   (unsigned long long)cases[i].step);
	}
}

/* Above gap_ticks it is a gap; that long it is not. */
static void test_gap(void)
{
	for (int64_t more = -1; more <= 1; more++) {
		struct gaps g;

		begin(10, 10);
		clock.odd_at = 100;
		clock.odd = (int64_t)machine.gap_ticks + more;
		g = watch(50000, true);
		ok(g.count == (more > 0) && g.largest == machine.gap_ticks + (uint64_t)more,
		   "%lld ticks with nothing to do: %u gaps",
		   (long long)clock.odd, g.count);
	}
}

static void test_windows(void)
{
	static const struct {
		uint64_t ticks;
		unsigned windows;
	} cases[] = {
		{ 0, 0 }, { 1, 1 }, { 99999, 1 }, { 100000, 1 }, { 100001, 2 },
		{ 1000000, 10 }, { 1000001, 11 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct gaps g;

		begin(10, 10);
		g = watch(cases[i].ticks, true);
		/* A read opens a window, and one may be past its end. */
		ok(clock.closed == cases[i].windows && g.ticks >= cases[i].ticks
		   && clock.longest <= machine.quiet_ticks + 2 * 10,
		   "%llu ticks: %u windows, none longer than it may be",
		   (unsigned long long)cases[i].ticks, cases[i].windows);
	}
}

/* That a clock stands still is believed after a hundred thousand reads. */
static void test_stopped(void)
{
	struct gaps g;

	begin(10, 10);
	clock.stills = UINT64_MAX;
	g = watch(1000000, true);
	ok(g.stopped && clock.closed == 1 && !g.ticks && !g.backwards
	   && clock.reads < 200000, "a clock that stands still: said, in one window");
	watch_gaps(&machine, 1000, &g);
	ok(clock.opened == 1, "and not watched again");
	begin(10, 10);
	clock.stills = 99999;
	g = watch(1000, true);
	ok(!g.stopped && g.ticks >= 1000, "one that starts in time is none");
	begin(0, 0);
	clock.steps[2] = 1;
	clock.count = 3;
	g = watch(100000, true);
	ok(!g.stopped && clock.reads > 250000, "nor is one that is only slow");
	begin(0, 0);
	clock.count = 4;
	clock.steps[3] = 1;
	clock.steps[0] = clock.steps[1] = clock.steps[2] = 0;
	clock.slow = 10;
	g = watch(100000, true);
	ok(g.stopped && clock.reads < 600000 && clock.closed == 1,
	   "one that goes on by a tick in 40 reads is: %llu reads",
	   (unsigned long long)clock.reads);
	for (unsigned stops = 1; stops <= 100000; stops *= 10) {
		begin(10, 10);
		clock.stops = stops;
		g = watch(100000000, true);
		ok(g.stopped && clock.reads < stops + 120000,
		   "one that stops at reading %u: said", stops);
	}
}

static void test_goes_on(void)
{
	static const struct {
		uint64_t stills;
		bool goes_on;
	} cases[] = {
		{ 0, true }, { 1, true }, { 99999, true }, { 200000, false },
		{ UINT64_MAX, false },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(10, 10);
		clock.stills = cases[i].stills;
		clock.quiet = true;
		ok(clock_goes_on(&machine) == cases[i].goes_on && clock.reads < 120000,
		   "%llu still reads: it %s", (unsigned long long)cases[i].stills,
		   cases[i].goes_on ? "goes on" : "has stopped");
	}
}

static void test_backwards(void)
{
	struct gaps g;

	begin(10, 10);
	clock.odd_at = 50;
	clock.odd = -1;
	g = watch(1000000, true);
	ok(g.backwards && clock.closed == 1 && !g.stopped && g.ticks == 49 * 10
	   && g.largest == 10 && g.step == 10 && clock.reads == 51,
	   "one tick back: said, ends there, and nothing else is made of it");
	begin(10, 10);
	clock.odd_at = 1;
	clock.odd = -100000;
	g = watch(1000000, true);
	ok(g.backwards && !g.ticks && !g.largest, "back before the beginning");
}

static void test_refused(void)
{
	for (unsigned at = 1; at <= 10; at++) {
		begin(10, 10);
		clock.refuse = at;
		watch(1000000, false);
		ok(clock.opened == at, "window %u refused: ends there", at);
	}
}

/* A clock that was set anew while somebody else ran: its step is what it was. */
static void test_step_of_gaps(void)
{
	struct gaps g;

	begin(26, 52);
	clock.odd_at = 100;
	clock.odd = 500003;
	g = watch(1000000, true);
	ok(g.step == 26 && g.count == 1 && g.largest == 500003,
	   "a gap of any length leaves the step");
	begin(26, 52);
	clock.odd_at = 100;
	clock.odd = 39;
	g = watch(1000000, true);
	ok(g.step == 13 && !g.count, "any other difference is a multiple of it");
	begin(3000, 4500);
	g = watch(1000000, true);
	ok(g.step == 1500 && g.count, "where all are gaps they say what it is");
}

/* What comes between two windows is not theirs. */
static void test_came(void)
{
	struct gaps g;

	begin(10, 10);
	g = watch(1000000, true);
	ok(clock.closed == 10 && g.came.smi == 10 && g.came.nmi == 20
	   && !g.came.interrupts && !g.came.smi_known,
	   "what is counted in the windows is added up; SMIs that are not counted are not known");
	begin(10, 10);
	clock.came.smi_known = true;
	clock.came.smi = UINT32_MAX;
	g = watch(1000000, true);
	ok(g.came.smi == 10 && g.came.smi_known, "known, and a counter that wraps");
}

/* Two watches are added up: the largest gap, the steps of both. */
static void test_added(void)
{
	struct gaps g = { 0 };
	uint64_t ticks;

	begin(30, 30);
	watch_gaps(&machine, 10000, &g);
	ticks = g.ticks;
	begin(20, 20);
	clock.odd_at = 7;
	clock.odd = 5000;
	watch_gaps(&machine, 10000, &g);
	ok(g.step == 10 && g.largest == 5000 && g.count == 1
	   && g.ticks >= ticks + 10000, "two watches are added up");
}

int main(void)
{
	test_steps();
	test_gap();
	test_windows();
	test_stopped();
	test_goes_on();
	test_backwards();
	test_refused();
	test_step_of_gaps();
	test_came();
	test_added();
	return done();
}
