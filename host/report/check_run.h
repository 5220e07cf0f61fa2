/* SPDX-License-Identifier: GPL-2.0-only */
/* What a report of schema 3 says of its groups and of the run, beside the cells. */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include "check.h"

/**
 * check_group - batches tried, taken and dropped add up; a look every so many blocks; its
 * benchmarks are of its CPU, and lie at its offsets; these are steps of a line, or with a
 * budget each byte once before any twice.
 */
void check_group(const struct report *r, const struct group *g, struct checked *sum);

/**
 * check_run - sums over groups, and over comparisons; every group's CPU is one of those
 * listed, that ran.
 *
 * Older reports say none of it in a way that binds: nothing is looked at.
 */
void check_run(const struct report *r, struct checked *sum);

#endif
