/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries of page tables: their bits, and how they are read and written; see paging.h. */
#ifndef PAGING_ENTRY_H
#define PAGING_ENTRY_H

#include "machine/paging_form.h"

#define PRESENT		(1ull << 0)
#define WRITABLE	(1ull << 1)
#define USER		(1ull << 2)
#define ACCESSED	(1ull << 5)
#define DIRTY		(1ull << 6)
#define LARGE		(1ull << 7)
#define PAT_SMALL	(1ull << 7)	/* of a page of 4 KiB */
#define PAT_LARGE	(1ull << 12)	/* of any other */
#define GLOBAL		(1ull << 8)
#define NO_EXECUTE	(1ull << 63)
#define ADDRESS		0x000ffffffffff000ull
#define ADDRESS_HIGH	0x000f800000000000ull	/* no memory is up there */
#define PSE36		0x001fe000ull	/* address bits above 32, of 4 MiB */

static inline unsigned bits(const struct paging *p)
{
	return p->entry_bytes == 8 ? 9 : 10;
}

static inline unsigned shift(const struct paging *p, unsigned level)
{
	return 12 + bits(p) * (level - 1);
}

/* Bytes that an entry of a level maps; level 1 is the last. */
static inline uint64_t reach(const struct paging *p, unsigned level)
{
	return 1ull << shift(p, level);
}

static inline uint64_t entry_at(const struct paging *p, uint64_t table, unsigned level,
			 uint64_t addr)
{
	uint64_t i = addr >> shift(p, level) & ((1u << bits(p)) - 1);

	return table + i * p->entry_bytes;
}

static inline uint64_t get(const struct paging *p, uint64_t at)
{
	const volatile void *entry = (const void *)(uintptr_t)at;

	return p->entry_bytes == 8 ? *(const volatile uint64_t *)entry
				   : *(const volatile uint32_t *)entry;
}

static inline void put(const struct paging *p, uint64_t at, uint64_t v)
{
	volatile void *entry = (void *)(uintptr_t)at;

	if (p->entry_bytes == 8)
		*(volatile uint64_t *)entry = v;
	else
		*(volatile uint32_t *)entry = (uint32_t)v;
}

/* The four top entries of PAE paging have no rights. */
static inline bool has_rights(const struct paging *p, unsigned level)
{
	return p->levels != 3 || level != 3;
}

static inline bool is_leaf(const struct paging *p, unsigned level, uint64_t entry)
{
	return level == 1 || ((entry & LARGE) && p->large && level <= 3
			      && has_rights(p, level));
}

static inline bool is_strange(const struct paging *p, uint64_t entry)
{
	return p->entry_bytes == 8
		&& ((entry & ADDRESS_HIGH)
		    || (sizeof(void *) == 4 && (entry & ADDRESS) >> 32));
}

/* An entry of the level below for the first of a large page's parts.  The bit
 * that says "large" is PAT's in a page of 4 KiB. */
static inline uint64_t entry_part(uint64_t entry, unsigned level)
{
	const uint64_t small = entry & PAT_LARGE ? PAT_SMALL : 0;

	return level > 2 ? entry : (entry & ~(LARGE | PAT_LARGE)) | small;
}

#endif
