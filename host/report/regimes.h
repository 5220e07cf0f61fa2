/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regimes of batches: was the core alone when a batch was taken?  Told from the raw
 * ticks of the width probes, by other code than core's; include/stats/regime.h says what
 * they are.
 */
#ifndef REGIMES_H
#define REGIMES_H

#include "checked.h"
#include "report.h"

enum regime {
#define REGIME(name, what) REGIME_##name,
#include "list/regime.def"
#undef REGIME
	REGIME_COUNT
};

/**
 * read_regimes - which batches count: sets each group's kept and kept_total.
 * @r: groups and benchmarks have been read, with all batches.
 *
 * By the threshold and the regime used that the report states for the group's CPU, which
 * check_regimes() looks at.  A report without probes keeps every batch.  Benchmarks get
 * all_median, and then NAN where a batch does not count.
 */
void read_regimes(struct report *r, struct complaint *c);

/* What is stated of the regimes of each CPU; all_median_ticks are check_bench()'s. */
void check_regimes(const struct report *r, struct checked *sum);

#endif
