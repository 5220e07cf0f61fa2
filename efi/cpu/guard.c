/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard, see guard.h: its table, and the instructions that may fault.
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
#include "cpu.h"
#include "apic.h"
#include "gate.h"
#include "machine/gdt.h"
#include "guard.h"
#include "lib/mem.h"
#include "paravirt/native.h"

#define VECTORS		256
#define FIRST_INTERRUPT	32
#define VECTOR_NMI	2
#define VECTOR_RESERVED	15	/* no exception */
#define VECTOR_UD	6
#define VECTOR_GP	13
#define ENTRY_BYTES	32	/* guard_entry.S */

/* Of guard_entry.S. */
extern const uint8_t guard_entries[], guard_end_here[], guard_stop[];

/* Written and read by the entries. */
volatile uint32_t guard_nmis, guard_interrupts;
volatile uint8_t guard_last_vector;
volatile uint8_t guard_fault;		/* the vector of the last one that was caught */
uintptr_t guard_chain[VECTORS];

static struct gate table[VECTORS] __attribute__((aligned(16)));
static struct native_dtr found, found_gdt;
static unsigned depth;

/* Longest GDT that is copied. */
#define GDT_SLOTS	1024

static uint64_t own_gdt[GDT_SLOTS] __attribute__((aligned(16)));
static bool gdt_is_lent, gdt_is_too_long;

static struct native_dtr idtr(void)
{
	struct native_dtr dtr;

	asm volatile("sidt %0" : "=m" (dtr) : : "memory");
	return dtr;
}

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

	if ((v + 1) * sizeof(g) <= found.limit + 1u)
		memcpy(&g, (const void *)(found.base + v * sizeof(g)), sizeof(g));
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
	gate_set_offset(&table[v], (uintptr_t)guard_entries + v * ENTRY_BYTES);
}

static void fill_table(void)
{
	unsigned spurious = apic_spurious_vector();

	for (unsigned v = 0; v < VECTORS; v++)
		fill_gate(v, spurious);
}

static struct native_dtr gdtr(void)
{
	struct native_dtr dtr;

	asm volatile("sgdt %0" : "=m" (dtr) : : "memory");
	return dtr;
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
	const size_t slots = gdt_slots_of(found_gdt.limit);
	const struct native_dtr own = { (uint16_t)(slots * 8 - 1), (unsigned long)own_gdt };

	if (!gdt_is_stored_to(found_gdt))
		return;
	gdt_is_too_long = slots > GDT_SLOTS;
	if (gdt_is_too_long)
		return;
	memcpy(own_gdt, (const void *)found_gdt.base, slots * 8);
	gdt_mark(own_gdt, slots, ARCH_WORD == 8);
	gdt_is_lent = true;
	asm volatile("lgdt %0" : : "m" (own) : "memory");
}

static void take_back_gdt(void)
{
	if (gdt_is_lent && gdtr().base == (unsigned long)own_gdt)
		asm volatile("lgdt %0" : : "m" (found_gdt) : "memory");
	gdt_is_lent = false;
}

static bool irqs_off(void)
{
	bool on = cpu_flags() & FLAGS_IF;

	cpu_set_if(false);
	return on;
}

/* A table of ours that is still in force is not copied onto itself: its gates
 * would go on to themselves. */
void guard_open(void)
{
	const struct native_dtr own = { sizeof(table) - 1, (unsigned long)table };
	bool on = irqs_off();

	if (!depth++ && !is_ours(idtr())) {
		found = idtr();
		found_gdt = gdtr();
		fill_table();
		lend_gdt();
		asm volatile("lidt %0" : : "m" (own) : "memory");
	}
	cpu_set_if(on);
}

void guard_close(void)
{
	bool on = irqs_off();

	if (depth && !--depth) {
		if (is_ours(idtr()))
			asm volatile("lidt %0" : : "m" (found) : "memory");
		take_back_gdt();
	}
	cpu_set_if(on);
}

bool guard_lost(void)
{
	return !depth && is_ours(idtr());
}

struct guard_counts guard_counts(void)
{
	return (struct guard_counts){
		guard_nmis, guard_interrupts, guard_last_vector };
}

/*
 * The instructions.  @call: one of guard_entry.S's functions.
 */
#define TRY(call, ax, dx, cx) ({					\
	bool faulted_, on_ = irqs_off();				\
									\
	guard_open();							\
	asm volatile("call " call : "=@ccc" (faulted_), "+a" (ax),	\
		     "+d" (dx) : "c" (cx) : "memory");			\
	guard_close();							\
	cpu_set_if(on_);						\
	!faulted_; })

