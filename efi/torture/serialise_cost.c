/* SPDX-License-Identifier: GPL-2.0-only */
/* What serialising costs, see serialise_cost.h. */
#include "cpu/cpu.h"
#include "cpu/serialise.h"
#include "serialise_cost.h"

/* The call is timed with it, for all alike. */
static int64_t sample(void (*run)(void))
{
	uint64_t begin = cpu_tsc_begin();

	for (unsigned i = 0; i < SERIALISE_REPS; i++)
		run();
	return (int64_t)(cpu_tsc_end() - begin) * MILLION / SERIALISE_REPS;
}

void serialise_measure(struct serialise_cost to[SERIALISE_COUNT])
{
	int64_t v[SERIALISE_SAMPLES];

	for (unsigned i = 0; i < SERIALISE_COUNT; i++) {
		void (*run)(void) = serialise_way(i);

		to[i] = (struct serialise_cost){ .ticks = { .n = 0 } };
		if (!run)
			continue;
		sample(run);		/* warm */
		for (unsigned k = 0; k < SERIALISE_SAMPLES; k++)
			v[k] = sample(run);
		to[i].ticks = spread_of(v, SERIALISE_SAMPLES);
	}
}
