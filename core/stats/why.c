/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a verdict is inconclusive, see why.h. */
#include "stats/why.h"
#include "lib/mul_div.h"
#include "lib/number.h"
#include "lib/sink.h"

const char *const why_names[WHY_COUNT] = {
#define WHY(name, what) [WHY_##name] = #name,
#include "list/why.def"
#undef WHY
};

static unsigned dropped_permille(const struct why_facts *f)
{
	return f->tried ? (unsigned)mul_div(f->dropped, 1000, f->tried) : 0;
}

static bool has_interval(const struct comparison *vs)
{
	return vs->has_ratio && vs->ratio_95.known;
}

/* Wholly below what is the same, and not above nothing. */
static bool overlaps(const struct comparison *vs)
{
	return vs->ratio_95.known && vs->ratio_95.lo <= 0
		&& vs->ratio_95.hi < MILLION - vs->margin;
}

/* Half of the time, or as far as is known. */
static bool is_alone(const struct why_facts *f)
{
	return !f->alone_known || f->alone_permille >= 500;
}

enum why why_of(const struct why_facts *f)
{
	const struct comparison *vs = f->vs;

	if (is_decided(vs->verdict))
		return WHY_decided;
	if (vs->vetoed)
		return WHY_twin_apart;
	if (!vs->difference_95.known)
		return is_alone(f) ? WHY_too_few : WHY_not_alone;
	if (overlaps(vs))
		return WHY_overlap;
	if (!has_interval(vs) && f->reference <= NEXT_TO_NOTHING)
		return WHY_no_ratio;
	if (is_coarse(vs))
		return WHY_coarse;
	if (!is_alone(f))
		return WHY_not_alone;
	if (dropped_permille(f) >= 100)
		return WHY_dropped;
	return WHY_restless;
}

/* Millionths of one as "3.1%". */
static const char *percent(char *to, size_t room, int64_t part)
{
	char t[32];

	if (part > 9999 * (int64_t)MILLION)
		part = 9999 * (int64_t)MILLION;
	text_format(to, room, "%s%%",
		    micro_text(t, sizeof(t), part * 100, part < MILLION ? 1 : 0));
	return to;
}

/* Millionths of the margin, which is a whole number of thousandths: "1%", "0.5%". */
static const char *precision(char to[PERCENT_ROOM], const struct why_facts *f)
{
	return percent_text(to, (uint32_t)(f->vs->margin / 1000));
}

static const char *ended(const struct why_facts *f)
{
	if (!f->budget)
		return "the plan is fixed";
	return f->full ? "no group gets more" : "the budget is used up";
}

/* Narrow for what it is not, and over an end of what is the same: no more restless than it
 * has to be. */
static bool lies_about_margin(const struct comparison *vs)
{
	struct interval in = vs->ratio_95;
	int64_t below = MILLION - vs->margin, above = MILLION + vs->margin;

	return interval_width(in) <= vs->margin && ((in.lo <= above && in.hi >= above)
					   || (in.lo <= below && in.hi >= below));
}

static void say_too_wide(char *to, size_t room, const struct why_facts *f,
			 const char *first)
{
	char wide[32], want[PERCENT_ROOM];

	if (!has_interval(f->vs)) {
		text_format(to, room, "%sno interval of the ratio after %u blocks, too "
			    "restless for %s; %s", first, f->vs->blocks,
			    precision(want, f), ended(f));
		return;
	}
	text_format(to, room, "%sthe interval is %s wide after %u blocks, %s %s; %s", first,
		    percent(wide, sizeof(wide), interval_width(f->vs->ratio_95)), f->vs->blocks,
		    lies_about_margin(f->vs) ? "and lies about the margin of"
		    : "too restless for",
		    precision(want, f), ended(f));
}

static void say_coarse(char *to, size_t room, const struct why_facts *f)
{
	char wide[32], step[32], want[PERCENT_ROOM];

	text_format(to, room, "the interval is %s wide, and %s of it are the TSC's step: too "
		    "coarse for %s; raise pass_ticks",
		    percent(wide, sizeof(wide), interval_width(f->vs->ratio_95)),
		    percent(step, sizeof(step), 2 * f->vs->ratio_grain),
		    precision(want, f));
}

static void say_twin(char *to, size_t room, const struct why_facts *f)
{
	char apart[32] = "too far", want[PERCENT_ROOM];

	if (f->twin && f->twin->has_ratio)
		percent(apart, sizeof(apart), f->twin->ratio > MILLION
			? f->twin->ratio - MILLION : MILLION - f->twin->ratio);
	text_format(to, room, "the twin is %s apart: this machine is too restless for %s",
		    apart, precision(want, f));
}

static void say_dropped(char *to, size_t room, const struct why_facts *f)
{
	char first[80];

	text_format(first, sizeof(first), "%u%% of batches dropped%s%s; ",
		    dropped_permille(f) / 10, f->dropped_for ? ", most for " : "",
		    f->dropped_for ? f->dropped_for : "");
	say_too_wide(to, room, f, first);
}

static void say_too_few(char *to, size_t room, const struct why_facts *f,
			const char *first)
{
	text_format(to, room, "%sonly %u blocks have a number: too few for an interval; %s",
		    first, f->vs->blocks, ended(f));
}

static void say_not_alone(char *to, size_t room, const struct why_facts *f)
{
	char first[80];

	text_format(first, sizeof(first), "alone on its core in %u%% of batches; ",
		    f->alone_permille / 10);
	if (f->vs->difference_95.known)
		say_too_wide(to, room, f, first);
	else
		say_too_few(to, room, f, first);
}

const char *why_sentence(char *to, size_t room, const struct why_facts *f)
{
	text_format(to, room, "%s", "");
	switch (why_of(f)) {
	case WHY_twin_apart:
		say_twin(to, room, f);
		break;
	case WHY_too_few:
		say_too_few(to, room, f, "");
		break;
	case WHY_no_ratio:
		text_format(to, room, "the reference takes next to nothing, and the "
			    "difference is not beyond the twin's and the precision");
		break;
	case WHY_overlap:
		text_format(to, room, "it may take nothing: then it is hidden behind what "
			    "is around it, which is no speed");
		break;
	case WHY_coarse:
		say_coarse(to, room, f);
		break;
	case WHY_not_alone:
		say_not_alone(to, room, f);
		break;
	case WHY_dropped:
		say_dropped(to, room, f);
		break;
	case WHY_restless:
		say_too_wide(to, room, f, "");
		break;
	case WHY_decided:
		break;
	}
	return to;
}
