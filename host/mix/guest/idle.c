// SPDX-License-Identifier: GPL-2.0-only
/* Row "idle": a second in which nothing is to be done. */
#include <errno.h>
#include <time.h>

#include "row.h"

static void unit(void)
{
	struct timespec before, after, second = { .tv_sec = 1 };
	long long ns;

	clock_gettime(CLOCK_MONOTONIC, &before);
	need(!nanosleep(&second, NULL), "nanosleep");
	clock_gettime(CLOCK_MONOTONIC, &after);
	ns = (after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec;
	errno = 0;
	need(ns >= 1000000000, "it was less than a second");
}

const struct row row = { .name = "idle", .warm = 1, .units = 10, .unit = unit };
