/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tool shows. */
#ifndef PRINT_H
#define PRINT_H

#include <regex.h>
#include "check.h"

struct options {
	bool csv;
	const regex_t *only;	/* NULL: every group */
};

bool chosen(const struct options *o, const struct group *g);

/* A benchmark within its group, "backend/convention/mode", "+padding" where that is
 * not long, or its role; and columns that hold any. */
const char *label_of(const struct bench *b, char *to, size_t room);
#define LABEL_COLUMNS	32

/* Is it another thing than its mode says? */
bool not_patched(const struct bench *b);

/* 2.5 as "2.5", INFINITY as "-"; NAN as "-". */
const char *figure(char *to, size_t room, int decimals, double v);

/* Groups that are shown, and the run if all are: check_run.h. */
void check_groups(const struct report *r, const struct options *o, struct checked *sum);

/* One report, with bootstrap. */
void print_report(const struct report *r, const struct options *o,
		  struct checked *sum);
/* By its name; NULL: it has none. */
const struct bench *find_bench(const struct report *r, const char *name);
/* Of several, the rows are the first one's: what only a later one has is named. */
void print_left_out(const struct report *r, unsigned reports);
/* Several of one machine: how far they agree. */
void print_spread(const struct report *r, unsigned reports,
		  const struct options *o, struct checked *sum);

#endif
