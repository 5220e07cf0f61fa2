/* SPDX-License-Identifier: GPL-2.0-only */
/* Serialising this CPU: what there is, and what is used. */
#ifndef SERIALISE_H
#define SERIALISE_H

#include <stdbool.h>
#include "machine/serialising.h"
#include "run/torture.h"

/**
 * serialise_choose - take the first of serialise.def that this CPU has.
 * To be called before any other CPU runs; until then it is CPUID.
 */
void serialise_choose(void);

/* Those that this CPU has, the chosen one first.  Return: how many. */
unsigned serialise_list(struct serialiser to[SERIALISE_COUNT]);

/* What it does, or NULL where this CPU has it not. */
void (*serialise_way(enum serialise_id id))(void);

/* Which is taken. */
enum serialise_id serialise_chosen(void);

/**
 * cpu_serialise - nothing fetched before this is executed after it.
 *
 * By the chosen instruction, on the CPU that calls.  IF, the other flags and CR2 are
 * as they were.  Not for a handler of NMIs: IRET would let the next one in.
 */
void cpu_serialise(void);

#endif
