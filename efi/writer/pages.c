/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page tables in force, see pages.h.
 *
 * The firmware may have mapped its tables read-only, as EDK II does: entries are
 * stored in the window.
 *
 * Source: Intel SDM Vol. 3A, "Paging".
 */
#include "cpu/control.h"
#include "cpu/may_fault.h"
#include "cpu/msr.h"
#include "cpu/translations.h"
#include "firmware/firmware.h"
#include "lib/mem.h"
#include "mp/mp.h"
#include "pages.h"
#include "window.h"

#define LOANS	64

static struct lent {
	struct paging_loan loan;
	EFI_PHYSICAL_ADDRESS memory;
	size_t pages;
	bool back;			/* every entry is as it was */
} loans[LOANS];
static unsigned lent_count;

/* Somebody else has changed page tables. */
static bool tables_stay;

/* The registers that were changed with the first loan. */
static struct {
	bool taken;
	unsigned long cr0, cr3, cr4;
} registers_before;

struct paging pages_paging(void)
{
	struct paging_registers r = {
		.cr0 = cpu_cr0(), .cr3 = cpu_cr3(), .cr4 = cpu_cr4(),
	};

	/* A CPU, or who answers in its place, that does not say: bit 63 is looked at,
	 * and nothing here sets it. */
	if (!msr_read(MSR_EFER, &r.efer))
		r.efer = PAGING_EFER_NXE | (ARCH_WORD == 8 ? PAGING_EFER_LMA : 0);
	return paging_of(&r);
}

/* What is needed of the registers for rights to count. */
static void lend_registers(unsigned want)
{
	static uint32_t directory[1024] __attribute__((aligned(4096)));

	if (!registers_before.taken) {
		registers_before.taken = true;
		registers_before.cr0 = cpu_cr0();
		registers_before.cr3 = cpu_cr3();
		registers_before.cr4 = cpu_cr4();
	}
	if (ARCH_WORD == 4 && !(cpu_cr0() & PAGING_CR0_PG)) {
		paging_identity(directory);
		cpu_set_cr3((uintptr_t)directory);
		/* PAE may have been left set: it is for tables of another kind. */
		cpu_set_cr4((cpu_cr4() & ~PAGING_CR4_PAE) | PAGING_CR4_PSE);
		cpu_set_cr0(cpu_cr0() | PAGING_CR0_PG);
	}
	if (want & PAGING_READONLY)
		cpu_set_cr0(cpu_cr0() | PAGING_CR0_WP);
}

static void take_back_registers(void)
{
	if (!registers_before.taken)
		return;
	cpu_set_cr0(registers_before.cr0);
	if (cpu_cr4() != registers_before.cr4)
		cpu_set_cr4(registers_before.cr4);
	if (cpu_cr3() != registers_before.cr3)
		cpu_set_cr3(registers_before.cr3);
	registers_before.taken = false;
}

/* Tables first: they are pages. */
static bool get_memory(struct lent *l, size_t len)
{
	size_t tables = PAGING_TABLES(len), changes = PAGING_CHANGES(len);

	l->pages = tables + EFI_SIZE_TO_PAGES(changes * sizeof(*l->loan.change));
	l->memory = UINT32_MAX;
	if (firmware.bs->AllocatePages(AllocateMaxAddress, EfiBootServicesData, l->pages,
				  &l->memory) != EFI_SUCCESS)
		return false;
	l->loan = (struct paging_loan){
		.table = (uint8_t *)(uintptr_t)l->memory, .tables = tables,
		.change = (void *)(uintptr_t)(l->memory + tables * PAGING_PAGE),
		.room = changes,
	};
	return true;
}

/* What is done in a window. */
struct request {
	struct paging paging;
	struct paging_loan *loan;
	uint64_t at, len;
	unsigned want;
	const char *why;
	unsigned first;			/* of the loans to take back */
};

static void lend(void *arg, ptrdiff_t shift)
{
	struct request *r = arg;

	(void)shift;
	r->why = paging_lend(&r->paging, r->loan, r->at, r->len, r->want);
	cpu_forget_translations();
}

/* All in one window: on the way back pages have rights that they had before, and
 * may be somebody else's by now. */
static void take_back(void *arg, ptrdiff_t shift)
{
	const struct request *r = arg;

	(void)shift;
	for (unsigned i = lent_count; i-- > r->first; )
		loans[i].back = paging_take_back(&r->paging, &loans[i].loan);
	cpu_forget_translations();
}

static bool take_back_from(unsigned first)
{
	struct request r = { .paging = pages_paging(), .first = first };
	bool all = true, forgotten;

	if (lent_count == first)
		return true;
	window_open_for(take_back, &r);
	forgotten = mp_forget_translations();
	if (!first)
		take_back_registers();
	for (; lent_count > first; lent_count--) {
		const struct lent *l = &loans[lent_count - 1];

		all &= l->back && forgotten;
		if (l->back && forgotten)
			firmware.bs->FreePages(l->memory, l->pages);
	}
	return all;
}

bool pages_take_back(void)
{
	tables_stay = !take_back_from(0);
	return !tables_stay;
}

bool pages_are_known(void)
{
	return !tables_stay;
}

const char *pages_lend(void *at, size_t len, unsigned want)
{
	struct lent *l = &loans[lent_count];
	struct request r = {
		.loan = &l->loan, .at = (uintptr_t)at, .len = len, .want = want,
	};

	if (lent_count == LOANS)
		return "too many pages were given other rights";
	if (!get_memory(l, len))
		return "there is no memory for page tables";
	lent_count++;
	lend_registers(want);
	r.paging = pages_paging();
	window_open_for(lend, &r);
	if (!r.why)
		return NULL;
	take_back_from(lent_count - 1);
	return r.why;
}

static void clean(void *arg, ptrdiff_t shift)
{
	const struct request *r = arg;

	(void)shift;
	if (paging_clean(&r->paging, r->at, r->len))
		cpu_forget_translations();
}

void pages_clean(const void *at, size_t len)
{
	struct request r = {
		.paging = pages_paging(), .at = (uintptr_t)at, .len = len,
	};

	if (r.paging.levels)
		window_open_for(clean, &r);
}
