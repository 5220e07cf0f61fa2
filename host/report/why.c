/* SPDX-License-Identifier: GPL-2.0-only */
/* Why there is no verdict, see why.h. */
#include <string.h>
#include "estimate.h"
#include "why.h"

enum why {
#define WHY(name, what) WHY_##name,
#include "list/why.def"
#undef WHY
	WHY_COUNT
};

static const char *const words[WHY_COUNT] = {
#define WHY(name, what) #name,
#include "list/why.def"
#undef WHY
};

static double value(const json_t *o, const char *key)
{
	return json_number_value(json_object_get(o, key));
}

bool twin_is_apart(const struct bench *b)
{
	const struct bench *twin = b->group->twin;
	const char *verdict = twin && twin != b
		? text_in(json_object_get(twin->json, "vs"), "verdict") : "";

	return !strcmp(verdict, "faster") || !strcmp(verdict, "slower");
}

/* A tenth of what was tried. */
static bool many_dropped(const struct group *g)
{
	double tried = value(g->json, "tried");

	return tried && 10 * (tried - g->shape.total) >= tried;
}

/* TSC ticks of an op, as docs/measuring.md has it. */
#define NEXT_TO_NOTHING	10.0

/* A report states thousandths. */
#define TICKS_ROUNDED	0.5e-3

/* What no report states, and what it rounds: as it may have been. */
struct unstated {
	double grain;		/* of the ratio */
	double more;		/* than what the reference is stated to take */
};

static bool takes_next_to_nothing(const struct bench *b, double more)
{
	return !b || value(b->json, "median_ticks") + more <= NEXT_TO_NOTHING;
}

static enum why why_of(const struct bench *b, const json_t *vs, struct unstated u)
{
	bool has_interval = json_object_get(vs, "ratio_lo");

	if (twin_is_apart(b))
		return WHY_twin_apart;
	if (!json_object_get(vs, "difference_lo"))
		return b->group->seldom_alone ? WHY_not_alone : WHY_too_few;
	if (has_interval && value(vs, "ratio_lo") <= 0
	    && value(vs, "ratio_hi") < 1 - value(vs, "margin") - 1e-9)
		return WHY_overlap;
	if (!has_interval && takes_next_to_nothing(b->group->reference, u.more))
		return WHY_no_ratio;
	if (has_interval && mostly_grain((struct range){ true, value(vs, "ratio_lo"),
					 value(vs, "ratio_hi"), u.grain }))
		return WHY_coarse;
	if (b->group->seldom_alone)
		return WHY_not_alone;
	return many_dropped(b->group) ? WHY_dropped : WHY_restless;
}

static void say(struct checked *sum, const struct bench *b, const char *key,
		const char *stated, const char *want)
{
	sum->wrong++;
	differences_add(&sum->differences, b->name, key, *stated ? stated : "missing", want);
}

/* The word stated, if that may be; else the one that is so by the larger grain. */
static const char *why_is(const struct bench *b, const json_t *vs, const struct finding *f,
			  const char *stated)
{
	const char *less = words[why_of(b, vs, (struct unstated){ f->grain_least,
								  TICKS_ROUNDED })];
	const char *more = words[why_of(b, vs, (struct unstated){ f->grain_most,
								  -TICKS_ROUNDED })];

	return strcmp(stated, less) ? more : less;
}

void check_why(const struct bench *b, const struct finding *f, struct checked *sum)
{
	const json_t *vs = json_object_get(b->json, "vs");
	const char *stated = text_in(vs, "why"), *want = "";

	if (!strcmp(text_in(vs, "verdict"), verdict_words[VERDICT_inconclusive]))
		want = why_is(b, vs, f, stated);
	sum->numbers += 2;
	if (strcmp(stated, want))
		say(sum, b, "vs.why", stated, *want ? want : "none");
	if (!*text_in(vs, "why_text") != !*want)
		say(sum, b, "vs.why_text", text_in(vs, "why_text"), *want ? "a sentence" : "none");
}
