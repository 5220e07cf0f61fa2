/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A GDT of our own: the one in force and some slots more, so that every selector in use
 * means what it meant, and an NMI finds its code.
 *
 * There is one, and one TSS: static, for one CPU at a time.  Making it changes nothing of
 * the machine.
 */
#ifndef OWN_GDT_H
#define OWN_GDT_H

#include <stdint.h>
#include "paravirt/native.h"

/**
 * struct own_gdt - of the CPU that made it.
 * @found: GDTR as it was.
 * @tss_slot, @ldt_slot, @tls_slot, @ring3_slot: behind what was found; empty.
 */
struct own_gdt {
	struct native_dtr found;
	unsigned tss_slot, ldt_slot, tls_slot, ring3_slot;
};

/* Slots for segments of ring 3, and of a kernel that it enters. */
#define OWN_GDT_RING3	5

/* Copies the GDT in force, and fills native_env.  NULL, or why there is none. */
const char *own_gdt_prepare(struct own_gdt *g);

/* What GDTR is to hold for it. */
struct native_dtr own_gdtr(const struct own_gdt *g);

uint64_t *own_gdt_slot(unsigned slot);

/* The same for all of the table, whose slots are more than those that mean something. */
unsigned own_gdt_slots(void);
struct native_dtr own_gdtr_whole(void);

/* Type, S and present bit of a descriptor. */
unsigned descriptor_type(const uint64_t *slot);

#define DESCRIPTOR_TSS_BUSY	0x8b

/* A present data segment with that limit in bytes, not yet accessed. */
uint64_t data_segment(uint32_t limit);

/**
 * own_tss_prepare - a TSS of our own in tss_slot, available.
 * @tr: what TR holds.
 *
 * It is a copy of TR's, for an NMI that comes by way of its interrupt stacks.  LTR refuses
 * a null selector, so a TR that is null could not be put back.  Return: NULL, or why TR is
 * not to be loaded.
 */
const char *own_tss_prepare(const struct own_gdt *g, unsigned tr);

/* An empty TSS in tss_slot, available. */
void own_tss_begin(const struct own_gdt *g);

/* In tss_slot, available, what TR holds after a reset: a base of 0, a limit of 64 KiB. */
void own_tss_as_reset(const struct own_gdt *g);

/* Loads TR with @tr again, with the own GDT in force: there its TSS is made available
 * without a store to the firmware's table. */
void own_gdt_put_tr(unsigned tr);

/* The same TSS, not in any table: for load_esp0. */
struct native_tss *own_tss(void);

#endif
