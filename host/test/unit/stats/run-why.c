/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a verdict is inconclusive: every word and its sentence, and which is first. */
#include <string.h>
#include "stats/why.h"
#include "tap.h"

#define WIDE	{ true, 985000, 1019000 }
#define BELOW	{ true, -3, 200000 }
#define NONE	{ false, 0, 0 }
#define KNOWN	{ true, -5, 5 }
#define U	VERDICT_inconclusive

static const struct comparison apart = { .has_ratio = true, .ratio = 1031000 };
static const struct comparison below = { .has_ratio = true, .ratio = 995400 };
static const struct comparison no_twin;

static const struct {
	const char *word, *sentence;
	struct comparison vs;
	struct why_facts f;
} cases[] = {
	{ "", "", { .verdict = VERDICT_same, .vetoed = true }, { .dropped = 9 } },
	{ "", "", { .verdict = VERDICT_margin }, { .dropped = 9 } },
	{ "twin_apart", "the twin is 3.1% apart: this machine is too restless for 1%",
	  { .verdict = U, .vetoed = true, .margin = 10000 }, { .twin = &apart } },
	{ "twin_apart", "the twin is 0.5% apart: this machine is too restless for 0.3%",
	  { .verdict = U, .vetoed = true, .margin = 3000 }, { .twin = &below } },
	{ "twin_apart", "the twin is too far apart: this machine is too restless for 10%",
	  { .verdict = U, .vetoed = true, .margin = 100000 }, { .twin = &no_twin } },
	{ "twin_apart", "the twin is too far apart: this machine is too restless for 1%",
	  { .verdict = U, .vetoed = true, .margin = 10000 }, { 0 } },
	{ "too_few", "only 4 blocks have a number: too few for an interval; "
	  "the budget is used up",
	  { .verdict = U, .blocks = 4, .margin = 10000 }, { .budget = true, .dropped = 9,
	    .tried = 10 } },
	{ "too_few", "only 0 blocks have a number: too few for an interval; "
	  "the plan is fixed",
	  { .verdict = U, .margin = 10000 }, { .budget = false } },
	{ "no_ratio", "the reference takes next to nothing, and the difference is not "
	  "beyond the twin's and the precision",
	  { .verdict = U, .difference_95 = KNOWN, .margin = 10000 }, { 0 } },
	{ "no_ratio", "the reference takes next to nothing, and the difference is not "
	  "beyond the twin's and the precision",
	  { .verdict = U, .difference_95 = KNOWN, .margin = 10000 },
	  { .reference = 10 * MILLION, .tried = 10, .dropped = 9 } },
	{ "restless", "no interval of the ratio after 48 blocks, too restless for 1%; "
	  "the budget is used up",
	  { .verdict = U, .difference_95 = KNOWN, .margin = 10000, .blocks = 48 },
	  { .reference = 195000ll * MILLION, .budget = true } },
	{ "dropped", "50% of batches dropped, most for gap; no interval of the ratio after "
	  "48 blocks, too restless for 1%; the budget is used up",
	  { .verdict = U, .difference_95 = KNOWN, .margin = 10000, .blocks = 48 },
	  { .reference = 10 * MILLION + 1, .tried = 10, .dropped = 5, .dropped_for = "gap",
	    .budget = true } },
	{ "overlap", "it may take nothing: then it is hidden behind what is around it, "
	  "which is no speed",
	  { .has_ratio = true, .ratio_95 = BELOW, .difference_95 = KNOWN, .verdict = U,
	    .margin = 10000 }, { 0 } },
	{ "restless", "the interval is 3.4% wide after 48 blocks, too restless for 1%; "
	  "the budget is used up",
	  { .has_ratio = true, .ratio_95 = WIDE, .difference_95 = KNOWN, .verdict = U,
	    .blocks = 48, .margin = 10000 },
	  { .budget = true, .tried = 1000, .dropped = 99, .alone_known = true,
	    .alone_permille = 500 } },
	{ "restless", "the interval is 3.4% wide after 128 blocks, too restless for 1%; "
	  "no group gets more",
	  { .has_ratio = true, .ratio_95 = WIDE, .difference_95 = KNOWN, .verdict = U,
	    .blocks = 128, .margin = 10000 }, { .budget = true, .full = true } },
	{ "restless", "the interval is 3.4% wide after 90 blocks, too restless for 1%; "
	  "no group gets more",
	  { .has_ratio = true, .ratio_95 = WIDE, .difference_95 = KNOWN, .verdict = U,
	    .blocks = 90, .margin = 10000 }, { .budget = true, .full = true } },
	{ "too_few", "only 4 blocks have a number: too few for an interval; "
	  "no group gets more",
	  { .verdict = U, .blocks = 4, .margin = 10000 }, { .budget = true, .full = true } },
	{ "restless", "the interval is 3.4% wide after 16 blocks, too restless for 0.1%; "
	  "the plan is fixed",
	  { .has_ratio = true, .ratio_95 = WIDE, .difference_95 = KNOWN, .verdict = U,
	    .blocks = 16, .margin = 1000 }, { .alone_permille = 3 } },
	{ "restless", "the interval is 999900% wide after 16 blocks, too restless for 1%; "
	  "the budget is used up",
	  { .has_ratio = true, .ratio_95 = { true, INT64_MIN, INT64_MAX },
	    .difference_95 = KNOWN, .verdict = U, .blocks = 16, .margin = 10000 },
	  { .budget = true } },
	{ "restless", "the interval is 0.7% wide after 128 blocks, and lies about the margin of "
	  "1%; no group gets more",
	  { .has_ratio = true, .ratio_95 = { true, 1008000, 1015000 }, .difference_95 = KNOWN,
	    .verdict = U, .blocks = 128, .margin = 10000, .ratio_grain = 500 },
	  { .budget = true, .full = true } },
	{ "restless", "the interval is 0.7% wide after 48 blocks, and lies about the margin of "
	  "1%; the budget is used up",
	  { .has_ratio = true, .ratio_95 = { true, 984000, 991000 }, .difference_95 = KNOWN,
	    .verdict = U, .blocks = 48, .margin = 10000, .ratio_grain = 1749 },
	  { .budget = true } },
	{ "coarse", "the interval is 0.7% wide, and 0.4% of it are the TSC's step: too coarse "
	  "for 1%; raise pass_ticks",
	  { .has_ratio = true, .ratio_95 = { true, 984000, 991000 }, .difference_95 = KNOWN,
	    .verdict = U, .blocks = 48, .margin = 10000, .ratio_grain = 1750 },
	  { .budget = true, .tried = 9, .dropped = 9, .alone_known = true } },
	{ "dropped", "12% of batches dropped, most for gap; the interval is 3.4% wide "
	  "after 48 blocks, too restless for 1%; the budget is used up",
	  { .has_ratio = true, .ratio_95 = WIDE, .difference_95 = KNOWN, .verdict = U,
	    .blocks = 48, .margin = 10000 },
	  { .budget = true, .tried = 1000, .dropped = 120, .dropped_for = "gap" } },
	{ "dropped", "100% of batches dropped; the interval is 3.4% wide "
	  "after 48 blocks, too restless for 1%; the budget is used up",
	  { .has_ratio = true, .ratio_95 = WIDE, .difference_95 = KNOWN, .verdict = U,
	    .blocks = 48, .margin = 10000 },
	  { .budget = true, .tried = UINT64_MAX, .dropped = UINT64_MAX } },
	{ "not_alone", "alone on its core in 49% of batches; the interval is 3.4% wide "
	  "after 48 blocks, too restless for 1%; the budget is used up",
	  { .has_ratio = true, .ratio_95 = WIDE, .difference_95 = KNOWN, .verdict = U,
	    .blocks = 48, .margin = 10000 },
	  { .budget = true, .tried = 1000, .dropped = 120, .alone_known = true,
	    .alone_permille = 499 } },
	{ "not_alone", "alone on its core in 0% of batches; only 3 blocks have a number: "
	  "too few for an interval; the budget is used up",
	  { .verdict = U, .blocks = 3, .margin = 10000 },
	  { .budget = true, .tried = 1000, .alone_known = true, .alone_permille = 9 } },
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

int main(void)
{
	bool seen[WHY_COUNT + 1] = { false };
	char to[WHY_ROOM], cut[12];

	for (unsigned i = 0; i < CASES; i++) {
		struct why_facts f = cases[i].f;
		enum why why;

		f.vs = &cases[i].vs;
		why = why_of(&f);
		seen[why] = true;
		why_sentence(to, sizeof(to), &f);
		if (!ok(!strcmp(why == WHY_decided ? "" : why_names[why], cases[i].word)
			&& !strcmp(to, cases[i].sentence), "%s: %s", cases[i].word,
			cases[i].sentence))
			diag("%s: %s", why == WHY_decided ? "" : why_names[why], to);
		why_sentence(cut, sizeof(cut), &f);
		ok(!strncmp(cut, to, sizeof(cut) - 1) && strlen(to) < WHY_ROOM - 1,
		   "cut: %s", cut);
	}
	for (enum why w = 0; w <= WHY_COUNT; w++)
		ok(seen[w], "asked: %s", w == WHY_decided ? "decided" : why_names[w]);
	return done();
}
