/* SPDX-License-Identifier: GPL-2.0-only */
/* Anchors against published figures, see anchor.h. */
#include "stats/anchor.h"
#include "lib/number.h"
#include "lib/sink.h"

const char *const anchor_names[] = {
#define ANCHOR(name, in_guest, what)	[ANCHOR_##name] = #name,
#include "list/anchor.def"
};

const char *const anchor_verdict_names[] = {
	[ANCHOR_AGREES]		= "agrees",
	[ANCHOR_OFF]		= "off",
	[ANCHOR_UNORDERED]	= "does-not-order",
	[ANCHOR_UNKNOWN_MODEL]	= "unknown-model",
	[ANCHOR_NO_FIGURE]	= "no-figure",
	[ANCHOR_OWN_CLOCK]	= "counts-itself",
	[ANCHOR_MAY_EXIT]	= "may-exit",
	[ANCHOR_NOT_TAKEN]	= "not-measured",
};

const char *const anchored_names[] = {
	[ANCHORED_VERIFIED]	= "verified",
	[ANCHORED_UNVERIFIED]	= "unverified",
	[ANCHORED_NO_FENCE]	= "no-fence",
	[ANCHORED_UNKNOWN]	= "unknown",
	[ANCHORED_NOT_MEASURED]	= "not-measured",
};

static const bool judged_in_guest[] = {
#define ANCHOR(name, in_guest, what)	[ANCHOR_##name] = in_guest,
#include "list/anchor.def"
};

/* Names and sources are arrays of their own: each text is there once, and its
 * address stands for the microarchitecture.  One that no line uses does not
 * compile. */
#define UARCH(id, name)		static const char uarch_##id[] = name;
#define SOURCE(id, text)	static const char source_##id[] = text;
#include "list/anchor.def"

