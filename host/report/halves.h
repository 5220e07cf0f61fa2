/* SPDX-License-Identifier: GPL-2.0-only */
/* In which half of its cache line a benchmark's call ends. */
#ifndef HALVES_H
#define HALVES_H

#include "report.h"

/**
 * read_halves - sets b->half, a number an offset: 0 the lower half, 1 the upper, -1
 * where that is not known, the offset does not count, or @rules say nothing of halves.
 * @b: timed, with its group, role, mode and outcome.
 */
void read_halves(struct bench *b, const struct rules *rules, struct complaint *c);

#endif
