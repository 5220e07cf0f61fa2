/* SPDX-License-Identifier: GPL-2.0-only */
/* The table's ops as a table of one screen: two halves side by side, and what there is to
 * say of them. */
#ifndef OPS_TABLE_H
#define OPS_TABLE_H

#include "op_rows.h"

/* Its legend, and the table below it, for what comes last stays on a screen; nothing
 * where the run has none of them. */
void ops_table(const struct run *r, const struct environment *env, struct sink *s);

/* What of them was left out, by reason; which exit; what is on record. */
void ops_table_notes(const struct run *r, const struct environment *env, struct sink *s);

#endif
