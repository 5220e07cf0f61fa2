/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said about a run that failed. */
#ifndef RUN_ERROR_H
#define RUN_ERROR_H

#include <stdbool.h>
#include "patch/text.h"

/* One line. */
struct run_error {
	char text[240];
};

/* Two ways in which any step of a run may fail. */
#define RUN_NO_QUIET "no quiet window: an interrupt controller did not take its mask, " \
	"or the per-CPU segment cannot be had"
#define RUN_CLOCK_STOPPED "the TSC stands still: nothing can be timed by it"

/**
 * run_fail - put a line into @e.
 * run_fail_text - the same, and what the patch engine said of it.
 *
 * Return: false, for who returns it.
 */
bool run_fail(struct run_error *e, const char *what);
bool run_fail_text(struct run_error *e, const char *what, const struct text_error *t);

#endif
