/* SPDX-License-Identifier: GPL-2.0-only */
/* The guard, tried: see guard_check.h. */
#include "descriptor_tables.h"
#include "guard_check.h"
#include "guard_try.h"

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
	uint32_t beyond = (cpu_gdtr().limit + 8u) & ~7u, none = 0, es;

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
	bool on = cpu_irqs_off(), good;
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
	struct native_dtr before = cpu_idtr(), gdt_before = cpu_gdtr(), after, gdt_after;

	guard_open();
	guard_close();
	if (guard_gdt_is_too_long())
		return "copy so long a global descriptor table, which cannot be stored to";
	if (!catches_ud())
		return "catch #UD";
	if (!catches_gp())
		return "catch #GP";
	if (!counts_interrupts())
		return "count interrupts";
	after = cpu_idtr();
	gdt_after = cpu_gdtr();
	if (!dtr_is_same(&gdt_before, &gdt_after))
		return "put back the global descriptor table";
	if (!dtr_is_same(&before, &after))
		return "put back the interrupt descriptor table";
	return NULL;
}
