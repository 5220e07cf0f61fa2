/* SPDX-License-Identifier: GPL-2.0-only */
/* Regimes in batches that are made up: a core that is alone, shared, now this and now
 * that; with spikes, drift, coarse clocks and changes of frequency. */
#include <string.h>
#include "plain.h"
#include "stats/anchor.h"
#include "stats/regime.h"
#include "stats/width.h"
#include "tap.h"

#define BATCHES		2000
#define BLOCK		13

static const struct width_unit counts = { 5120, 1280 };

/* What a machine is made up of. */
struct made {
	const char *what;
	unsigned alone;		/* percent of the batches */
	unsigned stays;		/* batches that a regime stays, about; 0: each anew */
	double width, shared;	/* ADDs a cycle, alone and shared */
	unsigned spikes;	/* permille of the timings, up to ten times as long */
	double noise;		/* standard deviation of a timing, of 1 */
	double drift;		/* of the rate, from the first batch to the last */
	unsigned boost;		/* percent of the batches at 1.4 times the rate */
	unsigned step;		/* of the clock, ticks */
	uint32_t published;
	/* What must be found. */
	bool two;
	enum regime used;
};

static struct width_taken p[BATCHES];
static bool is_alone[BATCHES], crossed[BATCHES];
static int64_t work[BATCHES];

/* Ticks that so many cycles take. */
static uint32_t timed(const struct made *m, double cycles, double rate)
{
	double t = cycles * rate * (1 + m->noise * normal()) + 40;

	if (m->spikes && rnd() % 1000 < m->spikes)
		t *= 1 + 9 * uniform();
	return m->step ? (uint32_t)(t / m->step) * m->step : (uint32_t)t;
}

static void make(const struct made *m)
{
	bool alone = rnd() % 100 < m->alone;

	for (unsigned i = 0; i < BATCHES; i++) {
		double rate = 0.8 * (1 + m->drift * i / BATCHES);
		bool before;

		if (!m->stays || rnd() % m->stays == 0)
			alone = rnd() % 100 < m->alone;
		/* The other thread begins or ends in the middle of some. */
		before = m->alone % 100 && rnd() % 25 == 0 ? !alone : alone;
		is_alone[i] = alone;
		crossed[i] = before != alone;
		if (rnd() % 100 < m->boost)
			rate /= 1.4;
		p[i] = (struct width_taken){
			.first = timed(m, counts.adds
				       / (before ? m->width : m->shared), rate),
			.last = timed(m, counts.adds
				      / (alone ? m->width : m->shared), rate),
			.chain = timed(m, counts.links, rate),
		};
	}
}

static struct regimes sorted(uint32_t published)
{
	struct widths w = { .n = 0 };
	struct regimes r;

	for (unsigned i = 0; i < BATCHES; i += BLOCK)
		width_bins(p + i, i + BLOCK < BATCHES ? BLOCK : BATCHES - i, &counts,
			   work);
	widths_add(&w, p, BATCHES);
	r = regimes_find(&w, 0, published);
	regimes_sort(&r, p, BATCHES);
	regimes_choose(&r);
	return r;
}

/* Batches that are called something else than they are.  A spike makes of any what it
 * likes. */
static unsigned count_wrong(const struct regimes *r)
{
	unsigned n = 0;

	for (unsigned i = 0; i < BATCHES; i++) {
		enum regime want = crossed[i] ? REGIME_between
			: is_alone[i] ? REGIME_alone : REGIME_shared;

		n += p[i].regime != (r->two ? want : r->wide_is);
	}
	return n;
}

