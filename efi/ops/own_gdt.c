/* SPDX-License-Identifier: GPL-2.0-only */
/* A GDT of our own, see own_gdt.h. */
#include "cpu/descriptor_tables.h"
#include "lib/mem.h"
#include "own_gdt.h"

/* Longest GDT that is copied, in slots; the own ones come behind it. */
#define GDT_SLOTS	1024
#define OWN_SLOTS	(2 * NATIVE_SYSTEM_SLOTS + NATIVE_TLS + OWN_GDT_RING3)

static uint64_t table[GDT_SLOTS + OWN_SLOTS] __attribute__((aligned(16)));
static struct native_tss tss __attribute__((aligned(16)));

const char *own_gdt_prepare(struct own_gdt *g)
{
	unsigned slots;

	g->found = cpu_gdtr();
	slots = (g->found.limit + 1u) / 8;
	if (slots > GDT_SLOTS)
		return "the GDT in force is too long to be copied";
	memcpy(table, (const void *)g->found.base, slots * 8);
	memset(&table[slots], 0, OWN_SLOTS * 8);
	g->tss_slot = slots;
	g->ldt_slot = g->tss_slot + NATIVE_SYSTEM_SLOTS;
	g->tls_slot = g->ldt_slot + NATIVE_SYSTEM_SLOTS;
	g->ring3_slot = g->tls_slot + NATIVE_TLS;
	native_env.gdt = table;
	native_env.tss_selector = (uint16_t)(g->tss_slot * 8);
	native_env.ldt_selector = (uint16_t)(g->ldt_slot * 8);
	native_env.tls_index = (uint16_t)g->tls_slot;
	return NULL;
}

struct native_dtr own_gdtr(const struct own_gdt *g)
{
	return (struct native_dtr){
		.limit = (uint16_t)((g->ring3_slot + OWN_GDT_RING3) * 8 - 1),
		.base = (unsigned long)table,
	};
}

unsigned own_gdt_slots(void)
{
	return sizeof(table) / sizeof(table[0]);
}

struct native_dtr own_gdtr_whole(void)
{
	return (struct native_dtr){ sizeof(table) - 1, (unsigned long)table };
}

uint64_t *own_gdt_slot(unsigned slot)
{
	return &table[slot];
}

unsigned descriptor_type(const uint64_t *slot)
{
	return slot[0] >> 40 & 0x9f;
}

uint64_t data_segment(uint32_t limit)
{
	return limit | (uint64_t)0x92 << 40 | (uint64_t)0x40 << 48;
}

static const void *descriptor_base(const uint64_t *slot)
{
	uint64_t base = (slot[0] >> 16 & 0xffffff) | (slot[0] >> 56) << 24;

	if (NATIVE_SYSTEM_SLOTS == 2)
		base |= slot[1] << 32;
	return (const void *)(uintptr_t)base;
}

const char *own_tss_prepare(const struct own_gdt *g, unsigned tr)
{
	const uint64_t *firmware = &table[tr / 8];

	if (!tr)
		return "TR is null, and LTR cannot make it null again";
	if (tr / 8 + NATIVE_SYSTEM_SLOTS > g->tss_slot)
		return "TR's descriptor is not in the GDT";
	if (descriptor_type(firmware) != DESCRIPTOR_TSS_BUSY)
		return "TR's descriptor is not a TSS in use";
	memcpy(&tss, descriptor_base(firmware), sizeof(tss));
	native_system_descriptor(&table[g->tss_slot], NATIVE_TSS, &tss, sizeof(tss) - 1);
	return NULL;
}

void own_tss_begin(const struct own_gdt *g)
{
	memset(&tss, 0, sizeof(tss));
	tss.iomap = sizeof(tss);
	native_system_descriptor(&table[g->tss_slot], NATIVE_TSS, &tss, sizeof(tss) - 1);
}

void own_tss_as_reset(const struct own_gdt *g)
{
	native_system_descriptor(&table[g->tss_slot], NATIVE_TSS, NULL, 0xffff);
}

#define BUSY	((uint64_t)2 << 40)

void own_gdt_put_tr(unsigned tr)
{
	table[tr / 8] &= ~BUSY;
	asm volatile("ltr %w0" : : "r" (tr) : "memory");
}

struct native_tss *own_tss(void)
{
	return &tss;
}
