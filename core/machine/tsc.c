/* SPDX-License-Identifier: GPL-2.0-only */
/* Which source of the TSC's rate is believed, see tsc.h. */
#include "lib/sink.h"
#include "machine/tsc.h"
#include "lib/mul_div.h"

const char *const tsc_kind_names[TSC_KIND_COUNT] = {
#define TSC_SOURCE(name, role, text) [TSC_##name] = text,
#include "list/tsc.def"
#undef TSC_SOURCE
};

enum role { ANNOUNCED, TIMER, FIRMWARE };

static const enum role roles[TSC_KIND_COUNT] = {
#define TSC_SOURCE(name, role, text) [TSC_##name] = role,
#include "list/tsc.def"
#undef TSC_SOURCE
};

/* Measurements of one timer that differ by more are worth a word. */
#define SPREAD_PPM_MAX	1000

uint32_t tsc_ppm(uint64_t hz, uint64_t of)
{
	uint64_t off = hz > of ? hz - of : of - hz;
	uint64_t ppm = of ? mul_div(off, 1000000, of) : UINT64_MAX;

	return ppm < UINT32_MAX ? (uint32_t)ppm : UINT32_MAX;
}

static bool within(uint64_t a, uint64_t b, uint64_t percent)
{
	uint64_t small = a < b ? a : b, large = a < b ? b : a;

	return large - small <= mul_div(small, percent, 100);
}

static bool agree(const struct tsc_source *a, const struct tsc_source *b)
{
	return within(a->hz, b->hz, 1);
}

/* The source of that kind that says something, or -1. */
static int find(const struct tsc_source *s, unsigned n, enum tsc_kind kind)
{
	for (unsigned i = 0; i < n; i++)
		if (s[i].kind == kind && s[i].hz)
			return (int)i;
	return -1;
}

/* The indices of those that play a role, best first. */
struct list {
	int at[TSC_KIND_COUNT];
	unsigned n;
};

static struct list list_of(const struct tsc_source *s, unsigned n, enum role role)
{
	struct list l = { .n = 0 };

	for (enum tsc_kind k = 0; k < TSC_KIND_COUNT; k++) {
		int i = roles[k] == role ? find(s, n, k) : -1;

		if (i >= 0)
			l.at[l.n++] = i;
	}
	return l;
}

void tsc_doubt(struct tsc_choice *c, const char *text)
{
	size_t at = 0;

	while (c->doubt[at])
		at++;
	text_format(c->doubt + at, sizeof(c->doubt) - at, "%s%s",
		    at ? "; " : "", text);
}

/* Does the TSC itself do what a clock must? */
static bool moves(struct tsc_choice *c, const struct tsc_source *s, unsigned n)
{
	enum tsc_motion worst = TSC_ADVANCED;

	for (unsigned i = 0; i < n; i++)
		if (s[i].motion > worst)
			worst = s[i].motion;
	if (worst == TSC_STOOD_STILL)
		tsc_doubt(c, "the TSC does not advance");
	if (worst == TSC_RAN_BACKWARDS)
		tsc_doubt(c, "the TSC ran backwards");
	return worst == TSC_ADVANCED;
}

/* The best announced rate that a timer confirms.  False: there is none. */
static bool confirmed(struct tsc_choice *c, const struct tsc_source *s,
		      const struct list *announced, const struct list *timers)
{
	for (unsigned a = 0; a < announced->n; a++) {
		for (unsigned t = 0; t < timers->n; t++) {
			if (!agree(&s[announced->at[a]], &s[timers->at[t]]))
				continue;
			c->source = announced->at[a];
			c->cross = timers->at[t];
			return true;
		}
	}
	return false;
}

static void pick(struct tsc_choice *c, const struct tsc_source *s, unsigned n)
{
	struct list announced = list_of(s, n, ANNOUNCED);
	struct list timers = list_of(s, n, TIMER);
	int stall = find(s, n, TSC_stall);

	if (!timers.n && stall >= 0)
		timers.at[timers.n++] = stall;
	if (confirmed(c, s, &announced, &timers))
		return;
	if (!timers.n) {
		c->source = announced.n ? announced.at[0] : -1;
		return;
	}
	c->source = timers.at[0];
	if (timers.n > 1)
		c->cross = timers.at[1];
	else if (stall != c->source)
		c->cross = stall;
}

