/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of a run whose clock counts instructions: one row an op and site. */
#ifndef TABLE_COUNTS_H
#define TABLE_COUNTS_H

#include "lib/sink.h"
#include "run/run.h"

/* The rows, of every backend; then those that have no column. */
void table_counts(const struct run *r, struct sink *s);

/* How to read them; and what does not agree. */
void table_counts_legend(const struct run *r, struct sink *s);

/**
 * words_apart - what a cell executes more than its reference, and less.
 * @to: "[+3: call, ret, endbr]", "[+21: call, ret, endbr; 9x push, pop]": nine of each;
 *      "[+1: 2x mov; -1x push]"; the number alone where it is not known which; "[=]"
 *      where nothing differs.
 */
#define WORDS_APART_ROOM	160
void words_apart(char *to, const struct result *res, const struct result *than);

#endif
