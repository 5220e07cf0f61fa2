/* SPDX-License-Identifier: GPL-2.0-only */
/* The serialising instructions, and what each costs. */
#ifndef SERIALISING_H
#define SERIALISING_H

#include "stats/stats.h"

enum serialise_id {
#define SERIALISE(name, feature, what) SERIALISE_##name,
#include "list/serialise.def"
#undef SERIALISE
	SERIALISE_COUNT
};

/* A timing is of so many of them, one behind the other. */
#define SERIALISE_REPS		16
#define SERIALISE_SAMPLES	64

/* TSC ticks of one, in millionths; lower is better.  n is 0 where there is none. */
struct serialise_cost {
	struct spread ticks;
};

extern const char *const serialise_names[SERIALISE_COUNT];

#endif