static const struct made machines[] = {
	{ "always alone, as published", 100, 0, 4, 2, 0, 0.01, 0, 0, 1, 4000,
	  false, REGIME_alone },
	{ "always alone, nothing published", 100, 0, 4, 2, 0, 0.01, 0, 0, 1, 0,
	  false, REGIME_single },
	{ "always alone, without noise", 100, 0, 5.3, 2, 0, 0, 0, 0, 1, 5300,
	  false, REGIME_alone },
	{ "never alone", 0, 0, 4, 2, 0, 0.01, 0, 0, 1, 4000, false, REGIME_single },
	{ "75% alone, for long", 75, 400, 4, 2, 0, 0.01, 0, 0, 1, 4000, true,
	  REGIME_alone },
	{ "75% alone, by the batch", 75, 0, 4, 2, 0, 0.01, 0, 0, 1, 4000, true,
	  REGIME_alone },
	{ "50% alone", 50, 30, 4, 2, 0, 0.02, 0, 0, 1, 4000, true, REGIME_alone },
	{ "50% alone, nothing published", 50, 30, 4, 2, 0, 0.02, 0, 0, 1, 0, true,
	  REGIME_alone },
	{ "5% alone", 5, 0, 4, 2, 0, 0.01, 0, 0, 1, 4000, true, REGIME_shared },
	{ "95% alone", 95, 0, 4, 2, 0, 0.01, 0, 0, 1, 4000, true, REGIME_alone },
	{ "shared at two thirds", 50, 30, 4, 2.7, 0, 0.02, 0, 0, 1, 4000, true,
	  REGIME_alone },
	{ "never alone, two levels", 50, 30, 2.4, 1.2, 0, 0.02, 0, 0, 1, 4000, true,
	  REGIME_shared },
	{ "alone with spikes", 100, 0, 4, 2, 10, 0.01, 0, 0, 1, 4000, false,
	  REGIME_alone },
	{ "alone with many spikes", 100, 0, 4, 2, 60, 0.01, 0, 0, 1, 4000, false,
	  REGIME_alone },
	{ "75% alone with spikes", 75, 30, 4, 2, 20, 0.01, 0, 0, 1, 4000, true,
	  REGIME_alone },
	{ "alone, a slow drift to half the rate", 100, 0, 4, 2, 0, 0.01, 1, 0, 1,
	  4000, false, REGIME_alone },
	{ "75% alone, the same drift", 75, 30, 4, 2, 0, 0.01, 1, 0, 1, 4000, true,
	  REGIME_alone },
	{ "alone, the clock in steps of 36", 100, 0, 4, 2, 0, 0.01, 0, 0, 36, 4000,
	  false, REGIME_alone },
	{ "alone, a step as large as is allowed", 100, 0, 5.3, 2.6, 0, 0.01, 0, 0, 64,
	  5300, false, REGIME_alone },
	{ "75% alone, the clock in steps of 36", 75, 30, 4, 2, 0, 0.01, 0, 0, 36,
	  4000, true, REGIME_alone },
	{ "alone, a third of it boosted", 100, 0, 4, 2, 0, 0.01, 0, 33, 1, 4000,
	  false, REGIME_alone },
	{ "50% alone, a third of it boosted", 50, 30, 4, 2, 0, 0.01, 0, 33, 1, 4000,
	  true, REGIME_alone },
	{ "5% alone, with spikes, drift, boost and a coarse clock", 5, 0, 4, 2, 10,
	  0.02, 0.5, 20, 26, 4000, true, REGIME_shared },
};

static void test_machines(void)
{
	for (unsigned k = 0; k < sizeof(machines) / sizeof(machines[0]); k++) {
		const struct made *m = &machines[k];
		struct regimes r;
		unsigned wrong, spiked = BATCHES * 3 * m->spikes / 1000;

		make(m);
		r = sorted(m->published);
		wrong = count_wrong(&r);
		diag("%s: wide %u, narrow %u, threshold %u: %s %u, %s %u, %s %u; %u wrong",
		     m->what, r.wide, r.narrow, r.threshold,
		     regime_names[0], r.batches[0], regime_names[1], r.batches[1],
		     regime_names[2], r.batches[2], wrong);
		ok(r.two == m->two && r.used == m->used, "%s: %s is used, of %s", m->what,
		   regime_names[r.used], r.two ? "two" : "one");
		if (r.wide_is == REGIME_shared)
			continue;
		ok(wrong <= spiked + BATCHES / 200, "%s: batches are what they are",
		   m->what);
	}
}

/* Ends of a machine that is always alone take longer, each by itself: spikes, but alike
 * enough to make a heap.  In so many batches both ends do. */
static unsigned lengthen(unsigned permille, double least, double most)
{
	const struct made m = { "", 100, 0, 4, 2, 0, 0.01, 0, 0, 1, 0, false, 0 };
	unsigned both = 0;

	make(&m);
	for (unsigned i = 0; i < BATCHES; i++) {
		bool first = rnd() % 1000 < permille, last = rnd() % 1000 < permille;

		if (first)
			p[i].first *= least + (most - least) * uniform();
		if (last)
			p[i].last *= least + (most - least) * uniform();
		both += first && last;
	}
	return both;
}

/* One regime, whatever is published: the spikes of a model that nobody knows do not make
 * the rest of it alone. */
