/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks of ops: descriptor tables; the own GDT is own_gdt.h's. */
#include "cpu/descriptor_tables.h"
#include "ops_check_one.h"

/* Segments of the own LDT. */
#define LDT_SLOTS	2

static uint64_t own_idt[256 * 2] __attribute__((aligned(16)));
static uint64_t own_ldt[LDT_SLOTS] __attribute__((aligned(16)));

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

#define ACCESSED	((uint64_t)1 << 40)

/* ES can be put back: it is null or names a data segment of the GDT. */
static bool es_is_sound(const struct check *c, unsigned es)
{
	if (!es)
		return true;
	return !(es & 4) && es / 8 < c->gdt.tss_slot
		&& (descriptor_type(own_gdt_slot(es / 8)) & 0x98) == 0x90;
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
	struct native_dtr own = own_gdtr(&c->gdt), now;

	if (c->no_gdt)
		return not_run(c, c->no_gdt);
	paravirt_ops.load_gdt(&own);
	now = cpu_gdtr();
	lgdt_now(c->gdt.found);
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

CHECK(load_tr_desc)
{
	unsigned found = (uint16_t)READ("str %0"), now, after;
	const char *why = c->no_gdt ? c->no_gdt : own_tss_prepare(&c->gdt, found);

	if (why)
		return not_run(c, why);
	lgdt_now(own_gdtr(&c->gdt));
	paravirt_ops.load_tr_desc();
	now = (uint16_t)READ("str %0");
	own_gdt_put_tr(found);
	after = (uint16_t)READ("str %0");
	lgdt_now(c->gdt.found);
	if (after != found)
		return "TR is not put back";
	return unless(now == c->gdt.tss_slot * 8
		      && descriptor_type(own_gdt_slot(c->gdt.tss_slot))
		      == DESCRIPTOR_TSS_BUSY,
		      "TR is not the selector of the own TSS");
}

/* The LDT's descriptor as it must be. */
static bool ldt_described(const struct check *c)
{
	uint64_t want[2] = { 0 };

	native_system_descriptor(want, NATIVE_LDT, own_ldt, sizeof(own_ldt) - 1);
	return !memcmp(own_gdt_slot(c->gdt.ldt_slot), want, NATIVE_SYSTEM_SLOTS * 8);
}

CHECK(set_ldt)
{
	unsigned found = (uint16_t)READ("sldt %0"), now, none;
	bool good;

	if (c->no_gdt)
		return not_run(c, c->no_gdt);
	own_ldt[0] = own_ldt[1] = data_segment(0xfff);
	lgdt_now(own_gdtr(&c->gdt));
	paravirt_ops.set_ldt(own_ldt, LDT_SLOTS);
	now = (uint16_t)READ("sldt %0");
	good = now == c->gdt.ldt_slot * 8 && ldt_described(c)
		&& cpu_reads(c, 1 * 8 | 4, &own_ldt[1]);
	paravirt_ops.set_ldt(NULL, 0);
	none = (uint16_t)READ("sldt %0");
	lgdt_now(c->gdt.found);
	asm volatile("lldt %w0" : : "r" (found) : "memory");
	return unless(good && !none, "LDTR does not cover the own LDT");
}

CHECK(load_tls)
{
	struct native_thread thread = {
		.tls = { data_segment(0x1fff), data_segment(0x2fff),
			 data_segment(0x3fff) },
	};
	bool good;

	if (c->no_gdt)
		return not_run(c, c->no_gdt);
	lgdt_now(own_gdtr(&c->gdt));
	paravirt_ops.load_tls(&thread, 0);
	good = !memcmp(own_gdt_slot(c->gdt.tls_slot), thread.tls, sizeof(thread.tls));
	for (unsigned i = 0; good && i < NATIVE_TLS; i++)
		good = cpu_reads(c, (c->gdt.tls_slot + i) * 8,
				 own_gdt_slot(c->gdt.tls_slot + i));
	lgdt_now(c->gdt.found);
	return unless(good, "the segments are not in the GDT");
}

CHECK(load_esp0)
{
	struct native_thread thread = { .sp0 = PATTERN };
	struct native_tss want = { .sp0 = PATTERN };

	memset(own_tss(), 0, sizeof(want));
	paravirt_ops.load_esp0(own_tss(), &thread);
	return unless(!memcmp(own_tss(), &want, sizeof(want)),
		      "the TSS's ring-0 stack is not the thread's");
}
