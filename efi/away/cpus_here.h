/* SPDX-License-Identifier: GPL-2.0-only */
/* The CPUs of the machine, as its firmware counts them. */
#ifndef CPUS_HERE_H
#define CPUS_HERE_H

#include "config/config.h"
#include "machine/run_cpu.h"

/**
 * cpus_here - those that a configuration asks for.
 * @n:   how many.
 * @why: CPUS_WHY_ROOM bytes; filled where NULL is returned.
 *
 * Where the firmware has no MP services, or does not count its CPUs, the boot CPU is the
 * only one.
 * Return: pool_put() is owed; NULL: what is asked for is not there.
 */
struct run_cpu *cpus_here(const struct config *c, unsigned *n, char *why);

/* The boot CPU's number, once cpus_here() has looked. */
unsigned cpus_boot(void);

#endif
