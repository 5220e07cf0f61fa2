/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of ops: descriptor tables.
 *
 * The own GDT is the one in force and some slots more, so that every selector
 * in use means what it meant: an NMI finds its code.
 */
#include "cpu/descriptor_tables.h"
#include "ops_check_one.h"

/* Longest GDT that is copied, in slots; the check's own come behind it. */
#define GDT_SLOTS	1024
#define OWN_SLOTS	(2 * NATIVE_SYSTEM_SLOTS + NATIVE_TLS)

/* Segments of the own LDT. */
#define LDT_SLOTS	2

static uint64_t own_gdt[GDT_SLOTS + OWN_SLOTS] __attribute__((aligned(16)));
static uint64_t own_idt[256 * 2] __attribute__((aligned(16)));
static uint64_t own_ldt[LDT_SLOTS] __attribute__((aligned(16)));
static struct native_tss own_tss __attribute__((aligned(16)));

static void lgdt_now(struct native_dtr dtr)
{
	cpu_set_gdtr(&dtr);
}

static void lidt_now(struct native_dtr dtr)
{
	cpu_set_idtr(&dtr);
}

static bool dtr_same(struct native_dtr a, struct native_dtr b)
{
	return dtr_is_same(&a, &b);
}

void gdt_prepare(struct check *c)
{
	unsigned slots;

	c->gdt = cpu_gdtr();
	slots = (c->gdt.limit + 1u) / 8;
	if (slots > GDT_SLOTS) {
		c->no_gdt = "the GDT in force is too long to be copied";
		return;
	}
	memcpy(own_gdt, (const void *)c->gdt.base, slots * 8);
	c->tss_slot = slots;
	c->ldt_slot = c->tss_slot + NATIVE_SYSTEM_SLOTS;
	c->tls_slot = c->ldt_slot + NATIVE_SYSTEM_SLOTS;
	native_env.gdt = own_gdt;
	native_env.tss_selector = (uint16_t)(c->tss_slot * 8);
	native_env.ldt_selector = (uint16_t)(c->ldt_slot * 8);
	native_env.tls_index = (uint16_t)c->tls_slot;
}

static struct native_dtr own_gdtr(const struct check *c)
{
	return (struct native_dtr){
		.limit = (uint16_t)((c->tls_slot + NATIVE_TLS) * 8 - 1),
		.base = (unsigned long)own_gdt,
	};
}

/* A present data segment with that limit in bytes, not yet accessed. */
static uint64_t segment(uint32_t limit)
{
	return limit | (uint64_t)0x92 << 40 | (uint64_t)0x40 << 48;
}

#define ACCESSED	((uint64_t)1 << 40)

/* Type, S and present bit of a descriptor. */
static unsigned descriptor_type(const uint64_t *slot)
{
	return slot[0] >> 40 & 0x9f;
}

/* ES can be put back: it is null or names a data segment of the GDT. */
static bool es_is_sound(const struct check *c, unsigned es)
{
	if (!es)
		return true;
	return !(es & 4) && es / 8 < c->tss_slot
		&& (descriptor_type(&own_gdt[es / 8]) & 0x98) == 0x90;
}

/*
 * Whether the CPU finds a segment's descriptor in @slot: loading ES marks it
 * accessed.  (LSL would need no loading, but KVM cannot emulate it where it has
 * to.)  To be called with the own GDT in force and a selector known to be good.
 */
static bool cpu_reads(const struct check *c, unsigned selector, uint64_t *slot)
{
	unsigned found = (uint16_t)READ("mov %%es, %0");

	if (!es_is_sound(c, found))
		return true;
	asm volatile("mov %0, %%es" : : "r" (selector) : "memory");
	asm volatile("mov %0, %%es" : : "r" (found) : "memory");
	return *slot & ACCESSED;
}

CHECK(load_gdt)
{
	struct native_dtr own = own_gdtr(c), now;

	if (c->no_gdt)
		return not_run(c, c->no_gdt);
	paravirt_ops.load_gdt(&own);
	now = cpu_gdtr();
	lgdt_now(c->gdt);
	return unless(dtr_same(now, own), "GDTR does not read back");
}

CHECK(load_idt)
{
	struct native_dtr found = cpu_idtr(), own = found, now;

	if (found.limit >= sizeof(own_idt))
		return not_run(c, "the IDT in force is too long to be copied");
	memcpy(own_idt, (const void *)found.base, found.limit + 1u);
	own.base = (unsigned long)own_idt;
	paravirt_ops.load_idt(&own);
	now = cpu_idtr();
	lidt_now(found);
	return unless(dtr_same(now, own), "IDTR does not read back");
}

CHECK(store_gdt)
{
	struct native_dtr got = { 0x5a5a, PATTERN };

	paravirt_ops.store_gdt(&got);
	return unless(dtr_same(got, cpu_gdtr()), "differs from SGDT");
}

