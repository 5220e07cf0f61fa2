/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a verdict is inconclusive, in a word and in a sentence. */
#ifndef WHY_H
#define WHY_H

#include <stddef.h>
#include "stats/stats.h"

enum why {
#define WHY(name, what) WHY_##name,
#include "list/why.def"
#undef WHY
	WHY_COUNT,
	WHY_decided = WHY_COUNT		/* it is another verdict */
};

/* TSC ticks of an op, in millionths, up to which the reference takes next to nothing: an
 * op that takes more has a ratio, but for a restless machine. */
#define NEXT_TO_NOTHING	((int64_t)10 * MILLION)

extern const char *const why_names[WHY_COUNT];

/* What is known of a case. */
struct why_facts {
	const struct comparison *vs;	/* whose verdict it is */
	const struct comparison *twin;	/* of its group; NULL: none, or that itself */
	int64_t reference;		/* its median, in the values' unit */
	uint64_t tried, dropped;	/* batches of the group */
	const char *dropped_for;	/* what most of them were; NULL: not said */
	bool alone_known;
	unsigned alone_permille;	/* of the batches of the group */
	bool budget;			/* there is one: else the plan is fixed */
	bool full;			/* the group has all the blocks there are to have */
};

/**
 * why_of - the word.
 *
 * Return: WHY_decided where the verdict is not inconclusive.
 */
enum why why_of(const struct why_facts *f);

/* Of a sentence, with its end. */
#define WHY_ROOM	160

/**
 * why_sentence - the same with the numbers of the case, as "the twin is 3.1% apart: this
 * machine is too restless for 1%".
 * @to: @room bytes, WHY_ROOM do; cut where there are fewer; empty for WHY_decided.
 *
 * Return: @to.
 */
const char *why_sentence(char *to, size_t room, const struct why_facts *f);

#endif
