/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A global descriptor table, and whether its segments can be loaded again.
 *
 * The CPU marks a code or data segment as accessed when it is loaded: it stores to the
 * table if the mark is not there yet.  A table in ROM, or on a page that is mapped
 * read-only, does not take that store: bare metal drops it, a page fault ends the
 * firmware, and KVM never gets past the instruction.  A segment that has the mark is
 * loaded without a store.
 *
 * Source: Intel SDM Vol. 3A, "Segment Descriptors", "Code- and Data-Segment Descriptor
 * Types"; Linux, arch/x86/kvm/emulate.c, __load_segment_descriptor(): what cannot be
 * stored is tried again for ever.
 */
#ifndef GDT_H
#define GDT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GDT_ACCESSED	((uint64_t)1 << 40)

/* What loading a segment again would do. */
enum gdt_load {
	GDT_LOADS,		/* it stores nothing: the mark is there, or it is null */
	GDT_STORES,		/* the CPU would set the mark */
	GDT_FAULTS,		/* it is not in the table, or no segment that is present */
	GDT_ELSEWHERE,		/* it is the LDT's */
};

/**
 * gdt_load - what loading a segment again would do.
 * @gdt:      the table.
 * @slots:    of it; a last one that is cut off is none.
 * @selector: what the segment register holds.
 */
enum gdt_load gdt_load(const uint64_t *gdt, size_t slots, uint16_t selector);

/**
 * gdt_slots_of - how many slots a table of this limit has.
 *
 * A limit is an offset of the last byte: one that is no multiple of 8 less one cuts the
 * last slot off.  Source: Intel SDM Vol. 3A, "Segment Descriptor Tables".
 */
static inline size_t gdt_slots_of(uint16_t limit)
{
	return (limit + 1u) / 8;
}

/**
 * gdt_mark - mark every code and data segment that is present as accessed.
 *
 * A copy that is marked means what the table means, and is not stored to.  Descriptors
 * of two slots, which are a system's, stay, whatever their second slot looks like.
 * @wide: are the system's two slots long?  (64-bit mode)
 */
void gdt_mark(uint64_t *gdt, size_t slots, bool wide);

#endif