static void test_spikes(void)
{
	static const struct {
		unsigned permille;
		double least, most;
	} spikes[] = { { 40, 1.45, 1.45 }, { 100, 1.3, 2.8 }, { 100, 1.45, 1.45 },
		       { 200, 2, 2 } };

	for (unsigned k = 0; k < sizeof(spikes) / sizeof(spikes[0]); k++) {
		unsigned two = 0, most = 0;

		for (unsigned n = 0; n < 100; n++) {
			unsigned both = lengthen(spikes[k].permille, spikes[k].least,
						 spikes[k].most);
			struct regimes r = sorted(n % 2 ? 4000 : 0);

			two += r.two || r.used != (n % 2 ? REGIME_alone : REGIME_single);
			most = both > most ? both : most;
		}
		ok(!two, "%u of 1000 ends take %.2f to %.2f times as long, both of a batch "
		   "in up to %u: one regime but for %u of 100", spikes[k].permille,
		   spikes[k].least, spikes[k].most, most, two);
	}
}

/* The least that is a regime, and one batch less: of 1000 batches 10, with a quarter of
 * the ends that are narrow. */
static void test_least(void)
{
	struct widths w = { .n = 2000 };

	w.ends[140] = 80;
	w.ends[170] = 1920;
	w.wider[140] = 10;
	w.wider[170] = 990;
	ok(regimes_find(&w, 0, 0).two, "both ends of 1%% of the batches are narrow");
	w.wider[140]--;
	w.wider[170]++;
	ok(!regimes_find(&w, 0, 0).two, "of fewer");
	w.wider[140]++;
	w.wider[170]--;
	w.ends[140]++;
	w.ends[170]--;
	ok(!regimes_find(&w, 0, 0).two, "of 1%%, with less than a quarter of the ends");
}

/* Whatever the one regime is like, all batches count: as if nobody had asked. */
static void test_one_changes_nothing(void)
{
	unsigned bad = 0;

	for (unsigned k = 0; k < 300; k++) {
		const struct made m = { "", 100, 0, 1 + 5 * uniform(), 1, rnd() % 30,
			0.03 * uniform(), uniform(), rnd() % 50, 1 + rnd() % 40,
			rnd() % 2 ? 4000 : 0, false, 0 };
		struct regimes r;

		make(&m);
		r = sorted(m.published);
		for (unsigned i = 0; i < BATCHES; i++)
			bad += !regime_counts(&r, p[i].regime);
	}
	ok(!bad, "300 machines that are always alone: every batch counts, but for %u", bad);
}

/* Of many mixtures few are missed, whatever the share from 5% to 95%. */
static void test_many_mixtures(void)
{
	unsigned missed = 0, wrong = 0;

	for (unsigned k = 0; k < 500; k++) {
		double width = 3 + 3 * uniform();
		const struct made m = { "", 5 + rnd() % 91, rnd() % 60, width,
			width * (0.45 + 0.15 * uniform()), 0, 0.02 * uniform(),
			0.5 * uniform(), rnd() % 20, 1 + rnd() % 36, 0, true, 0 };
		struct regimes r;

		make(&m);
		r = sorted(0);
		missed += !r.two;
		wrong += r.two ? count_wrong(&r) : 0;
	}
	ok(missed <= 5, "of 500 mixtures %u are missed", missed);
	ok(wrong <= 100, "and of their batches %u of a million are wrong",
	   wrong);
}

static void test_edges(void)
{
	unsigned wrong = 0;
	struct widths w = { .n = 0 };
	struct regimes r = regimes_find(&w, 0, 4000);

	regimes_choose(&r);
	ok(!r.two && !r.wide && r.used == REGIME_single, "nothing was probed");
	memset(p, 0, sizeof(p));
	r = sorted(4000);
	ok(!r.two && r.n == BATCHES, "a clock that stands still");
	for (unsigned i = 0; i < BATCHES; i++)
		p[i] = (struct width_taken){ UINT32_MAX, UINT32_MAX, UINT32_MAX,
			{ 0, 0 }, 0 };
	r = sorted(4000);
	ok(!r.two && r.wide >= 3800 && r.wide <= 4000, "as long as can be: %u", r.wide);
	for (unsigned i = 0; i < REGIME_BINS; i++)
		wrong += fabs(width_edge(i) - 100 * exp2(i / 32.)) > 1.01;
	ok(!wrong, "32 bins are an octave");
}

