/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting ends, whatever the clock does. */
#include "lib/patience.h"
#include "tap.h"

/* A clock by numbers: what it goes on by at each reading, and from which on it does
 * nothing any more, or the opposite. */
static const struct clock {
	const char *what;
	uint64_t step;
	uint32_t every;			/* the other readings are the same again */
	uint32_t stops, turns;		/* at that reading; 0: never */
	uint64_t limit;
	uint32_t ends;			/* at that reading */
	bool stopped;
} clocks[] = {
	{ "a good one", 10, 1, 0, 0, 1000, 101, false },
	{ "no time at all", 10, 1, 0, 0, 0, 1, false },
	{ "the longest time, and a step as long", UINT64_MAX / 2, 1, 0, 0,
	  UINT64_MAX / 2 - 1, 1, false },
	{ "one that moves with every thousandth reading", 5000, 1000, 0, 0, 20000,
	  5000, false },
	{ "one that never moves", 0, 1, 0, 0, 1000, PATIENCE_STILL, true },
	{ "one that stops at once", 10, 1, 1, 0, 1000, PATIENCE_STILL, true },
	{ "one that stops in the middle", 10, 1, 50, 0, 1000, 49 + PATIENCE_STILL, true },
	{ "one that stops just before the end", 10, 1, 101, 0, 1000,
	  100 + PATIENCE_STILL, true },
	{ "one that runs backwards", 10, 1, 0, 1, 1000, PATIENCE_STILL, true },
	{ "one that turns round in the middle", 10, 1, 0, 50, 1000, 49 + PATIENCE_STILL,
	  true },
};

static void test_clocks(void)
{
	for (unsigned i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		const struct clock *c = &clocks[i];
		uint64_t now = 1u << 20;
		struct patience p = patience_begin(now, c->limit);
		uint32_t at = 0;
		bool over = false;

		while (!over && at < 3 * PATIENCE_STILL) {
			at++;
			if (!(c->stops && at >= c->stops) && at % c->every == 0)
				now += c->turns && at >= c->turns ? -c->step : c->step;
			over = patience_ends(&p, now);
		}
		ok(over && at == c->ends && patience_stopped(&p) == c->stopped,
		   "%s: over at reading %u, as %u is right", c->what, at, c->ends);
	}
}

/* What it went back by is no time, and is not gone by twice. */
static void test_step_back(void)
{
	struct patience p = patience_begin(1000, 100);

	ok(!patience_ends(&p, 1060) && !patience_ends(&p, 10) && !patience_ends(&p, 50)
	   && patience_ends(&p, 51), "60 on, 1050 back, 41 on: more than 100 have gone by");
}

int main(void)
{
	test_clocks();
	test_step_back();
	return done();
}
