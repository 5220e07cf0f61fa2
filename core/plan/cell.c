/* SPDX-License-Identifier: GPL-2.0-only */
/* What a cell is for, and what became of its sites; see cell.h. */
#include "measure/copies.h"
#include "plan/cell.h"
#include "workload/registry.h"

const char *const role_names[ROLE_COUNT] = {
#define ROLE(name, what) #name,
#include "list/role.def"
#undef ROLE
};

unsigned result_copies(const struct result *res)
{
	return res->series.few ? 1 : workload_copies(workload_of(res->cell.workload));
}

const char *cell_outcome(const struct result *res)
{
	const char *outcome = "-";
	unsigned n = 0;

	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		if (res->counts.outcome[i]) {
			outcome = patched_names[i];
			n++;
		}
	return n > 1 ? "mixed" : outcome;
}

bool cell_kept(const struct result *res)
{
	bool kept = false;

	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		kept |= res->counts.outcome[i] && outcome_is_kept(i);
	return kept && res->cell.mode != MODE_native
		&& res->cell.mode != MODE_indirect;
}
