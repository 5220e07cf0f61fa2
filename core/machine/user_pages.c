/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two pages for ring 3, see user_pages.h.
 *
 * Rights are those of all levels together, and what leads to ring 3's pages has to allow all.
 * So each entry that stands beside the way, in a copy, gets what the levels above it withheld,
 * and is no longer ring 3's, whatever the firmware had: with CR4.SMEP in force ring 0 executes
 * nothing that is.
 */
#include "lib/mem.h"
#include "machine/user_pages.h"
#include "paging_entry.h"

#define PAE_TOP		4		/* entries of PAE paging's top level, which has no rights */

static const char not_one_to_one[] =
	"the page tables in force do not map ring 3's pages one to one";

static uint64_t address_of(const struct paging *p, uint64_t entry)
{
	return entry & (p->entry_bytes == 8 ? ADDRESS : 0xfffff000);
}

/* A large page's parts, as a table.  One above 4 GiB (PSE-36) is not mapped one to one. */
static void put_parts(const struct paging *p, uint64_t entry, unsigned level, uint64_t to)
{
	const uint64_t part = entry_part(entry, level), step = reach(p, level - 1);

	for (unsigned i = 0; i < 1u << bits(p); i++)
		put(p, to + i * p->entry_bytes, part + i * step);
}

/* The four top entries of PAE paging are all of their table. */
static size_t table_bytes(const struct paging *p, unsigned level)
{
	return has_rights(p, level) ? PAGING_PAGE : PAE_TOP * sizeof(uint64_t);
}

/* Puts at @to what an entry of @level leads to: a table, or a large page's parts. */
static const char *copy_below(const struct paging *p, uint64_t entry, unsigned level,
			      uint64_t to)
{
	if (!(entry & PRESENT) || is_strange(p, entry))
		return not_one_to_one;
	if (is_leaf(p, level, entry))
		put_parts(p, entry, level, to);
	else
		memcpy((void *)(uintptr_t)to, (const void *)(uintptr_t)address_of(p, entry),
		       table_bytes(p, level - 1));
	return NULL;
}

/* What the entries of a table do not get. */
struct withheld {
	uint64_t clear, set;
};

static const struct withheld ring3 = { USER, 0 };

/* By an entry that had it withheld from itself. */
static struct withheld by_entry(const struct paging *p, uint64_t entry, unsigned level)
{
	if (!has_rights(p, level))
		return ring3;
	return (struct withheld){ USER | (~entry & WRITABLE), p->nx ? entry & NO_EXECUTE : 0 };
}

static void withhold(const struct paging *p, uint64_t table, struct withheld w)
{
	for (unsigned i = 0; i < 1u << bits(p); i++) {
		const uint64_t at = table + i * p->entry_bytes, v = get(p, at);

		if (v & PRESENT)
			put(p, at, (v & ~w.clear) | w.set);
	}
}

/* The tables beside the way, where the top level has no rights: copies, from @to on. */
static const char *copy_beside(const struct paging *p, uint64_t top, uint64_t addr, uint64_t to)
{
	for (unsigned i = 0; i < PAE_TOP; i++) {
		const uint64_t at = top + i * p->entry_bytes, entry = get(p, at);
		const char *why;

		if (at == entry_at(p, top, p->levels, addr) || !(entry & PRESENT))
			continue;
		why = copy_below(p, entry, p->levels, to);
		if (why)
			return why;
		withhold(p, to, ring3);
		put(p, at, to | (entry & ~address_of(p, entry)));
		to += PAGING_PAGE;
	}
	return NULL;
}

/* A table on the way allows all that may be, where it has rights. */
static uint64_t table_entry(const struct paging *p, uint64_t was, unsigned level, uint64_t to)
{
	uint64_t rights = has_rights(p, level) ? WRITABLE | USER | ACCESSED : 0;

	/* Of a large page's entry nothing else is a table's. */
	return to | PRESENT | rights
		| (is_leaf(p, level, was) ? 0 : was & ~address_of(p, was) & ~NO_EXECUTE);
}

/* Both pages, in the table of the last level. */
static const char *open_pages(const struct paging *p, uint64_t addr, uint64_t table)
{
	for (unsigned i = 0; i < USER_PAGES; i++) {
		const uint64_t page = addr + i * PAGING_PAGE;
		const uint64_t at = entry_at(p, table, 1, page), was = get(p, at);
		uint64_t now = (was | USER | ACCESSED) & ~(WRITABLE | GLOBAL | NO_EXECUTE);

		if (!(was & PRESENT) || address_of(p, was) != page)
			return not_one_to_one;
		if (i)
			now |= WRITABLE | DIRTY | (p->nx ? NO_EXECUTE : 0);
		put(p, at, now);
	}
	return NULL;
}

const char *user_pages_map(const struct paging *p, uint64_t addr, void *table, uint64_t *root)
{
	uint64_t to = (uintptr_t)table, at, entry;
	struct withheld w = ring3;
	const char *why = NULL;

	if (is_strange(p, p->root))
		return not_one_to_one;
	memcpy(table, (const void *)(uintptr_t)p->root, table_bytes(p, p->levels));
	if (!has_rights(p, p->levels))
		why = copy_beside(p, to, addr, to + p->levels * PAGING_PAGE);
	for (unsigned level = p->levels; level > 1 && !why; level--, to += PAGING_PAGE) {
		if (has_rights(p, level))
			withhold(p, to, w);
		at = entry_at(p, to, level, addr);
		entry = get(p, at);
		w = by_entry(p, entry, level);
		why = copy_below(p, entry, level, to + PAGING_PAGE);
		if (!why)
			put(p, at, table_entry(p, entry, level, to + PAGING_PAGE));
	}
	if (why)
		return why;
	withhold(p, to, w);
	*root = (uintptr_t)table;
	return open_pages(p, addr, to);
}
