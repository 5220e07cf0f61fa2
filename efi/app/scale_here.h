/* SPDX-License-Identifier: GPL-2.0-only */
/* Patching at scale, where the application is. */
#ifndef SCALE_HERE_H
#define SCALE_HERE_H

#include "config/config.h"
#include "machine/environment.h"
#include "measure/scale.h"
#include "run/findings.h"

/**
 * scale_here - scale_run() as the configuration asks for, and told.
 * @m: its writer and its interrupts are what is timed.
 * @found: what goes wrong is put there too.
 *
 * Return: NULL if there is no memory, or something came out wrong: a line says so.
 */
const struct scale *scale_here(const struct config *c, const struct environment *env,
			       const struct platform *m, const struct nop_table *nops,
			       uint64_t seed, struct findings *found);

#endif
