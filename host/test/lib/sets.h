/* SPDX-License-Identifier: GPL-2.0-only */
/* Sets of the first members of a list, as bits: for tests of lists that are short. */
#ifndef SETS_H
#define SETS_H

#include "workload/set.h"

static inline struct set these(uint32_t bits)
{
	return (struct set){ { bits } };
}

#endif
