/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of a machine's CPUs a configuration asks for. */
#ifndef CPUS_H
#define CPUS_H

#include "config/config.h"
#include "machine/run_cpu.h"

/* Room that no complaint exceeds. */
#define CPUS_WHY_ROOM	200

/**
 * cpus_choose - those of a machine's CPUs that are asked for.
 * @cpu: all of the machine, by rising number; one is the boot CPU; not_run is set where
 *       one cannot be had.  Those that are asked for are left at its beginning, the
 *       boot CPU first if it is one of them.
 * @n:   how many.
 * @why: CPUS_WHY_ROOM bytes, filled on failure: one line.
 *
 * Return: how many are left; 0: one that is asked for is not there, or none of them can
 * be had.
 */
unsigned cpus_choose(const struct config *c, struct run_cpu *cpu, unsigned n, char *why);

#endif
