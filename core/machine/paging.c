/* SPDX-License-Identifier: GPL-2.0-only */
/* Page tables, see paging.h. */
#include "lib/mem.h"
#include "machine/paging.h"
#include "paging_entry.h"

#define CR4_LA57	(1ul << 12)

struct paging paging_of(const struct paging_registers *r)
{
	struct paging p = {
		.levels = 2, .entry_bytes = 4, .root = r->cr3 & 0xfffff000,
		.large = r->cr4 & PAGING_CR4_PSE,
	};

	if (!(r->cr0 & PAGING_CR0_PG))
		return (struct paging){ .levels = 0 };
	if (!(r->cr4 & PAGING_CR4_PAE))
		return p;
	p.large = true;
	p.entry_bytes = 8;
	p.nx = r->efer & PAGING_EFER_NXE;
	p.levels = 3;
	p.root = r->cr3 & 0xffffffe0;
	if (!(r->efer & PAGING_EFER_LMA))
		return p;
	p.levels = r->cr4 & CR4_LA57 ? 5 : 4;
	p.root = r->cr3 & ADDRESS;
	return p;
}

/* The entry that maps an address, and what was met on the way to it. */
struct leaf {
	uint64_t at, entry;
	unsigned level;
	bool above_writable, above_executable;	/* as the levels above it say */
};

static bool find(const struct paging *p, uint64_t addr, struct leaf *l)
{
	uint64_t table = p->root;

	*l = (struct leaf){ .above_writable = true, .above_executable = true };
	if (is_strange(p, table))
		return false;
	for (l->level = p->levels; l->level; l->level--) {
		l->at = entry_at(p, table, l->level, addr);
		l->entry = get(p, l->at);
		if (!(l->entry & PRESENT) || is_strange(p, l->entry))
			return false;
		if (is_leaf(p, l->level, l->entry))
			return true;
		if (has_rights(p, l->level)) {
			l->above_writable &= !!(l->entry & WRITABLE);
			l->above_executable &= !p->nx || !(l->entry & NO_EXECUTE);
		}
		table = l->entry & (p->entry_bytes == 8 ? ADDRESS : 0xfffff000);
	}
	return false;
}

struct paging_page paging_look(const struct paging *p, uint64_t addr)
{
	struct leaf l;

	if (!p->levels)
		return (struct paging_page){
			.mapped = true, .writable = true, .executable = true,
			.bytes = PAGING_PAGE };
	if (!find(p, addr, &l))
		return (struct paging_page){ .mapped = false };
	return (struct paging_page){
		.mapped = true,
		.writable = l.above_writable && (l.entry & WRITABLE),
		.executable = l.above_executable
			&& (!p->nx || !(l.entry & NO_EXECUTE)),
		.dirty = l.entry & DIRTY,
		.bytes = reach(p, l.level),
	};
}

static const char *change(const struct paging *p, struct paging_loan *loan,
			  uint64_t at, uint64_t was, uint64_t now)
{
	if (loan->count == loan->room)
		return "there is no room to note what is changed in page tables";
	loan->change[loan->count++] = (struct paging_change){ at, was, now };
	put(p, at, now);
	return NULL;
}

/* Puts a table in the place of a large page: the same rights, page by page. */
static const char *divide(const struct paging *p, struct paging_loan *loan,
			  const struct leaf *l)
{
	uint64_t table = (uintptr_t)loan->table, step = reach(p, l->level - 1);
	uint64_t part = entry_part(l->entry, l->level);

	if (!loan->tables)
		return "there is no memory to divide a large page with";
	if (p->entry_bytes == 4 && (l->entry & PSE36))
		return "a large page is above 4 GiB";
	for (unsigned i = 0; i < 1u << bits(p); i++)
		put(p, table + i * p->entry_bytes, part + i * step);
	loan->table += PAGING_PAGE;
	loan->tables--;
	/* Rights are the parts' alone: a table allows all. */
	return change(p, loan, l->at, l->entry,
		      table | PRESENT | WRITABLE | ACCESSED | (l->entry & USER));
}

static uint64_t wanted(const struct paging *p, uint64_t entry, unsigned want)
{
	if (want & PAGING_READONLY)
		entry &= ~WRITABLE;
	if (want & PAGING_WRITABLE)
		entry |= WRITABLE;
	if ((want & PAGING_EXECUTABLE) && p->nx)
		entry &= ~NO_EXECUTE;
	if ((want & PAGING_NO_EXECUTE) && p->nx)
		entry |= NO_EXECUTE;
	return entry;
}

static const char *cannot(const struct paging *p, const struct leaf *l,
			  unsigned want)
{
	if ((want & PAGING_WRITABLE) && !l->above_writable)
		return "a table above the page forbids stores";
	if ((want & PAGING_EXECUTABLE) && !l->above_executable)
		return "a table above the page forbids execution";
	if ((want & PAGING_NO_EXECUTE) && !p->nx)
		return "these tables cannot forbid execution";
	return NULL;
}

const char *paging_lend(const struct paging *p, struct paging_loan *loan,
			uint64_t addr, uint64_t len, unsigned want)
{
	uint64_t end = addr + len;
	const char *why = NULL;

	if (!p->levels)
		return "paging is off";
	addr &= ~(PAGING_PAGE - 1);
	while (addr < end && !why) {
		struct leaf l;
		uint64_t now, from, to;

		if (!find(p, addr, &l))
			return "a page is not mapped, or not as UEFI has it";
		from = addr & ~(reach(p, l.level) - 1);
		to = from + reach(p, l.level);
		now = wanted(p, l.entry, want);
		why = cannot(p, &l, want);
		if (why || now == l.entry) {
			addr = to;
		} else if (l.level > 1 && (from < addr || to > end)) {
			why = divide(p, loan, &l);
		} else {
			why = change(p, loan, l.at, l.entry, now);
			addr = to;
		}
	}
	return why;
}

bool paging_take_back(const struct paging *p, struct paging_loan *loan)
{
	const uint64_t by_cpu = ACCESSED | DIRTY;
	bool all = true;

	while (loan->count) {
		const struct paging_change *c = &loan->change[--loan->count];

		if ((get(p, c->at) ^ c->now) & ~by_cpu)
			all = false;
		else
			put(p, c->at, c->was);
	}
	return all;
}

size_t paging_clean(const struct paging *p, uint64_t addr, uint64_t len)
{
	uint64_t end = addr + len;
	size_t dirty = 0;
	struct leaf l;

	for (; p->levels && addr < end; addr = (addr | (reach(p, l.level) - 1)) + 1) {
		if (!find(p, addr, &l))
			break;
		if ((l.entry & DIRTY)
		    && !(l.above_writable && (l.entry & WRITABLE))) {
			put(p, l.at, l.entry & ~DIRTY);
			dirty++;
		}
	}
	return dirty;
}

void paging_identity(uint32_t *directory)
{
	for (uint32_t i = 0; i < 1024; i++)
		directory[i] = i << 22 | LARGE | WRITABLE | PRESENT;
}
