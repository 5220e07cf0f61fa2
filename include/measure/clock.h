/* SPDX-License-Identifier: GPL-2.0-only */
/* The clock: does the TSC count time, or instructions? */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* CLOCK(name, what): see clock.def. */
enum clock_id {
#define CLOCK(name, what) CLOCK_##name,
#include "list/clock.def"
#undef CLOCK
	CLOCK_COUNT
};
extern const char *const clock_names[CLOCK_COUNT];

#define CLOCK_WHY_ROOM	160

/**
 * struct clock - what is known of a run's clock.
 * @step: of CLOCK_instructions: TSC ticks of one instruction, 1 or more; else 0.
 * @why:  that it does not count instructions, though it was looked at; else empty.
 */
struct clock {
	enum clock_id id;
	uint64_t step;
	char why[CLOCK_WHY_ROOM];
};

#endif
