/* SPDX-License-Identifier: GPL-2.0-only */
/* Ring 3, lent; see ring3_loan.h. */
#include "away/away.h"
#include "cpu/control.h"
#include "cpu/descriptor_tables.h"
#include "lib/mem.h"
#include "lib/sink.h"
#include "machine/user_pages.h"
#include "ops/loan_kept.h"
#include "ops/own_gdt.h"
#include "ring3_arch.h"
#include "ring3_loan.h"
#include "writer/pages.h"

#define CR4_SMAP	(1ul << 21)
#define INT3		0xcc
#define DESCRIPTOR_TSS	0x89		/* not in use */
#define TSS_BUSY	(2ull << 40)

/* Of each program: a page for it, one for its stack, and its page tables.  The image is only
 * aligned to pages: the first that begin at a multiple of two are taken. */
static uint8_t user_memory[USER_PROGRAMS * USER_PAGES + 1][PAGING_PAGE]
	__attribute__((aligned(PAGING_PAGE)));
static uint8_t tables[USER_PROGRAMS][USER_PAGES_TABLES][PAGING_PAGE]
	__attribute__((aligned(PAGING_PAGE)));

/* Page @page of program @i. */
static uint8_t *user(unsigned i, unsigned page)
{
	const unsigned first = (uintptr_t)user_memory / PAGING_PAGE % USER_PAGES;

	return user_memory[first + i * USER_PAGES + page];
}

/* The one that is out: from before the first change on.  An exception may end each part of
 * it. */
static struct {
	bool is_out, is_taken;
	uint32_t kept;
	struct kept_value found[KEPT_COUNT];
	uint16_t tr;
	struct ring3_segments segments;
	struct native_env env;
	struct own_gdt gdt;
} out;

static char lost[120];

/* On some CPU TR was null, and holds the next to it. */
static bool null_is_left;

/* That selector is behind the CPU's GDT, where no other TR has its descriptor. */
static bool tr_is_null(const struct own_gdt *g, uint16_t tr)
{
	return !tr || (null_is_left && tr / 8 >= g->tss_slot);
}

/* A TSS for ring 3: the firmware's with its interrupt stacks, where it has one. */
static const char *prepare_tss(const struct own_gdt *g)
{
	if (!tr_is_null(g, out.tr)) {
		/* A GDT in ROM did not take the mark that LTR stores. */
		if (out.tr / 8 < g->tss_slot
		    && descriptor_type(own_gdt_slot(out.tr / 8)) == DESCRIPTOR_TSS)
			*own_gdt_slot(out.tr / 8) |= TSS_BUSY;
		return own_tss_prepare(g, out.tr);
	}
	own_tss_begin(g);
	return NULL;
}

static void put_program(unsigned i, const struct user_code *u)
{
	memset(user(i, 0), INT3, PAGING_PAGE);
	memset(user(i, 1), 0, PAGING_PAGE);
	if (u->len)
		memcpy(user(i, 0), u->bytes, u->len);
}

/* The address space of program @i.  Of CR3 all but the root stays. */
static const char *map_user(unsigned i, uint64_t *cr3)
{
	const struct paging p = pages_paging();
	const char *why;
	uint64_t root;

	*cr3 = cpu_cr3();
	if (!p.levels)
		return NULL;
	why = user_pages_map(&p, (uintptr_t)user(i, 0), tables[i], &root);
	if (!why)
		*cr3 = (*cr3 - p.root) + root;
	return why;
}

static void load_tr(unsigned slot)
{
	asm volatile("ltr %w0" : : "r" (slot * 8) : "memory");
}

/* What the kernel has to know of the programs. */
static void say_where(struct kernel_ring3 *to)
{
	to->ip = (uintptr_t)user(0, 0);
	to->sp = (uintptr_t)user(0, 1) + PAGING_PAGE;
	to->other_ip = (uintptr_t)user(1, 0);
	to->other_sp = (uintptr_t)user(1, 1) + PAGING_PAGE;
	to->tss = (uintptr_t)own_tss();
	to->tss_sp0 = (uintptr_t)&own_tss()->sp0;
}

/* What is global outlives MOV to CR3, and with it rights that other tables give: where nothing is
 * global, no translation does.  Both changes of CR4.PGE make the CPU forget all. */
static void put_in_force(unsigned long cr3)
{
	const struct native_dtr own = own_gdtr(&out.gdt);

	cpu_set_gdtr(&own);
	load_tr(out.gdt.tss_slot);
	cpu_set_cr4(cpu_cr4() & ~(CR4_SMAP | CR4_PGE));
	cpu_set_cr3(cr3);
}

/* All that needs no change of the machine.  NULL, or why there is no ring 3. */
static const char *prepare(struct kernel_ring3 *to)
{
	const char *why = own_gdt_prepare(&out.gdt);

	if (!why)
		why = ring3_segments_read(&out.segments, &out.gdt);
	if (!why)
		why = prepare_tss(&out.gdt);
	if (!why)
		why = map_user(0, &to->cr3);
	if (!why)
		why = map_user(1, &to->other_cr3);
	return why;
}

const char *ring3_lend(void *ctx, const struct user_code *u, struct kernel_ring3 *to)
{
	const char *why;

	(void)ctx;
	out.env = native_env;
	out.tr = cpu_tr();
	out.kept = ring3_arch_kept() | 1u << KEPT_cr3 | 1u << KEPT_cr4 | 1u << KEPT_gdtr;
	why = prepare(to);
	kept_read(out.kept, out.found);
	out.is_out = !why;
	out.is_taken = false;
	if (!why)
		why = ring3_arch_lend(&out.gdt, to);
	if (why) {
		out.is_out = false;
		native_env = out.env;
		return why;
	}
	for (unsigned i = 0; i < USER_PROGRAMS; i++)
		put_program(i, &u[i]);
	put_in_force((unsigned long)to->cr3);
	say_where(to);
	return NULL;
}

/* With the own GDT in force. */
static void put_tr(void)
{
	if (!tr_is_null(&out.gdt, out.tr)) {
		own_gdt_put_tr(out.tr);
		return;
	}
	own_tss_as_reset(&out.gdt);
	load_tr(out.gdt.tss_slot);
	null_is_left = true;
}

/* NULL, or what does not hold what was found. */
static const char *take_back(void)
{
	const struct native_dtr own = own_gdtr(&out.gdt);
	struct kept_value now[KEPT_COUNT];

	out.is_taken = true;
	cpu_set_gdtr(&own);
	put_tr();
	ring3_arch_take_back();
	ring3_segments_put(&out.segments, &out.gdt);
	kept_put(out.kept, out.found);
	native_env = out.env;
	kept_read(out.kept, now);
	return kept_difference(out.kept, now, out.found);
}

/* Once: what an exception has ended is not tried again. */
const char *ring3_take_back(void *ctx)
{
	const char *why;

	(void)ctx;
	if (!out.is_out)
		return NULL;
	why = out.is_taken ? "what it was lent" : take_back();
	out.is_out = false;
	if (why && !lost[0])
		text_format(lost, sizeof(lost), "CPU %u, a path did not leave %s as it was",
			    away_number(), why);
	return why;
}

void ring3_end(void)
{
	ring3_take_back(NULL);
}

const char *ring3_lost(void)
{
	return lost[0] ? lost : NULL;
}
