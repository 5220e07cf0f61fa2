/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of ops: the TLB.
 *
 * A page of our own is looked at, mapped elsewhere, and must be seen there once
 * the op has dropped the old translation.  For that the top-level table is
 * copied, and an entry that it does not use leads to tables of our own.
 *
 * Only where that is simple: with four or five levels, no PCIDs, and no memory
 * encryption bit in the entries.  UEFI maps memory one to one, so an address is
 * a physical one.  Source: Intel SDM Vol. 3A, "4-Level Paging and 5-Level
 * Paging"; UEFI Specification, "x64 Platforms".
 */
#include "ops_check_one.h"

#define CR0_PG		(1ul << 31)
#define CR3_PWT		(1ul << 3)
#define CR4_LA57	(1ul << 12)
#define CR4_PCIDE	(1ul << 17)

struct mapping {
	unsigned long found_cr3, found_cr4, cr3;
	const volatile unsigned long *at;	/* where the page is mapped */
	volatile uint64_t *pte;			/* what maps it */
};

#define LEVELS_MAX	5
#define ENTRY_USED	3ull			/* present, writable */
#define ENTRY_GLOBAL	(1ull << 8)
#define ENTRY_STRANGE	0x000f800000000000ull	/* no table is up there */
#define ADDRESS		0x000ffffffffff000ull

static uint64_t own_tables[LEVELS_MAX][512] __attribute__((aligned(4096)));
static volatile unsigned long own_pages[2][4096 / sizeof(long)]
	__attribute__((aligned(4096)));

static volatile unsigned long own_word;

/* A free entry of the top-level table, in the lower half; 0: none. */
static unsigned free_entry(const uint64_t *top)
{
	unsigned entry = 0;

	for (unsigned i = 0; i < 512; i++) {
		if (!(top[i] & 1)) {
			if (!entry && i && i < 256)
				entry = i;
		} else if (top[i] & ENTRY_STRANGE) {
			return 0;
		}
	}
	return entry;
}

static bool paging_is_simple(const struct mapping *m)
{
	return ARCH_WORD == 8 && (READ("mov %%cr0, %0") & CR0_PG)
		&& !(m->found_cr4 & CR4_PCIDE) && has(LEAF1_PGE);
}

static void map_page(struct mapping *m, unsigned page, uint64_t global)
{
	*m->pte = (uintptr_t)own_pages[page] | ENTRY_USED | global;
}

/* Chains the own tables and puts them in force.  CR4.PGE is set, so that a
 * global entry is one. */
static bool mapping_open(struct mapping *m, uint64_t global)
{
	unsigned levels, entry;

	m->found_cr3 = READ("mov %%cr3, %0");
	m->found_cr4 = READ("mov %%cr4, %0");
	if (!paging_is_simple(m))
		return false;
	levels = m->found_cr4 & CR4_LA57 ? 5 : 4;
	memcpy(own_tables[0], (const void *)(m->found_cr3 & (uintptr_t)ADDRESS),
	       sizeof(own_tables[0]));
	entry = free_entry(own_tables[0]);
	if (!entry)
		return false;
	own_tables[0][entry] = (uintptr_t)own_tables[1] | ENTRY_USED;
	for (unsigned i = 1; i < levels - 1; i++)
		own_tables[i][0] = (uintptr_t)own_tables[i + 1] | ENTRY_USED;
	m->pte = &own_tables[levels - 1][0];
	m->at = (void *)(uintptr_t)((uint64_t)entry << (12 + 9 * (levels - 1)));
	own_pages[0][0] = PATTERN;
	own_pages[1][0] = ~PATTERN;
	map_page(m, 0, global);
	m->cr3 = (unsigned long)own_tables[0];
	WRITE("mov %0, %%cr3", m->cr3);
	WRITE("mov %0, %%cr4", m->found_cr4 | NATIVE_CR4_PGE);
	return true;
}

/* Changing CR4.PGE drops all entries, whatever the op left. */
static void mapping_close(const struct mapping *m)
{
	WRITE("mov %0, %%cr4", m->found_cr4 & ~NATIVE_CR4_PGE);
	WRITE("mov %0, %%cr4", m->found_cr4);
	WRITE("mov %0, %%cr3", m->found_cr3);
}

/* The ops that drop translations, by number: their arguments differ. */
static void flush(unsigned op, const struct mapping *m)
{
	switch (op) {
	case OP_write_cr3: paravirt_ops.write_cr3(m->cr3); break;
	case OP_flush_tlb_user: paravirt_ops.flush_tlb_user(); break;
	case OP_flush_tlb_kernel: paravirt_ops.flush_tlb_kernel(); break;
	case OP_flush_tlb_single:
		paravirt_ops.flush_tlb_single((unsigned long)m->at);
		break;
	}
}

/* True if @op shows the new page, or if that cannot be tried here. */
static bool drops_old(unsigned op, uint64_t global)
{
	struct mapping m;
	unsigned long before, after;

	if (!mapping_open(&m, global))
		return true;
	before = *m.at;
	map_page(&m, 1, global);
	flush(op, &m);
	after = *m.at;
	mapping_close(&m);
	return before == PATTERN && after == ~PATTERN;
}

/* The op as it is found to be, then on the own page. */
static const char *flushed(unsigned op, uint64_t global)
{
	unsigned long cr3 = READ("mov %%cr3, %0"), cr4 = READ("mov %%cr4, %0");
	const struct mapping here = { .cr3 = cr3, .at = &own_word };

	own_word = PATTERN;
	flush(op, &here);
	if (own_word != PATTERN || READ("mov %%cr3, %0") != cr3
	    || READ("mov %%cr4, %0") != cr4)
		return "memory, CR3 or CR4 changed";
	return unless(drops_old(op, global),
		      "an old translation is still in use");
}

CHECK(write_cr3)
{
	unsigned long found = READ("mov %%cr3, %0"), now;
	const char *why = flushed(OP_write_cr3, 0);

	if (why || (READ("mov %%cr4, %0") & CR4_PCIDE))
		return why;
	/* how the top-level table is cached: for these few instructions */
	paravirt_ops.write_cr3(found ^ CR3_PWT);
	now = READ("mov %%cr3, %0");
	WRITE("mov %0, %%cr3", found);
	return unless(now == (found ^ CR3_PWT), "CR3 does not read back");
}

CHECK(flush_tlb_user)
{
	return flushed(OP_flush_tlb_user, 0);
}

CHECK(flush_tlb_kernel)
{
	return flushed(OP_flush_tlb_kernel, ENTRY_GLOBAL);
}

CHECK(flush_tlb_single)
{
	return flushed(OP_flush_tlb_single, ENTRY_GLOBAL);
}
