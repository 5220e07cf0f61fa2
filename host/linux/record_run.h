/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables that are no sections of their own: found by what only their records are. */
#ifndef RECORD_RUN_H
#define RECORD_RUN_H

#include "image.h"

/* A table that is no section of its own: so many records, one after the other. */
struct records {
	const struct image *im;
	unsigned bytes;		/* of one */
	/* Is the record at @addr one?  @first: one that is known to be, or NULL. */
	bool (*good)(const struct image *im, const uint8_t *p, uint64_t addr,
		     const uint8_t *first);
	/* The longest run of them. */
	const uint8_t *p;
	uint64_t addr;
	size_t count;
};

/* @r->p, addr and count; false: no section that is loaded has such a run. */
bool records_find(struct records *r);

#endif
