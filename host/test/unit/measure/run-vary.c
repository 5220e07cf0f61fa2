/* SPDX-License-Identifier: GPL-2.0-only */
/* What timings vary by on their own: series that are made up, and what each is held to. */
#include "tap.h"
#include "measure/vary.h"

enum { CALM = 26000, LONG = 5000000, WATCHED = 260000000 };

/* From 0 to 999, the same in every run. */
static uint32_t state;

static uint32_t draw(void)
{
	state = state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)state * 1000 >> 32);
}

/* Timing i of a series. */
static uint32_t calm(uint32_t i) { return 20000 + i % 3; }
static uint32_t rare(uint32_t i) { return i % 7 == 3 ? 90000 : calm(i); }
static uint32_t slow_rare(uint32_t i) { return LONG + (i % 9 == 3 ? LONG : i % 5 * 1000); }
static uint32_t uniform(uint32_t i) { (void)i; return LONG + draw() * (LONG / 1000); }
/* Falls off by half every 300,000 ticks. */
static uint32_t tail(uint32_t i)
{
	uint32_t v = LONG;

	(void)i;
	for (uint32_t left = draw(); left < 500; left = 2 * left + draw() % 2)
		v += 300000;
	return v + draw() * 300;
}
static uint32_t bimodal(uint32_t i) { (void)i; return draw() < 500 ? LONG : 3 * LONG; }
static uint32_t mostly_slow(uint32_t i) { (void)i; return draw() < 200 ? 20000 : LONG; }
static uint32_t mostly_fast(uint32_t i) { (void)i; return draw() < 650 ? 20000 : LONG; }
static uint32_t first_long(uint32_t i) { return i ? calm(i) : 900000; }
static uint32_t first_short(uint32_t i) { return i ? LONG + i % 5 : 7; }
static uint32_t first_short_spiked(uint32_t i)
{
	return i == 9 ? 2 * LONG : first_short(i);
}
static uint32_t steps(uint32_t i) { return 40000 * (1 + (i * 7 % 10 < 4)); }
static uint32_t endless(uint32_t i) { return i % 2 ? UINT32_MAX : UINT32_MAX / 2; }

static const struct series {
	const char *what;
	uint32_t (*at)(uint32_t i);
	uint64_t calm;
	uint32_t n;
	struct vary_share steady;	/* the chain's */
	uint64_t gaps;			/* seen in WATCHED ticks */
	bool varies, follows;		/* right */
	uint32_t over;			/* at most so many are disturbed, and at least */
	uint32_t over_least;
} series[] = {
	{ "calm code", calm, CALM, 14, { 0, 28 }, 0, false, false, 0, 0 },
	{ "calm code, two long ones", rare, CALM, 14, { 0, 28 }, 0, false, false, 2, 2 },
	{ "calm code, as many long ones as the chain", rare, CALM, 14, { 4, 28 }, 0, false,
	  false, 2, 2 },
	{ "a slow op, two long ones", slow_rare, CALM, 14, { 0, 28 }, 0, false, false, 2, 2 },
	{ "a slow op that varies, and a machine that explains it", uniform, CALM, 14,
	  { 0, 28 }, 30, false, false, 14, 9 },
	{ "likewise, and one that does not", uniform, CALM, 14, { 0, 28 }, 9, true, true, 0, 0 },
	{ "likewise, thirteen batches", uniform, CALM, 13, { 0, 26 }, 0, true, true, 0, 0 },
	{ "likewise, twelve", uniform, CALM, 12, { 0, 24 }, 0, false, false, 12, 9 },
	{ "an op that varies evenly", uniform, CALM, 14, { 0, 28 }, 0, true, true, 0, 0 },
	{ "likewise, few batches", uniform, CALM, 3, { 0, 6 }, 0, false, false, 3, 1 },
	{ "likewise, on a machine that is disturbed as often", uniform, CALM, 14,
	  { 9, 28 }, 0, false, false, 14, 9 },
	{ "likewise, and nothing to tell the machine by", uniform, CALM, 14, { 0, 0 }, 0,
	  false, false, 14, 9 },
	{ "an op with a tail", tail, CALM, 60, { 1, 120 }, 0, true, true, 1, 0 },
	{ "an op with two ways", bimodal, CALM, 14, { 0, 28 }, 0, true, true, 0, 0 },
	{ "an op that is seldom quick", mostly_slow, CALM, 14, { 0, 28 }, 0, true, true, 0, 0 },
	{ "an op that is often slow", mostly_fast, CALM, 14, { 0, 28 }, 0, true, true, 0, 0 },
	{ "a slow clock's steps, known", steps, 40000, 14, { 0, 28 }, 0, false, false, 0, 0 },
	{ "a slow clock's steps, seen in the chain too", steps, CALM, 14, { 11, 28 }, 0,
	  false, false, 6, 6 },
	{ "the first one long", first_long, CALM, 14, { 0, 28 }, 0, false, false, 1, 1 },
	{ "the first one short", first_short, CALM, 14, { 0, 28 }, 0, false, false, 0, 0 },
	{ "the first one short, another long", first_short_spiked, CALM, 14, { 0, 28 }, 0,
	  false, false, 1, 1 },
	{ "two timings, far apart", uniform, CALM, 2, { 0, 4 }, 0, false, false, 1, 1 },
	{ "one timing", uniform, CALM, 1, { 0, 2 }, 0, false, false, 0, 0 },
	{ "the longest timings there are", endless, CALM, 14, { 0, 28 }, 0, true, true, 0, 0 },
	{ "calm code, in a ring", calm, CALM, 1000, { 0, 128 }, 0, false, false, 0, 0 },
	{ "an op that varies evenly, in a ring", uniform, CALM, 1000, { 0, 128 }, 0, true,
	  true, 0, 0 },
};

