/* SPDX-License-Identifier: GPL-2.0-only */
/* What another CPU lends, see mp_loan.h. */
#include "cpu/apic.h"
#include "cpu/cet.h"
#include "cpu/cpu.h"
#include "cpu/descriptor_tables.h"
#include "cpu/gate.h"
#include "lib/mem.h"
#include "machine/gdt.h"
#include "mp_loan.h"

#define VECTORS		256
#define ENTRY_BYTES	16	/* mp_entry.S */

extern const uint8_t mp_entries[];

static struct gate table[VECTORS] __attribute__((aligned(16)));

bool mp_is_other(void)
{
	return cpu_idtr().base == (uintptr_t)table;
}

void mp_loan_prepare(void)
{
	for (unsigned v = 0; v < VECTORS; v++) {
		table[v] = gate_new();
		gate_set_offset(&table[v], (uintptr_t)mp_entries + v * ENTRY_BYTES);
	}
}

#if ARCH_WORD == 8

static const char *own_segment(struct mp_cpu *c, unsigned number)
{
	(void)number;
	c->own.segment.gs_base = (uintptr_t)&c->pv;
	return NULL;
}

static void put_segment(const struct percpu_state *s)
{
	percpu_put(s);
}

#else

/* Longest GDT that is copied, in slots; a CPU's own descriptor comes behind it. */
#define GDT_SLOTS	32

static uint64_t own_gdt[MP_CPUS][GDT_SLOTS + 1] __attribute__((aligned(16)));

static const char *own_segment(struct mp_cpu *c, unsigned number)
{
	const struct percpu_state *found = &c->found.segment;
	unsigned slots = (found->gdtr.limit + 1u) / 8;

	if (slots > GDT_SLOTS)
		return "its global descriptor table is too long to be copied";
	memcpy(own_gdt[number], (const void *)found->gdtr.base, slots * 8);
	gdt_mark(own_gdt[number], slots, false);
	if (gdt_load(own_gdt[number], slots, found->fs) != GDT_LOADS)
		return "%fs cannot be loaded with what it holds";
	own_gdt[number][slots] = percpu_descriptor(&c->pv);
	c->own.segment.gdtr.base = (uintptr_t)own_gdt[number];
	c->own.segment.gdtr.limit = (uint16_t)(slots * 8 + 7);
	c->own.segment.fs = (uint16_t)(slots * 8);
	return NULL;
}

static void load_fs(uint16_t fs)
{
	asm volatile("mov %0, %%fs" : : "r" ((uint32_t)fs) : "memory");
}

/* Not by the guard, which is the boot CPU's: what FS held is still in the GDT.  It is
 * loaded from the own copy of that one, which is marked: loading it from the firmware's
 * might store to it. */
static void put_segment(const struct percpu_state *s)
{
	const struct percpu_state now = percpu_read();
	const bool is_own = s->gdtr.base >= (uintptr_t)own_gdt
		&& s->gdtr.base < (uintptr_t)own_gdt + sizeof(own_gdt);

	if (!is_own && now.gdtr.base != s->gdtr.base)
		load_fs(s->fs);
	cpu_set_gdtr(&s->gdtr);
	if (is_own)
		load_fs(s->fs);
}

#endif

struct mp_loan mp_loan_read(void)
{
	return (struct mp_loan){ cpu_idtr(), percpu_read(), apic_here(), cpu_flags() };
}

const char *mp_loan_own(struct mp_cpu *c, unsigned number)
{
	c->own = c->found;
	c->own.idtr.base = (uintptr_t)table;
	c->own.idtr.limit = sizeof(table) - 1;
	c->own.apic = apic_here_open(c->found.apic);
	return own_segment(c, number);
}

void mp_loan_put_tables(const struct mp_loan *l)
{
	put_segment(&l->segment);
	cpu_set_idtr(&l->idtr);
}

void mp_loan_put(const struct mp_loan *l)
{
	mp_loan_put_tables(l);
	apic_here_put(&l->apic);
}

const char *mp_loan_difference(const struct mp_loan *a, const struct mp_loan *b)
{
	if (!dtr_is_same(&a->idtr, &b->idtr))
		return "the interrupt descriptor table";
	if (!apic_here_same(&a->apic, &b->apic))
		return "the local APIC";
	if ((a->flags ^ b->flags) & FLAGS_IF)
		return "IF";
	return percpu_difference(&a->segment, &b->segment);
}

/* The table's gates name the boot CPU's code segment; handlers change frames, which a
 * shadow stack would not follow. */
const char *mp_loan_refused(void)
{
	struct gate own = gate_new();

	if (!apic_same_mode())
		return "its local APIC is in another mode than the boot CPU's";
	if (own.selector != table[0].selector)
		return "its code segment is not the boot CPU's";
	/* The boot CPU's is off for the run; another's is the firmware's. */
	if (cet_is_on())
		return "it runs with a shadow stack or with IBT";
	return NULL;
}
