/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Estimates in double: medians over offsets, 95% intervals by order statistics
 * and by bootstrap, verdicts.  The definitions are those of include/stats/stats.h; the
 * code has nothing in common with core's.
 *
 * A series has a value for every batch of its group (struct blocks); NAN where
 * the batch has none.
 */
#ifndef ESTIMATE_H
#define ESTIMATE_H

#include "report.h"

struct range {
	bool known;
	double lo, hi;
	double grain;		/* of a ratio: each end lies further out by so much */
};

struct estimate {
	uint32_t n;		/* values that are not NAN; 0: nothing else is known */
	double value;		/* median over blocks of the block's median */
	double least, most;	/* smallest and largest block's median */
	struct range in_95;	/* by order statistics */
	struct range further;	/* the same, one rank further out */
};

struct estimate estimate(const struct blocks *s, const double *series);

/* All batches together, those that are not NAN, upward. */
struct sorted {
	uint32_t n;
	double *v;	/* for free() */
};

struct sorted sorted_values(const struct blocks *s, const double *series);
/* Value at rank ceil(percent / 100 * n); NAN of none. */
double quantile(const struct sorted *all, unsigned percent);
/* Median of distances from the median; NAN of none. */
double mad(const struct sorted *all);

#define RESAMPLES	2000

/**
 * bootstrap - the 95% percentile interval of estimate().value.
 * @seed: decides alone what is drawn.
 *
 * A resample draws as many blocks as there are, with replacement, and from each
 * as many of its values as it has, with replacement; blocks without values are
 * left out.  Return: not known below 6 values.
 *
 * How often it holds the truth, of 600 made-up cases (report.t): 96% where 16
 * offsets shift cells more than batches are noisy; 99% where batches are the
 * noisier, for the second stage adds their noise again; but 92% where 6 offsets
 * shift cells (order statistics: 96%).  One offset says nothing of others.
 *
 * Source: two-stage bootstrap, and what becomes of its variance: Field and Welsh,
 * "Bootstrapping clustered data", J. R. Statist. Soc. B 69 (2007).
 */
struct range bootstrap(const struct blocks *s, const double *series,
		       uint64_t seed);

enum verdict {
#define VERDICT(name, what) VERDICT_##name,
#include "list/verdict.def"
#undef VERDICT
	VERDICT_COUNT
};
extern const char *const verdict_words[VERDICT_COUNT];

/* Half of the width or more is the grain's: as is_coarse() in include/stats/stats.h. */
bool mostly_grain(struct range ratio);

/* @margin: INFINITY where it is not known; @rules: as in rules.def. */
enum verdict verdict_of(struct range ratio, double margin, const struct rules *rules);

/* The larger distance from @centre, 1 of a ratio and 0 of a difference, of the
 * ends; INFINITY where they are not known. */
double floor_of(struct range r, double centre);

/* What the A/A twin of a group is apart, as floor_of() has it; and whether it is
 * faster or slower. */
struct floors {
	double ratio, difference;
	bool apart;
};

struct judged {
	enum verdict verdict;
	bool by_difference;	/* else by the ratio */
};

/* "ratio", "difference": as in a report. */
const char *basis_word(struct judged j);

/* Does the ratio alone decide, so that judge() asks for no difference? */
bool ratio_decides(struct range ratio, double margin, const struct rules *rules);

/* As judge_difference() in include/stats/stats.h.  @ratio: not known where there is none;
 * @floor: of differences, INFINITY where it is not known. */
struct judged judge(struct range ratio, double margin, struct range difference,
		    double floor, const struct rules *rules);

/* As veto() there, where @rules have it. */
struct judged vetoed(struct judged j, bool apart, const struct rules *rules);

#endif
