/* SPDX-License-Identifier: GPL-2.0-only */
/* What loading a segment again would do, see gdt.h. */
#include "machine/gdt.h"

#define PRESENT		((uint64_t)1 << 47)
#define SEGMENT		((uint64_t)1 << 44)	/* code or data, not a system's */

#define SELECTOR_LOCAL	4u

static bool is_segment(uint64_t descriptor)
{
	return (descriptor & (PRESENT | SEGMENT)) == (PRESENT | SEGMENT);
}

enum gdt_load gdt_load(const uint64_t *gdt, size_t slots, uint16_t selector)
{
	const size_t slot = selector / 8;

	if (selector & SELECTOR_LOCAL)
		return GDT_ELSEWHERE;
	if (!slot)
		return GDT_LOADS;
	if (slot >= slots || !is_segment(gdt[slot]))
		return GDT_FAULTS;
	return gdt[slot] & GDT_ACCESSED ? GDT_LOADS : GDT_STORES;
}

/* A TSS, an LDT or a gate: in 64-bit mode the slot behind it is its own too. */
static bool is_system(uint64_t descriptor)
{
	return (descriptor & (PRESENT | SEGMENT)) == PRESENT;
}

void gdt_mark(uint64_t *gdt, size_t slots, bool wide)
{
	for (size_t i = 1; i < slots; i++) {
		if (is_segment(gdt[i]))
			gdt[i] |= GDT_ACCESSED;
		else if (wide && is_system(gdt[i]))
			i++;
	}
}
