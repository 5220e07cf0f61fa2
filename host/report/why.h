/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a verdict is inconclusive, by what a report states: include/list/why.def. */
#ifndef WHY_H
#define WHY_H

#include "checked.h"
#include "finding.h"
#include "report.h"

/* Is the twin of its group, which is the same bytes elsewhere, stated to be slower or faster?
 * Not of a twin itself. */
bool twin_is_apart(const struct bench *b);

/**
 * check_why - "why" of a comparison: a word, the first of the list that holds, and a
 * sentence; of another verdict neither.
 *
 * @f: of that benchmark.
 *
 * Intervals, margin and verdicts are taken as they are stated, which is looked at
 * elsewhere.  Where the words of two cases lie as close as the application rounds, either
 * is right.
 */
void check_why(const struct bench *b, const struct finding *f, struct checked *sum);

#endif