/* A rate as few digits as it takes. */
static const char *rate(char to[24], uint64_t hz)
{
	if (hz >= 100000000)
		text_format(to, 24, "%llu MHz",
			    (unsigned long long)((hz + 500000) / 1000000));
	else
		text_format(to, 24, "%llu kHz",
			    (unsigned long long)((hz + 500) / 1000));
	return to;
}

/* What kind of wrong: boards are known whose PM timer runs at double speed, so
 * that an interval by it is half as long as it says. */
static const char *wrong_how(const struct tsc_source *x,
			     const struct tsc_source *chosen)
{
	if (roles[x->kind] == ANNOUNCED)
		return "not believed";
	if (within(x->hz, chosen->hz / 2, 2))
		return "as if it ran at double speed";
	if (within(x->hz / 2, chosen->hz, 2))
		return "as if it ran at half speed";
	return "one of them is wrong";
}

/* A delay may last longer than was asked: that is no doubt of who disagrees, but
 * where nothing else confirms it. */
static bool counts(const struct tsc_choice *c, const struct tsc_source *s, int i)
{
	return roles[s[i].kind] != FIRMWARE || i == c->cross;
}

/* A word on each that says something else than what is believed. */
static void doubt_others(struct tsc_choice *c, const struct tsc_source *s,
			 unsigned n)
{
	const struct tsc_source *chosen = &s[c->source];
	/* What is announced is doubted by the witness, not by another claim. */
	const struct tsc_source *by = roles[chosen->kind] == ANNOUNCED
		&& c->cross >= 0 ? &s[c->cross] : chosen;
	char is[24], says[24], text[160];

	for (enum tsc_kind k = 0; k < TSC_KIND_COUNT; k++) {
		int i = find(s, n, k);

		if (i < 0 || agree(&s[i], chosen) || !counts(c, s, i))
			continue;
		text_format(text, sizeof(text), "%s says %s, %s %s: %s",
			    tsc_kind_names[k], rate(says, s[i].hz),
			    tsc_kind_names[by->kind], rate(is, by->hz),
			    wrong_how(&s[i], chosen));
		tsc_doubt(c, text);
	}
}

static void doubt_cross(struct tsc_choice *c, const struct tsc_source *s)
{
	if (c->cross >= 0 && roles[s[c->cross].kind] == FIRMWARE)
		tsc_doubt(c, "cross-checked by the firmware's Stall() alone, "
			  "which may count the same");
	if (c->cross >= 0)
		return;
	tsc_doubt(c, roles[s[c->source].kind] == ANNOUNCED
		  ? "not cross-checked: there is no timer" : "not cross-checked");
}

/* A timer that does not agree with itself. */
static void doubt_spread(struct tsc_choice *c, const struct tsc_source *s, int i)
{
	char text[120];

	if (i < 0 || s[i].spread_ppm <= SPREAD_PPM_MAX)
		return;
	text_format(text, sizeof(text), "measurements by %s differ by %u ppm",
		    tsc_kind_names[s[i].kind], (unsigned)s[i].spread_ppm);
	tsc_doubt(c, text);
}

struct tsc_choice tsc_choose(const struct tsc_source *s, unsigned n)
{
	struct tsc_choice c = { .source = -1, .cross = -1 };

	if (!moves(&c, s, n))
		return c;
	pick(&c, s, n);
	if (c.source < 0) {
		tsc_doubt(&c, "nothing says how fast the TSC is: there is no timer");
		return c;
	}
	c.hz = s[c.source].hz;
	if (c.cross >= 0)
		c.deviation_ppm = tsc_ppm(s[c.cross].hz, c.hz);
	doubt_others(&c, s, n);
	doubt_cross(&c, s);
	doubt_spread(&c, s, c.source);
	doubt_spread(&c, s, c.cross);
	return c;
}