/* What came into a chain is no cycle; what made the core slower is. */
static void test_chain(void)
{
	struct width_taken w[BLOCK];

	for (unsigned i = 0; i < BLOCK; i++)
		w[i] = (struct width_taken){ 1000, 1000, 1000, { 0, 0 }, 0 };
	w[5].chain = 10000;
	w[6] = (struct width_taken){ 1400, 1400, 1400, { 0, 0 }, 0 };
	w[7].last = 2000;
	width_bins(w, BLOCK, &counts, work);
	ok(w[5].bin[0] == w[0].bin[0] && w[5].bin[1] == w[0].bin[0],
	   "a chain that was disturbed is that of the others");
	ok(w[6].bin[0] == w[0].bin[0], "a core that is slower is as wide");
	ok(w[7].bin[0] == w[0].bin[0] && w[7].bin[1] == w[0].bin[0] - 32,
	   "half the width is an octave less");
}

/* A threshold stays where it is while it does; it goes when the regime does. */
static void test_before(void)
{
	const struct made m = { "", 50, 30, 4, 2, 0, 0.02, 0, 0, 1, 4000, true, 0 };
	struct widths w = { .n = 0 };
	struct regimes r, moved;

	make(&m);
	sorted(4000);
	widths_add(&w, p, BATCHES);
	r = regimes_find(&w, 0, 4000);
	moved = regimes_find(&w, r.bin + 3, 4000);
	ok(moved.bin == r.bin + 3 && moved.threshold == width_edge(r.bin + 3),
	   "a threshold that would do is kept");
	moved = regimes_find(&w, r.bin + 16, 4000);
	ok(moved.bin == r.bin, "one in the middle of a heap is not");
	w = (struct widths){ .n = 0 };
	w.ends[170] = w.n = 1000;
	ok(!regimes_find(&w, r.bin, 4000).two, "nor one with nothing below it");
}

/* One batch more or less of a hundred. */
static void test_enough(void)
{
	struct regimes r = { .two = true, .wide_is = REGIME_alone, .n = 100,
		.batches = { [REGIME_alone] = 25, [REGIME_shared] = 70 } };

	regimes_choose(&r);
	ok(r.used == REGIME_alone, "a quarter of the batches is enough");
	r.batches[REGIME_alone] = 24;
	regimes_choose(&r);
	ok(r.used == REGIME_shared, "less is not");
	r.batches[REGIME_shared] = 24;
	regimes_choose(&r);
	ok(r.used == REGIME_single && regime_counts(&r, REGIME_between),
	   "neither: then all count");
}

/* Who has a width is one of the list, and every width is one that can be. */
static void test_published(void)
{
	const struct cpu_id zen3 = { .vendor = "AuthenticAMD", .family = 0x19, .model = 1 };
	const struct cpu_id p4 = { .vendor = "GenuineIntel", .family = 0xf, .model = 2 };
	const struct cpu_id none = { .vendor = "CentaurHauls", .family = 7, .model = 0 };
	struct width w = width_published(&zen3);

	ok(w.milli == 4000 && w.source && !strcmp(w.uarch, "Zen 3"), "Zen 3: four a cycle");
	ok(!width_published(&p4).milli && anchor_uarch(&p4), "Northwood: a model without");
	ok(!width_published(&none).source, "a model that nobody knows");
#define WIDTH(uarch, milli, source) \
	ok(milli >= 1000 && milli <= 8000, #uarch ": %u", milli);
#include "list/width.def"
}

/* No share is said to be there before it is. */
static void test_percent(void)
{
	struct regimes r = { .n = 200, .batches = { [REGIME_alone] = 99,
						    [REGIME_shared] = 101 } };

	ok(regime_percent(&r, REGIME_alone) == 49 && regime_percent(&r, REGIME_shared) == 50
	   && !regime_percent(&r, REGIME_between), "49.5%% are 49%%");
	r = (struct regimes){ .n = UINT32_MAX, .batches = { [REGIME_single] = UINT32_MAX } };
	ok(regime_percent(&r, REGIME_single) == 100, "all of many");
	r.n = 0;
	ok(!regime_percent(&r, REGIME_single), "of none");
}

int main(void)
{
	test_percent();
	test_machines();
	test_one_changes_nothing();
	test_many_mixtures();
	test_spikes();
	test_least();
	test_edges();
	test_chain();
	test_before();
	test_enough();
	test_published();
	return done();
}
