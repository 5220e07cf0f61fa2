/* SPDX-License-Identifier: GPL-2.0-only */
/* What a torture keeps while it is on, see torture.h. */
#include "lib/rng.h"
#include "run/torture.h"

const char *const torture_way_names[WAY_COUNT] = {
#define WAY(name, what) [WAY_##name] = #name,
#include "list/torture_way.def"
#undef WAY
};

/* Source: Vitter, "Random Sampling with a Reservoir" (algorithm R). */
void torture_time_keep(struct torture_times *t, struct rng *rng, int64_t v)
{
	uint32_t i = t->seen++;

	if (i >= t->room)
		i = rng_below(rng, t->seen);
	if (i < t->room)
		t->at[i] = v;
}
