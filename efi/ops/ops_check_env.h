/* SPDX-License-Identifier: GPL-2.0-only */
/* What the check of the ops needs of its surroundings. */
#ifndef OPS_CHECK_ENV_H
#define OPS_CHECK_ENV_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct ops_check_env - what the caller knows and can do.
 * @tsc_hz:      TSC ticks a second; 0: unknown, const_udelay is not run.
 * @no_rdpmc:    RDPMC raises #UD, whatever CPUID says: read_pmc is not run.
 * @timer_start: makes one maskable interrupt arrive again and again, every
 *               millisecond or so, until @timer_stop.  Again and again, because
 *               one that came just before HLT would leave it waiting for ever.
 *               Others may arrive meanwhile.  Returns with IF off.
 *               False: it cannot.  NULL: there is no timer; safe_halt and halt
 *               are not run.
 * @timer_stop:  no interrupt of it arrives any more, nor is one pending.
 * @timer_count: how many arrived so far.
 */
struct ops_check_env {
	uint64_t tsc_hz;
	bool no_rdpmc;
	bool (*timer_start)(void *ctx);
	void (*timer_stop)(void *ctx);
	uint32_t (*timer_count)(void *ctx);
	void *ctx;
};

#endif
