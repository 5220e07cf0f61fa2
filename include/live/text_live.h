/* SPDX-License-Identifier: GPL-2.0-only */
/* Storing what was staged while other CPUs run the text. */
#ifndef TEXT_LIVE_H
#define TEXT_LIVE_H

#include "live/live_batch.h"
#include "patch/text.h"

/* Of what is staged, sites that do not hold it: what a store is going to change. */
unsigned text_changes(const struct text_staged *s);

/* What text_store_live() did. */
struct live_stored {
	unsigned sites;			/* that did not hold their bytes already */
	unsigned batches;
};

/**
 * text_store_live - as text_store(), by live_store(), in batches of LIVE_SITES.
 * @b: the batch that the other CPUs' handlers know.
 * @done: filled in any case.
 *
 * Return: false likewise, or if a CPU did not answer in time: then @e says whether the
 * last batch was stored, and nothing can be stored so any more.
 */
bool text_store_live(const struct text_staged *s, const struct text_writer *wr,
		     struct live_batch *b, const struct live_others *o,
		     struct live_stored *done, struct text_error *e);

#endif
