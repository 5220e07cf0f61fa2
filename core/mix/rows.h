/* SPDX-License-Identifier: GPL-2.0-only */
/* The rows of mixes that there are: rows_add.c adds to them. */
#ifndef MIX_ROWS_H
#define MIX_ROWS_H

#include "mix/row.h"

struct mix_rows {
	struct mix_facts facts[MIXES_MAX];
	struct mix_drawn drawn[2 * MIXES_MAX];
	struct mix_row row[WORKLOADS_MIX_MAX];
	unsigned mixes, draws, rows;
};
extern struct mix_rows mix_rows;

#endif
