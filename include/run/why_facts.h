/* SPDX-License-Identifier: GPL-2.0-only */
/* What a run knows of a verdict that is inconclusive. */
#ifndef WHY_FACTS_H
#define WHY_FACTS_H

#include "run/run.h"
#include "stats/why.h"

/**
 * why_facts_of - what why_of() and why_sentence() are to be told.
 * @res: one of the group's cells, compared.
 */
struct why_facts why_facts_of(const struct run *r, const struct group *g,
			      const struct result *res);

#endif
