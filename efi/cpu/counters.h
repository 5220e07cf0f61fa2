/* SPDX-License-Identifier: GPL-2.0-only */
/* Core cycles: the counter this CPU has of them, on loan. */
#ifndef COUNTERS_H
#define COUNTERS_H

#include <stdint.h>
#include "machine/cpuid.h"

struct cycles_source {
	uint64_t (*read)(void);		/* ordered like cpu_tsc_begin(); NULL: none */
	const char *name;		/* "none" without one */
	const char *why_not_better;	/* of each better one; empty if none is.
					 * Until the next counters_open(). */
};

/**
 * counters_open - program the best counter of core cycles.
 *
 * Fixed counter 1 by RDPMC, else APERF by RDMSR, else none.  Taken only if it is
 * announced, does not fault, and advances over known work: emulators answer
 * with 0 for what they do not have.  Both count while the core is not halted.
 *
 * The fixed counter begins with 0 and has at least 32 bits (CPUID 0Ah; mostly
 * 48), APERF has 64.
 *
 * Source: Intel SDM Vol. 3B, "Architectural Performance Monitoring",
 * "Fixed-function Performance Counters"; Vol. 3A, "Hardware Feedback" and
 * "IA32_APERF"; AMD64 APM Vol. 2, "Determining Processor Effective Frequency".
 */
struct cycles_source counters_open(const struct cpuid *c);

/**
 * counters_close - put every register back that counters_open() changed, and compare.
 *
 * May be called without an open one, and twice.  Compared are the bits that every
 * hypervisor keeps (machine/kept.h).
 * Return: NULL, or the register that is not as it was found: the first of any close, this
 * one or an earlier one.
 */
const char *counters_close(void);

/**
 * counters_visit - on another CPU: its registers count as the boot CPU's do.
 *
 * Return: NULL, or why they cannot be had.  Either way counters_leave() is owed.
 */
const char *counters_visit(void);

/* On that CPU: its registers are put back, and compared.  Without a visit it does nothing.
 * Return: as counters_close(), of this visit alone. */
const char *counters_leave(void);

#endif
