/* SPDX-License-Identifier: GPL-2.0-only */
/* Two pages for ring 3, see user_pages.h. */
#include "lib/mem.h"
#include "machine/user_pages.h"
#include "paging_entry.h"

static uint64_t address_of(const struct paging *p, uint64_t entry)
{
	return entry & (p->entry_bytes == 8 ? ADDRESS : 0xfffff000);
}

/* A large page's parts, as a table. */
static const char *parts(const struct paging *p, uint64_t entry, unsigned level, uint64_t to)
{
	const uint64_t part = entry_part(entry, level), step = reach(p, level - 1);

	if (p->entry_bytes == 4 && (entry & PSE36))
		return "a large page is above 4 GiB";
	for (unsigned i = 0; i < 1u << bits(p); i++)
		put(p, to + i * p->entry_bytes, part + i * step);
	return NULL;
}

/* The four top entries of PAE paging are all of their table. */
static size_t table_bytes(const struct paging *p, unsigned level)
{
	return has_rights(p, level) ? PAGING_PAGE : 4 * sizeof(uint64_t);
}

/* Puts at @to what an entry of @level leads to: a table, or a large page's parts. */
static const char *copy_below(const struct paging *p, uint64_t entry, unsigned level,
			      uint64_t to)
{
	if (!(entry & PRESENT) || is_strange(p, entry))
		return "the page tables in force do not map it one to one";
	if (is_leaf(p, level, entry))
		return parts(p, entry, level, to);
	memcpy((void *)(uintptr_t)to, (const void *)(uintptr_t)address_of(p, entry),
	       table_bytes(p, level - 1));
	return NULL;
}

/* A table allows all that may be, where it has rights. */
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
			return "the page tables in force do not map it one to one";
		if (i)
			now |= WRITABLE | DIRTY | (p->nx ? NO_EXECUTE : 0);
		put(p, at, now);
	}
	return NULL;
}

const char *user_pages_map(const struct paging *p, uint64_t addr, void *table, uint64_t *root)
{
	uint64_t to = (uintptr_t)table, at, entry;
	const char *why;

	if (is_strange(p, p->root))
		return "the page tables in force are not mapped one to one";
	memcpy(table, (const void *)(uintptr_t)p->root, table_bytes(p, p->levels));
	for (unsigned level = p->levels; level > 1; level--, to += PAGING_PAGE) {
		at = entry_at(p, to, level, addr);
		entry = get(p, at);
		why = copy_below(p, entry, level, to + PAGING_PAGE);
		if (why)
			return why;
		put(p, at, table_entry(p, entry, level, to + PAGING_PAGE));
	}
	*root = (uintptr_t)table;
	return open_pages(p, addr, to);
}
