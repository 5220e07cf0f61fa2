/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard, see guard.h: its table, and what it lends with it.
 *
 * It has no stack of its own.  A handler runs on the stack of what it interrupts,
 * or, where the firmware's gate names an IST, on that IST's, as the firmware's
 * own would: everything here is built without a red zone and no code here runs
 * with a stack pointer that is not one.  Of that stack an entry takes what the
 * CPU pushes and, for #UD, #GP and #PF, a word.
 *
 * Source: Intel SDM Vol. 3A, "Interrupt Descriptor Table (IDT)", "IDT
 * Descriptors", "64-Bit Mode IDT", "Interrupt Stack Table", "Error Code",
 * "Spurious Interrupt".
 *
 * Where a segment in use is not marked as accessed in the GDT, that table cannot be
 * stored to: whoever loads the segment again, an IRET too, would have the CPU try.  A
 * copy with the marks is then lent with the IDT; see gdt.h.
 */
#include "apic.h"
#include "cpu.h"
#include "descriptor_tables.h"
#include "gate.h"
#include "guard.h"
#include "guard_entry.h"
#include "lib/mem.h"
#include "machine/gdt.h"
#include "paravirt/fixup.h"
#include "paravirt/native.h"

#define FIRST_INTERRUPT	32
#define VECTOR_NMI	2
#define VECTOR_RESERVED	15	/* no exception */

static struct gate table[GUARD_VECTORS] __attribute__((aligned(16)));
static struct native_dtr firmware_idtr, firmware_gdtr;
static unsigned guards_open;

/* Longest GDT that is copied. */
#define GDT_SLOTS	1024

static uint64_t own_gdt[GDT_SLOTS] __attribute__((aligned(16)));
static bool gdt_is_lent, gdt_is_too_long;

static bool is_ours(struct native_dtr dtr)
{
	return dtr.base == (unsigned long)table;
}

/* An interrupt or trap gate of this mode's size: what an entry can stand before.
 * A task gate, which ia32 may have, cannot be jumped through. */
static bool gate_is_ordinary(const struct gate *g)
{
	return gate_is_present(g) && (g->type & 0x1e) == 0x0e;
}

static struct gate firmware_gate(unsigned v)
{
	struct gate g = { 0 };

	if ((v + 1) * sizeof(g) <= firmware_idtr.limit + 1u)
		memcpy(&g, (const void *)(firmware_idtr.base + v * sizeof(g)), sizeof(g));
	return g;
}

static bool is_interrupt(unsigned v)
{
	return v >= FIRST_INTERRUPT || v == VECTOR_RESERVED;
}

/* The entry of a vector never goes to the firmware. */
static bool ends_here(unsigned v, unsigned spurious)
{
	return v == VECTOR_NMI || (is_interrupt(v) && v == spurious);
}

/* A gate like the firmware's, to the vector's entry; and where that goes on. */
static void fill_gate(unsigned v, unsigned spurious)
{
	struct gate g = firmware_gate(v);
	bool present = gate_is_present(&g), ordinary = gate_is_ordinary(&g);

	table[v] = g;
	guard_chain[v] = (uintptr_t)(is_interrupt(v) ? guard_end_here : guard_stop);
	if (present && !ordinary && !ends_here(v, spurious))
		return;			/* the firmware's, as it is */
	if (!ordinary)
		table[v] = gate_new();
	else if (!ends_here(v, spurious))
		guard_chain[v] = gate_offset(&g);
	gate_set_offset(&table[v], (uintptr_t)guard_entries + v * GUARD_ENTRY_BYTES);
}

static void fill_table(void)
{
	unsigned spurious = apic_spurious_vector();

	for (unsigned v = 0; v < GUARD_VECTORS; v++)
		fill_gate(v, spurious);
}

/* Data segments in use.  (CS is no sign: an emulator does not mark it in every way
 * to load it.) */
static bool gdt_is_stored_to(struct native_dtr dtr)
{
	uint32_t in_use[5];

	asm volatile("mov %%ds, %0" : "=r" (in_use[0]));
	asm volatile("mov %%es, %0" : "=r" (in_use[1]));
	asm volatile("mov %%ss, %0" : "=r" (in_use[2]));
	asm volatile("mov %%fs, %0" : "=r" (in_use[3]));
	asm volatile("mov %%gs, %0" : "=r" (in_use[4]));
	for (unsigned i = 0; i < 5; i++)
		if (gdt_load((const uint64_t *)dtr.base, gdt_slots_of(dtr.limit),
			     (uint16_t)in_use[i]) == GDT_STORES)
			return true;
	return false;
}

static void lend_gdt(void)
{
	const size_t slots = gdt_slots_of(firmware_gdtr.limit);
	const struct native_dtr own = { (uint16_t)(slots * 8 - 1), (unsigned long)own_gdt };

	if (!gdt_is_stored_to(firmware_gdtr))
		return;
	gdt_is_too_long = slots > GDT_SLOTS;
	if (gdt_is_too_long)
		return;
	memcpy(own_gdt, (const void *)firmware_gdtr.base, slots * 8);
	gdt_mark(own_gdt, slots, ARCH_WORD == 8);
	gdt_is_lent = true;
	cpu_set_gdtr(&own);
}

static void take_back_gdt(void)
{
	if (gdt_is_lent && cpu_gdtr().base == (unsigned long)own_gdt)
		cpu_set_gdtr(&firmware_gdtr);
	gdt_is_lent = false;
}

/* A table of ours that is still in force is not copied onto itself: its gates
 * would go on to themselves. */
void guard_open(void)
{
	const struct native_dtr own = { sizeof(table) - 1, (unsigned long)table };
	bool on = cpu_irqs_off();

	if (!guards_open++ && !is_ours(cpu_idtr())) {
		firmware_idtr = cpu_idtr();
		firmware_gdtr = cpu_gdtr();
		fill_table();
		lend_gdt();
		cpu_set_idtr(&own);
	}
	cpu_set_if(on);
}

void guard_close(void)
{
	bool on = cpu_irqs_off();

	if (guards_open && !--guards_open) {
		if (is_ours(cpu_idtr()))
			cpu_set_idtr(&firmware_idtr);
		take_back_gdt();
	}
	cpu_set_if(on);
}

unsigned guard_depth(void)
{
	return guards_open;
}

void guard_close_to(unsigned depth)
{
	while (guards_open > depth)
		guard_close();
}

bool guard_is_here(void)
{
	return is_ours(cpu_idtr());
}

/* The one that is lent, and what it was. */
static struct gate gate_before;
static unsigned vector_lent;

void guard_lend_vector(unsigned vector, void (*entry)(void))
{
	vector_lent = vector;
	gate_before = table[vector];
	table[vector] = gate_new();
	gate_set_offset(&table[vector], (uintptr_t)entry);
}

void guard_return_vector(void)
{
	table[vector_lent] = gate_before;
}

bool guard_lost(void)
{
	return !guards_open && is_ours(cpu_idtr());
}

struct guard_counts guard_counts(void)
{
	return (struct guard_counts){
		guard_nmis, guard_interrupts, guard_last_vector };
}

uintptr_t guard_lands(unsigned vector, uintptr_t ip)
{
	if (ip < (uintptr_t)guard_try || ip >= (uintptr_t)guard_tried)
		return native_lands(vector, ip);
	switch (vector) {
	case 6:
		return (uintptr_t)guard_landed_6;
	case 13:
		return (uintptr_t)guard_landed_13;
	case 14:
		return (uintptr_t)guard_landed_14;
	}
	return 0;
}

bool guard_gdt_is_too_long(void)
{
	return gdt_is_too_long;
}
