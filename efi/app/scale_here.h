/* SPDX-License-Identifier: GPL-2.0-only */
/* Patching at scale, where the application is. */
#ifndef SCALE_HERE_H
#define SCALE_HERE_H

#include "measure/scale.h"

/**
 * scale_here - scale_run() as the configuration asks for, and told.
 * @m: its writer and its interrupts are what is timed.
 *
 * Return: NULL if there is no memory, or something came out wrong: a line says so.
 */
const struct scale *scale_here(const struct machine *m, const struct nop_table *nops,
			       uint64_t seed);

#endif
