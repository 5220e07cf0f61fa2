/* SPDX-License-Identifier: GPL-2.0-only */
/* The table's ops as a table of one screen: two or three of them side by side, and what
 * there is to say of them. */
#ifndef OPS_TABLE_H
#define OPS_TABLE_H

#include "op_rows.h"

/* Columns that it takes, of a screen with so many. */
unsigned ops_table_columns(unsigned screen);

/**
 * ops_table - its legend, the rows, what needs no row, and which ops exit: what comes last
 * stays on a screen.  Nothing where the run has none of them.
 * @columns: ops_table_columns(); lines of that width may be put.
 */
void ops_table(const struct run *r, const struct environment *env, unsigned columns,
	       struct sink *s);

/* What of them was left out, by reason; which exit; what is on record. */
void ops_table_notes(const struct run *r, const struct environment *env, struct sink *s);

#endif