CHECK(store_idt)
{
	struct native_dtr got = { 0x5a5a, PATTERN };

	paravirt_ops.store_idt(&got);
	return unless(dtr_same(got, cpu_idtr()), "differs from SIDT");
}

CHECK(store_tr)
{
	return unless(paravirt_ops.store_tr() == (uint16_t)READ("str %0"),
		      "differs from STR");
}

static const void *descriptor_base(const uint64_t *slot)
{
	uint64_t base = (slot[0] >> 16 & 0xffffff) | (slot[0] >> 56) << 24;

	if (NATIVE_SYSTEM_SLOTS == 2)
		base |= slot[1] << 32;
	return (const void *)(uintptr_t)base;
}

#define TSS_BUSY	((uint64_t)2 << 40)

/*
 * LTR refuses a null selector, so a TR that is null cannot be put back.  One
 * that is not is loaded again from the own GDT, where its TSS can be made
 * available without a store to the firmware's.  The own TSS is a copy, for an
 * NMI that comes by way of its interrupt stacks.
 */
CHECK(load_tr_desc)
{
	unsigned found = (uint16_t)READ("str %0"), now;
	uint64_t *firmware, *own = &own_gdt[c->tss_slot];

	if (c->no_gdt)
		return not_run(c, c->no_gdt);
	if (!found)
		return not_run(c, "TR is null, and LTR cannot make it null again");
	if (found / 8 + NATIVE_SYSTEM_SLOTS > c->tss_slot)
		return not_run(c, "TR's descriptor is not in the GDT");
	firmware = &own_gdt[found / 8];
	if (descriptor_type(firmware) != 0x8b)
		return not_run(c, "TR's descriptor is not a TSS in use");
	memcpy(&own_tss, descriptor_base(firmware), sizeof(own_tss));
	native_system_descriptor(own, NATIVE_TSS, &own_tss, sizeof(own_tss) - 1);
	*firmware &= ~TSS_BUSY;
	lgdt_now(own_gdtr(c));
	paravirt_ops.load_tr_desc();
	now = (uint16_t)READ("str %0");
	asm volatile("ltr %w0" : : "r" (found) : "memory");
	lgdt_now(c->gdt);
	return unless(now == c->tss_slot * 8 && (*own & TSS_BUSY),
		      "TR is not the selector of the own TSS");
}

/* The LDT's descriptor as it must be. */
static bool ldt_described(const struct check *c)
{
	uint64_t want[2] = { 0 };

	native_system_descriptor(want, NATIVE_LDT, own_ldt, sizeof(own_ldt) - 1);
	return !memcmp(&own_gdt[c->ldt_slot], want, NATIVE_SYSTEM_SLOTS * 8);
}

CHECK(set_ldt)
{
	unsigned found = (uint16_t)READ("sldt %0"), now, none;
	bool good;

	if (c->no_gdt)
		return not_run(c, c->no_gdt);
	own_ldt[0] = own_ldt[1] = segment(0xfff);
	lgdt_now(own_gdtr(c));
	paravirt_ops.set_ldt(own_ldt, LDT_SLOTS);
	now = (uint16_t)READ("sldt %0");
	good = now == c->ldt_slot * 8 && ldt_described(c)
		&& cpu_reads(c, 1 * 8 | 4, &own_ldt[1]);
	paravirt_ops.set_ldt(NULL, 0);
	none = (uint16_t)READ("sldt %0");
	lgdt_now(c->gdt);
	asm volatile("lldt %w0" : : "r" (found) : "memory");
	return unless(good && !none, "LDTR does not cover the own LDT");
}

CHECK(load_tls)
{
	struct native_thread thread = {
		.tls = { segment(0x1fff), segment(0x2fff), segment(0x3fff) },
	};
	bool good;

	if (c->no_gdt)
		return not_run(c, c->no_gdt);
	lgdt_now(own_gdtr(c));
	paravirt_ops.load_tls(&thread, 0);
	good = !memcmp(&own_gdt[c->tls_slot], thread.tls, sizeof(thread.tls));
	for (unsigned i = 0; good && i < NATIVE_TLS; i++)
		good = cpu_reads(c, (c->tls_slot + i) * 8,
				 &own_gdt[c->tls_slot + i]);
	lgdt_now(c->gdt);
	return unless(good, "the segments are not in the GDT");
}

CHECK(load_esp0)
{
	struct native_thread thread = { .sp0 = PATTERN };
	struct native_tss want = { .sp0 = PATTERN };

	memset(&own_tss, 0, sizeof(own_tss));
	paravirt_ops.load_esp0(&own_tss, &thread);
	return unless(!memcmp(&own_tss, &want, sizeof(want)),
		      "the TSS's ring-0 stack is not the thread's");
}