bool msr_read(uint32_t msr, uint64_t *v)
{
	uint32_t lo = 0, hi = 0;

	if (!TRY("guard_try_rdmsr", lo, hi, msr))
		return false;
	*v = (uint64_t)hi << 32 | lo;
	return true;
}

bool msr_write(uint32_t msr, uint64_t v)
{
	uint32_t lo = (uint32_t)v, hi = (uint32_t)(v >> 32);

	return TRY("guard_try_wrmsr", lo, hi, msr);
}

bool pmc_read(uint32_t counter, uint64_t *v)
{
	uint32_t lo = 0, hi = 0;

	if (!TRY("guard_try_rdpmc", lo, hi, counter))
		return false;
	*v = (uint64_t)hi << 32 | lo;
	return true;
}

bool pmc_is_undefined(void)
{
	uint32_t lo = 0, hi = 0;

	return !TRY("guard_try_rdpmc", lo, hi, 0) && guard_fault == VECTOR_UD;
}

/* A page fault leaves its address in CR2. */
bool byte_store(volatile uint8_t *at)
{
	uint32_t was = 0, none = 0;
	unsigned long cr2;
	bool stored;

	asm volatile("mov %%cr2, %0" : "=r" (cr2));
	stored = TRY("guard_try_store", was, none, at);
	if (!stored)
		asm volatile("mov %0, %%cr2" : : "r" (cr2) : "memory");
	return stored;
}

#if ARCH_WORD == 4
bool fs_load(uint16_t selector)
{
	uint32_t fs = selector, none = 0;

	return TRY("guard_try_fs", fs, none, 0);
}
#endif

static bool catches_ud(void)
{
	uint32_t none = 0;

	return !TRY("guard_try_ud", none, none, 0) && guard_fault == VECTOR_UD;
}

/* ES takes no selector that is beyond the GDT's limit, and keeps what it holds; where
 * it takes one, who emulates the CPU does not look, and takes the old one too.
 * Source: Intel SDM Vol. 2B, "MOV--Move". */
static bool catches_gp(void)
{
	uint32_t beyond = (gdtr().limit + 8u) & ~7u, none = 0, es;

	if (beyond > 0xfff8)
		return true;		/* no selector is beyond it */
	asm volatile("mov %%es, %0" : "=r" (es));
	if (!TRY("guard_try_segment", beyond, none, 0))
		return guard_fault == VECTOR_GP;
	asm volatile("mov %0, %%es" : : "r" (es) : "memory");
	return false;
}

/*
 * By INT, so that no device owes or is owed anything, and without the firmware's
 * handler, which would give an EOI that is somebody else's.
 */
static bool counts_interrupts(void)
{
	enum { VECTOR = 0xf1 };
	uint32_t nmis = guard_nmis, interrupts = guard_interrupts;
	uint8_t last = guard_last_vector;
	bool on = irqs_off(), good;
	uintptr_t chained;

	guard_open();
	chained = guard_chain[VECTOR];
	guard_chain[VECTOR] = (uintptr_t)guard_end_here;
	asm volatile("int $2\n\tint %0" : : "i" (VECTOR) : "memory");
	guard_chain[VECTOR] = chained;
	guard_close();
	good = guard_nmis - nmis == 1 && guard_interrupts - interrupts == 1
		&& guard_last_vector == VECTOR;
	if (good)
		guard_nmis--;		/* one that came meanwhile stays */
	guard_interrupts = interrupts;
	guard_last_vector = last;
	cpu_set_if(on);
	return good;
}

const char *guard_check(void)
{
	struct native_dtr before = idtr(), gdt_before = gdtr(), after, gdt_after;

	guard_open();
	guard_close();
	if (gdt_is_too_long)
		return "copy so long a global descriptor table, which cannot be stored to";
	if (!catches_ud())
		return "catch #UD";
	if (!catches_gp())
		return "catch #GP";
	if (!counts_interrupts())
		return "count interrupts";
	after = idtr();
	gdt_after = gdtr();
	if (gdt_before.base != gdt_after.base || gdt_before.limit != gdt_after.limit)
		return "put back the global descriptor table";
	if (before.base != after.base || before.limit != after.limit)
		return "put back the interrupt descriptor table";
	return NULL;
}
