/* SPDX-License-Identifier: GPL-2.0-only */
/* What core asks of its surroundings: the clock, the flags, quiet. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include "text.h"

/**
 * struct machine - the place core runs in.
 * @begin:  TSC, everything before it done, nothing after it begun.
 * @end:    likewise, at the end of a timing.
 * @flags:  the flags register.
 * @set_if: turns maskable interrupts on or off, for this CPU.
 * @quiet_begin: opens a quiet window: no maskable interrupt source is awake and
 *          none is pending, whatever IF is.  False: it cannot.
 * @quiet_end: closes it; the firmware gets back what it had, IF included.
 * @quiet_ticks: longest a window should be, in TSC ticks.
 * @writer: stores to code.
 * @progress: @done of @of steps are done; called outside quiet windows.
 * @ctx:    passed to each.
 */
struct machine {
	uint64_t (*begin)(void);
	uint64_t (*end)(void);
	unsigned long (*flags)(void);
	void (*set_if)(bool on);
	bool (*quiet_begin)(void *ctx);
	void (*quiet_end)(void *ctx);
	uint64_t quiet_ticks;
	const struct text_writer *writer;
	void (*progress)(void *ctx, unsigned done, unsigned of);
	void *ctx;
};

/* Source: Intel SDM Vol. 1, "EFLAGS Register". */
#define FLAGS_ONE	(1ul << 1)	/* always 1 */
#define FLAGS_IF	(1ul << 9)
#define FLAGS_TOP	22		/* bits from here up are 0 */

#endif