static const struct models {
	const char *uarch;
	char vendor[13];
	uint16_t family;
	uint8_t first, last;
} models[] = {
#define MODELS(uarch, vendor, family, first, last) \
	{ uarch_##uarch, vendor, family, first, last },
#include "list/anchor.def"
};
#define MODELS_COUNT	(sizeof(models) / sizeof(models[0]))

static const struct published published[] = {
#define PUBLISHED(uarch, anchor, millicycles, source) \
	{ uarch_##uarch, ANCHOR_##anchor, millicycles, source_##source },
#include "list/anchor.def"
};
#define PUBLISHED_COUNT	(sizeof(published) / sizeof(published[0]))

static bool is_one_of(const struct cpu_id *id, const struct models *m)
{
	return id->family == m->family && id->model >= m->first
		&& id->model <= m->last
		&& cpu_vendor_is(id, m->vendor);
}

const char *anchor_uarch(const struct cpu_id *id)
{
	for (unsigned i = 0; i < MODELS_COUNT && !id->invented; i++)
		if (is_one_of(id, &models[i]))
			return models[i].uarch;
	return NULL;
}

const struct published *anchor_published(const struct cpu_id *id, enum anchor a)
{
	const char *uarch = anchor_uarch(id);

	for (unsigned i = 0; uarch && i < PUBLISHED_COUNT; i++)
		if (published[i].uarch == uarch && published[i].anchor == a)
			return &published[i];
	return NULL;
}

unsigned imul_cycles(const struct cpu_id *id, bool *sourced)
{
	const struct published *p = anchor_published(id, ANCHOR_imul_chain);

	if (sourced)
		*sourced = p != NULL;
	/* A dump's 2.98 is 3 under a clock that was taken to be 0.7% slow. */
	return p ? (p->millicycles + 500) / 1000 : 3;
}

/* In thousandths of the figure.  The quotient of the largest measured value by
 * the smallest figure would not fit. */
static int32_t deviation(int64_t measured, uint32_t figure)
{
	const int64_t most = INT32_MAX;

	if (measured > most * figure / 1000)
		return INT32_MAX;
	if (measured < -most * figure / 1000)
		return -INT32_MAX;
	return (int32_t)((measured - figure) * 1000 / figure);
}

/* Not by the deviation, which is rounded. */
static bool within_a_tenth(int64_t measured, uint32_t figure)
{
	int64_t tenths = 10 * (int64_t)figure;

	return measured >= (tenths - figure + 9) / 10
		&& measured <= (tenths + figure) / 10;
}

static enum anchor_verdict verdict(const struct anchor_check *c,
				   const struct anchor_conditions *how)
{
	if (c->measured == ANCHOR_NOT_MEASURED)
		return ANCHOR_NOT_TAKEN;
	if (c->anchor == ANCHOR_lfence && c->measured < 2000)
		return ANCHOR_UNORDERED;
	if (!c->uarch)
		return ANCHOR_UNKNOWN_MODEL;
	if (!c->published)
		return ANCHOR_NO_FIGURE;
	if (c->anchor == ANCHOR_imul_chain && how->imul_clock)
		return ANCHOR_OWN_CLOCK;
	if (how->hypervisor && !judged_in_guest[c->anchor])
		return ANCHOR_MAY_EXIT;
	return within_a_tenth(c->measured, c->published->millicycles)
		? ANCHOR_AGREES : ANCHOR_OFF;
}

struct anchor_check anchor_judge(enum anchor a, int64_t measured,
				 const struct anchor_conditions *how)
{
	struct anchor_check c = {
		.anchor = a,
		.measured = measured,
		.uarch = anchor_uarch(how->id),
		.published = anchor_published(how->id, a),
	};

	if (c.published && measured != ANCHOR_NOT_MEASURED)
		c.deviation_permille = deviation(measured,
						 c.published->millicycles);
	c.verdict = verdict(&c, how);
	return c;
}

struct counts {
	unsigned of[ANCHOR_VERDICTS];
};

static struct counts count(const struct anchor_check *c, unsigned n)
{
	struct counts counts = { { 0 } };

	for (unsigned i = 0; i < n; i++)
		counts.of[c[i].verdict]++;
	return counts;
}

enum anchored anchored(const struct anchor_check *c, unsigned n)
{
	struct counts counts = count(c, n);

	if (counts.of[ANCHOR_UNORDERED])
		return ANCHORED_NO_FENCE;
	if (counts.of[ANCHOR_OFF])
		return ANCHORED_UNVERIFIED;
	if (counts.of[ANCHOR_AGREES])
		return ANCHORED_VERIFIED;
	return counts.of[ANCHOR_NOT_TAKEN] == n ? ANCHORED_NOT_MEASURED
						: ANCHORED_UNKNOWN;
}

/* The first check with the verdict; there is one. */
static const struct anchor_check *first(const struct anchor_check *c,
					enum anchor_verdict v)
{
	while (c->verdict != v)
		c++;
	return c;
}

static int32_t distance(const struct anchor_check *c)
{
	return c->deviation_permille < 0 ? -c->deviation_permille
					 : c->deviation_permille;
}

static const struct anchor_check *farthest_off(const struct anchor_check *c,
					       unsigned n)
{
	const struct anchor_check *worst = first(c, ANCHOR_OFF);

	for (unsigned i = 0; i < n; i++)
		if (c[i].verdict == ANCHOR_OFF && distance(&c[i]) > distance(worst))
			worst = &c[i];
	return worst;
}

static const char *guest_note(bool hypervisor)
{
	return hypervisor ? "; under a hypervisor rdtsc and cpuid may exit: only"
			    " the chains, lfence and pushf_popf are judged" : "";
}

static void say_unverified(char *to, size_t room, const struct anchor_check *c,
			   unsigned n, bool hypervisor)
{
	const struct anchor_check *worst = farthest_off(c, n);
	unsigned off = count(c, n).of[ANCHOR_OFF];
	unsigned judged = off + count(c, n).of[ANCHOR_AGREES];
	char measured[32], figure[32];

	text_format(to, room, "unverified clock: %u of %u anchors more than 10%%"
		    " off published figures for %s, farthest %s: %s cycles,"
		    " published %s%s", off, judged, worst->uarch,
		    anchor_names[worst->anchor],
		    milli_text(measured, sizeof(measured), worst->measured),
		    milli_text(figure, sizeof(figure),
			       worst->published->millicycles),
		    guest_note(hypervisor));
}

static void say_unknown(char *to, size_t room, const struct anchor_check *c,
			unsigned n, bool hypervisor)
{
	const char *uarch = NULL;

	for (unsigned i = 0; i < n && !uarch; i++)
		uarch = c[i].uarch;
	if (uarch)
		text_format(to, room, "no published figure for %s to compare with:"
			    " the clock is not verified%s", uarch,
			    guest_note(hypervisor));
	else
		text_format(to, room, "no published figures for this model:"
			    " the clock is not verified");
}

const char *anchor_summary(char *to, size_t room, const struct anchor_check *c,
			   unsigned n, bool hypervisor)
{
	unsigned agree = count(c, n).of[ANCHOR_AGREES];
	char t[32];

	switch (anchored(c, n)) {
	case ANCHORED_VERIFIED:
		text_format(to, room, "verified clock: %u of %u anchors within 10%%"
			    " of published figures for %s%s", agree, agree,
			    first(c, ANCHOR_AGREES)->uarch, guest_note(hypervisor));
		break;
	case ANCHORED_UNVERIFIED:
		say_unverified(to, room, c, n, hypervisor);
		break;
	case ANCHORED_NO_FENCE:
		text_format(to, room, "unverified clock: LFENCE takes %s cycles, it"
			    " does not serialise: the timer's fence does not work",
			    milli_text(t, sizeof(t),
				       first(c, ANCHOR_UNORDERED)->measured));
		break;
	case ANCHORED_UNKNOWN:
		say_unknown(to, room, c, n, hypervisor);
		break;
	case ANCHORED_NOT_MEASURED:
	case ANCHORED_COUNT:
		text_format(to, room, "no anchor was measured: the clock is not"
			    " verified");
		break;
	}
	return to;
}
