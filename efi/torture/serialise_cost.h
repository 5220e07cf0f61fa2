/* SPDX-License-Identifier: GPL-2.0-only */
/* What serialising costs. */
#ifndef SERIALISE_COST_H
#define SERIALISE_COST_H

#include "run/torture.h"

/**
 * serialise_measure - the cost of each of serialise.def, into @to.
 *
 * IF must be off.  Of what the CPU does not have n is 0.
 */
void serialise_measure(struct serialise_cost to[SERIALISE_COUNT]);

#endif