static void test_series(void)
{
	for (unsigned i = 0; i < sizeof(series) / sizeof(series[0]); i++) {
		const struct series *s = &series[i];
		struct vary v = { 0 };
		struct vary_limit l;
		uint32_t over = 0, kept = s->n < VARY_KEPT ? s->n : VARY_KEPT;

		state = 7;
		for (uint32_t k = 0; k < s->n; k++)
			vary_add(&v, s->at(k));
		l = vary_limit(&v, s->calm, &(struct vary_machine){
			s->steady, { s->gaps, WATCHED }, 20 });
		for (uint32_t k = 0; k < kept; k++)
			over += vary_is_over(&l, v.ticks[k]);
		ok(l.varies == s->varies && (l.bound > s->calm) == s->follows
		   && (s->follows || l.bound == s->calm)
		   && over <= s->over && over >= s->over_least,
		   "%s: bound %llu, %u of %u are over it", s->what,
		   (unsigned long long)l.bound, over, kept);
	}
}

static void test_share(void)
{
	struct vary v = { 0 };
	struct vary_share s = vary_share(&v, 10);
	const struct vary_machine none = { { 0, 0 }, { 0, 0 }, 0 };
	const struct vary_machine unwatched = { { 0, 28 }, { 0, 0 }, 20 };
	struct vary_limit l = vary_limit(&v, 10, &none);

	ok(!s.longer && !s.of && l.bound == 10 && !l.varies, "of no timings: calm");
	vary_add(&v, 100);
	vary_add(&v, 110);
	vary_add(&v, 111);
	s = vary_share(&v, 10);
	ok(s.longer == 1 && s.of == 3, "more than usual by more than that: 1 of 3");
	state = 7;
	v.n = 0;
	for (uint32_t i = 0; i < 14; i++)
		vary_add(&v, uniform(i));
	l = vary_limit(&v, CALM, &unwatched);
	ok(!l.varies && !l.meets && l.bound == CALM,
	   "a clock that was not watched explains nothing: calm");
	for (uint64_t gaps = 2; gaps <= 3; gaps++) {
		struct vary_machine m = { { 0, 28 }, { gaps, WATCHED }, 20 };

		l = vary_limit(&v, CALM, &m);
		ok(l.usual >= LONG && l.meets == (gaps == 3),
		   "%u gaps, one in %u ticks: 20 timings of %u %s", (unsigned)gaps,
		   (unsigned)(WATCHED / gaps), (unsigned)l.usual,
		   l.meets ? "meet one" : "may meet none");
		l = vary_limit(&v, 2 * (uint64_t)LONG, &m);
		ok(!l.meets, "what is shorter than code may vary by meets none that counts");
	}
}

int main(void)
{
	test_series();
	test_share();
	return done();
}
