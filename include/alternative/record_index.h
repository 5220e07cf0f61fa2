/* SPDX-License-Identifier: GPL-2.0-only */
/* The records of an open text by address, whatever their order in the table. */
#ifndef RECORD_INDEX_H
#define RECORD_INDEX_H

#include "patch/text.h"

/* Where a record's site is, and where its built bytes are. */
struct record_place {
	uint64_t addr;
	size_t record;			/* its number */
	size_t built;			/* built bytes of all records before it */
};

/* Fills @place, one for every record of @t, and sorts it by address. */
void record_index(const struct text *t, struct record_place *place);

/**
 * record_find - the record that is at an address, or the next one before it.
 * @place, @count: as record_index() left them.
 *
 * Return: how many begin at @addr or before; the last of them is the one.
 */
size_t record_find(const struct record_place *place, size_t count, uint64_t addr);

#endif
