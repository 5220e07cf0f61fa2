/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reports whose clock counts instructions ("clock": "instructions"): a benchmark is one
 * whole number, which every batch must give, and which is the same for an op and its site
 * wherever it lies.
 */
#ifndef COUNTS_H
#define COUNTS_H

#include "print.h"

struct counted {
	bool known;		/* it was timed, and has batches */
	bool whole;		/* all batches give one whole number: n */
	int64_t n;
	double least, most;	/* of its batches, instructions an op */
};

/* Instructions of one op by the raw ticks, the layout's filler taken off. */
struct counted count_of(const struct report *r, const struct bench *b);

/**
 * check_count - is what the report states what its raw ticks give?
 *
 * Looked at: batches, instructions, of a chain the clock's step (one IMUL a copy), of a
 * twin what it is a twin of, and of a cell the first one in the report of its op and site.
 */
void check_count(const struct report *r, const struct bench *b, struct checked *sum);

/* One report: a row a cell, op by op; what is alike in all layouts once. */
void print_counts(const struct report *r, const struct options *o, struct checked *sum);

/* Several of one machine: what is not alike in all of them. */
void print_counts_spread(const struct report *r, unsigned reports,
			 const struct options *o, struct checked *sum);

#endif
