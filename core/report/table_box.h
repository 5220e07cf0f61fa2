/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A number of the table: ticks in their column, what is compared in its brackets.
 *
 * Columns are narrow.  A number that is too long for its own loses its decimals first,
 * and is then told as more than what the column holds.
 */
#ifndef TABLE_BOX_H
#define TABLE_BOX_H

#include "lib/sink.h"
#include "run/run.h"

/* A ratio is told up to here, in millionths; beyond, that it is more. */
#define TABLE_RATIO_MAX	(100 * (int64_t)MILLION)

/* Millionths in six columns.  Return: @to. */
const char *table_number(char *to, size_t room, int64_t micro);

/* The median, " 123.4"; a dash where @res is NULL or has none. */
void table_ticks(const struct result *res, struct sink *s);

/* Against the reference, "[+12.3%]" or in ticks "[+12.3t]"; "[ref]": it is that. */
void table_over(const struct result *res, const struct result *reference, struct sink *s);

/* What the verdict rests on with the larger half of its interval, "[+2.1%+-0.4]", the
 * verdict, and the line's end.  Of a cell that is not what its mode says: what it is. */
void table_verdict(const struct result *res, struct sink *s);

/* Is what is said of it a difference, and not a ratio? */
bool is_told_by_difference(const struct result *res);

/* Is it one of the seed's three columns: native, paravirt, patched? */
bool table_in_columns(const struct cell *c);

/* "retpoline", "inline+prefix".  Return: @to. */
const char *table_mode(char *to, size_t room, const struct cell *c);

#endif
