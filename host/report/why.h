/* SPDX-License-Identifier: GPL-2.0-only */
/* Why a verdict is inconclusive, by what a report states: include/list/why.def. */
#ifndef WHY_H
#define WHY_H

#include "checked.h"
#include "report.h"

/* Is the twin of its group, which is the same bytes elsewhere, stated to be slower or faster?
 * Not of a twin itself. */
bool twin_is_apart(const struct bench *b);

/**
 * check_why - "why" of a comparison: a word, the first of the list that holds, and a
 * sentence; of another verdict neither.
 *
 * @grain: by which each end of the ratio's interval lies further out.
 *
 * Intervals, margin and verdicts are taken as they are stated, which is looked at
 * elsewhere.
 */
void check_why(const struct bench *b, double grain, struct checked *sum);

#endif
