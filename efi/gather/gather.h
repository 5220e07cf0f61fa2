/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "gather": the environment and the clocks, asked of the machine and of the
 * firmware.  This header says who asks what.
 */
#ifndef GATHER_H
#define GATHER_H

#include "machine/environment.h"

/**
 * environment_gather - fill all of it but what others fill.
 *
 * Takes some 150 ms, in which timers are watched.  The HPET and the counters are
 * put back as they were.  The TSC's rate is known to ticks.h then.
 */
void environment_gather(struct environment *env);

/* Asks every source of the TSC's rate; bounded, whatever stands still. */
void clock_gather(struct tsc_source s[TSC_KIND_COUNT], const struct cpuid *c);

/* Who runs this, if it is no CPU.  Some milliseconds where CPUID exits. */
struct emulator emulator_here(const char *brand);

void smbios_gather(struct smbios *s);

#endif
