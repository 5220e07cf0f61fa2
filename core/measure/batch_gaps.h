/* SPDX-License-Identifier: GPL-2.0-only */
/* Batches of a block judged by their lengths, where nobody else says what came between. */
#ifndef BATCH_GAPS_H
#define BATCH_GAPS_H

#include "measure/platform.h"
#include "measure/series.h"
#include "measure/subject.h"

/**
 * drop_gaps - drop what was disturbed, by what each body's timings vary (vary.h).
 * @q:     counts them, and the largest bound.
 * @taken: batches; those that stay move up, in their order.
 *
 * Return: how many are left.
 */
uint32_t drop_gaps(const struct platform *m, const struct block *b, struct quality *q,
		   uint32_t taken);

#endif
