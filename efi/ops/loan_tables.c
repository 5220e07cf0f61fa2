/* SPDX-License-Identifier: GPL-2.0-only */
/* Loans: descriptor tables.  The own GDT and all in it are static: of one CPU at a time. */
#include "cpu/descriptor_tables.h"
#include "loan_one.h"
#include "own_gdt.h"
#include "workload/operands.h"

#define LDT_SLOTS	4
#define AVAILABLE_TSS	0x89		/* the byte of a descriptor that has its type */
#define TYPE_AT		5

static uint64_t own_ldt[LDT_SLOTS] __attribute__((aligned(16)));

/* In scratch memory, for LGDT and LIDT. */
static void operand(struct work *w, struct native_dtr dtr)
{
	struct native_dtr *at = (struct native_dtr *)&w->scratch[OPERANDS_ENTRY];

	*at = dtr;
	w->arg[0] = (unsigned long)at;
}

LEND(gdt)
{
	operand(w, cpu_gdtr());
	return NULL;
}

LEND(idt)
{
	operand(w, cpu_idtr());
	return NULL;
}

static void put_in_force(const struct own_gdt *g)
{
	const struct native_dtr own = own_gdtr(g);

	cpu_set_gdtr(&own);
}

/* Before each LTR the op's source makes the descriptor available. */
LEND(tr)
{
	struct own_gdt g;
	const char *why = own_gdt_prepare(&g);

	if (!why)
		why = own_tss_prepare(&g, cpu_tr());
	if (why)
		return why;
	w->arg[0] = (unsigned long)own_gdt_slot(g.tss_slot) + TYPE_AT;
	w->arg[1] = AVAILABLE_TSS;
	put_in_force(&g);
	return NULL;
}

/* LDTR is put back with the own GDT in force: one that is not null has to be in it. */
static const char *ldt_is_sound(const struct own_gdt *g)
{
	const unsigned found = cpu_ldtr() / 8;

	if (!found)
		return NULL;
	if (found + NATIVE_SYSTEM_SLOTS > g->tss_slot
	    || descriptor_type(own_gdt_slot(found)) != (0x80 | NATIVE_LDT))
		return "LDTR's descriptor is not in the GDT";
	return NULL;
}

LEND(ldt)
{
	struct own_gdt g;
	const char *why = own_gdt_prepare(&g);

	if (!why)
		why = ldt_is_sound(&g);
	if (why)
		return why;
	for (unsigned i = 0; i < LDT_SLOTS; i++)
		own_ldt[i] = data_segment(0xfff);
	w->arg[0] = (unsigned long)own_ldt;
	w->arg[1] = LDT_SLOTS;
	put_in_force(&g);
	return NULL;
}

LEND(tls)
{
	struct native_thread *thread = (struct native_thread *)&w->scratch[OPERANDS_THREAD];
	struct own_gdt g;
	const char *why = own_gdt_prepare(&g);

	if (why)
		return why;
	for (unsigned i = 0; i < NATIVE_TLS; i++)
		thread->tls[i] = data_segment(0xfff);
	w->arg[0] = (unsigned long)thread;
	put_in_force(&g);
	return NULL;
}
