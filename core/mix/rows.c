/* SPDX-License-Identifier: GPL-2.0-only */
/* Mixes that are workloads, see row.h. */
#include "rows.h"

struct mix_rows mix_rows;

const char *const mix_fillers[MIX_FILLERS] = { "lea", "chain" };

const struct mix_row *mix_row_of(unsigned workload)
{
	for (unsigned i = 0; i < mix_rows.rows; i++)
		if (mix_rows.row[i].workload == workload)
			return &mix_rows.row[i];
	return NULL;
}

bool mix_rows_have(enum mix_part p)
{
	for (unsigned i = 0; i < mix_rows.draws; i++)
		if (mix_rows.drawn[i].sequence.count[p])
			return true;
	return false;
}
