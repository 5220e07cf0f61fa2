/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the sources of alternatives.h share: where a site's bytes are, and what an
 * error says of a record or an entry.
 */
#ifndef ALTERNATIVES_PARTS_H
#define ALTERNATIVES_PARTS_H

#include "alternative/alternatives.h"

/* The tables, as errors name them. */
#define RECORDS		".parainstructions"
#define ENTRIES		".altinstructions"

static inline bool alternatives_refuse(struct alternatives_error *e, const char *table,
			  size_t record, uint64_t addr, unsigned len,
			  const char *why)
{
	*e = (struct alternatives_error){
		.why = why, .table = table, .record = record, .addr = addr, .len = len,
	};
	return false;
}

static inline bool alternatives_refuse_entry(struct alternatives_error *e,
				const struct alternative_where *w, size_t i,
				const char *why)
{
	return alternatives_refuse(e, ENTRIES, i, w->entry[i].addr, w->entry[i].len, why);
}

static inline uint8_t *site_bytes(const struct alternatives *a,
				  const struct alternatives_site *s)
{
	return a->where.bytes + (s->addr - a->where.addr);
}

/* Of the islands of all records; 0: there are none. */
static inline size_t island_bytes(const struct text *t)
{
	return t && t->where.islands ? t->where.count * ISLAND_BYTES : 0;
}

#endif
