/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables: what they allow at an address, and the loan of other rights.
 *
 * Tables are read and changed as bytes in memory that is mapped one to one, as
 * UEFI has it; whether their pages may be stored to, and that the CPU forgets
 * what it knew of them, is the caller's to see to.
 *
 * Source: Intel SDM Vol. 3A, "Paging": "Hierarchical Paging Structures: an
 * Overview", "32-Bit Paging", "PAE Paging", "4-Level Paging and 5-Level Paging",
 * "Determination of Access Rights"; UEFI Specification, "IA-32 Platforms", "x64
 * Platforms".
 */
#ifndef PAGING_H
#define PAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "machine/paging_form.h"

/* The registers that say how paging works. */
struct paging_registers {
	uint64_t cr0, cr3, cr4;
	uint64_t efer;			/* 0 where the CPU has none */
};

#define PAGING_CR0_WP	(1ul << 16)
#define PAGING_CR0_PG	(1ul << 31)
#define PAGING_CR4_PSE	(1ul << 4)
#define PAGING_CR4_PAE	(1ul << 5)
#define PAGING_CR4_CET	(1ul << 23)
#define PAGING_EFER_LMA	(1ul << 10)
#define PAGING_EFER_NXE	(1ul << 11)

struct paging paging_of(const struct paging_registers *r);

/* What the tables say of the page at an address. */
struct paging_page {
	bool mapped;
	bool writable;			/* at every level */
	bool executable;
	bool dirty;
	uint64_t bytes;			/* of the page */
};

/**
 * paging_look - what is at @addr?
 *
 * Paging that is off maps all, writable and executable, in pages of 4 KiB.
 * An entry, or CR3, that leads where nobody can be one to one (an encryption bit, a
 * table beyond the address space) counts as not mapped.
 */
struct paging_page paging_look(const struct paging *p, uint64_t addr);

/* One entry that was changed. */
struct paging_change {
	uint64_t at;			/* address of the entry */
	uint64_t was, now;
};

/**
 * struct paging_loan - what was changed, and what may be used for changes.
 * @change: room for @room changes.
 * @table:  @tables pages, aligned, that large pages are divided with.
 */
struct paging_loan {
	struct paging_change *change;
	size_t room, count;
	uint8_t *table;
	size_t tables;
};

/* Changes and tables that a range may need at most, one loan for each. */
#define PAGING_CHANGES(len)	((len) / PAGING_PAGE + 2 + PAGING_TABLES(len))
#define PAGING_TABLES(len)	(2 * ((len) / (2ul << 20) + 2))

/* What is wanted of a range; what is not named stays. */
enum paging_want {
	PAGING_READONLY = 1,
	PAGING_WRITABLE = 2,
	PAGING_EXECUTABLE = 4,
	PAGING_NO_EXECUTE = 8,
};

/**
 * paging_lend - give the pages of [@addr, @addr + @len) other rights.
 * @l:    the loan: adds to it.
 * @want: enum paging_want, or-ed.
 *
 * Large pages that reach beyond the range are divided; what lies beyond keeps its
 * rights.  Nothing is stored for pages that are as wanted.
 *
 * Return: NULL, or why it cannot be; then nothing is changed that
 * paging_take_back() does not put back.
 */
const char *paging_lend(const struct paging *p, struct paging_loan *l,
			uint64_t addr, uint64_t len, unsigned want);

/**
 * paging_take_back - every entry as it was, the last change first.
 *
 * Return: false if somebody else has changed one since: that one stays, and so do
 * the tables it may lead to.
 */
bool paging_take_back(const struct paging *p, struct paging_loan *l);

/**
 * paging_clean - clear the Dirty bit of every read-only page of a range.
 *
 * A store that CR0.WP does not stop leaves a read-only page dirty, which is what
 * makes a page a shadow stack.
 * Source: Intel SDM Vol. 3A, "Shadow-Stack Pages", "Accessed and Dirty Flags".
 *
 * Return: how many were dirty.
 */
size_t paging_clean(const struct paging *p, uint64_t addr, uint64_t len);

/**
 * paging_identity - a map of 4 GiB one to one, for a CPU without paging.
 * @directory: 1024 entries; CR4.PSE must be set and CR4.PAE clear before it is put
 *             in force.
 *
 * Everything is writable and executable, as it is without paging.
 */
void paging_identity(uint32_t *directory);

#endif
