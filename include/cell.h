/* SPDX-License-Identifier: GPL-2.0-only */
/* From a cell to its numbers: cell, series, summary, result. */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stdint.h>
#include "mode.h"
#include "stats.h"
#include "text.h"
#include "workload.h"

/* The thing that is measured. */
struct cell {
	enum workload_id workload;
	enum backend_id backend;
	enum convention_id convention;
	enum mode_id mode;
};

/* One batch: TSC ticks of reps passes over the short and the long body. */
struct batch {
	uint32_t n, n2;
};

/* A cell's raw ticks; never adjusted once taken. */
struct series {
	uint32_t reps;		/* passes over a body in one timing */
	uint32_t count;		/* batches */
	const struct batch *batch;
};

/*
 * What a series comes to, for one op (one copy of the workload), in thousandths
 * of a tick: (n2 - n) / (copies * reps).  Lower is better.  May be negative
 * where noise was larger than the op.
 */
struct summary {
	uint32_t n;		/* batches summarised */
	int64_t median, min, p5, p25, p75, p95, max, mad;
};

#define CELL_SITES_MAX	4
#define CELL_BYTES_MAX	128

/* Everything known about a measured cell. */
struct result {
	struct cell cell;
	bool refused;			/* its check failed: not timed */
	char why[120];			/* what the check found */
	struct series series;
	struct summary summary;
	struct text_counts counts;	/* of the sites in one copy */
	unsigned sites;			/* in one copy */
	unsigned site_len[CELL_SITES_MAX];
	unsigned site_bytes;		/* their sum */
	unsigned site_nops;		/* padding instructions in one copy */
	uint8_t bytes[CELL_BYTES_MAX];	/* as patched, one site after the other */
};

/**
 * summarise - order statistics of a series.
 * @s:    the series.
 * @work: s->count words of scratch, overwritten.
 *
 * Quantile q of n values is the one at rank ceil(q * n), counted from 1, of the
 * sorted values; an even count's median is the mean of the middle two, rounded
 * towards zero.  MAD is the median of distances from the median, unscaled.
 *
 * Return: all zero for an empty series.
 */
struct summary summarise(const struct series *s, int64_t *work);

#endif
