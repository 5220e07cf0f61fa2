/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The per-CPU segment, see percpu.h.
 *
 * Nobody else needs it meanwhile: interrupts are off or masked, and the guard's
 * entries use no segment but what the gates name.  What a gate hands on to the
 * firmware finds %gs or %fs as it would find any other value, and on ia32 a
 * selector that can be pushed, popped and loaded.
 *
 * Source: Intel SDM Vol. 3A, "Segment Registers", "Segment Descriptors", "Segment
 * Loading Instructions in IA-32e Mode"; Vol. 4, "Architectural MSRs", IA32_GS_BASE.
 */
#include "cpu.h"
#include "descriptor_tables.h"
#include "lib/mem.h"
#include "may_fault.h"
#include "msr.h"
#include "paravirt/pv_memory.h"
#include "percpu.h"

static struct percpu_state segment_before;
static bool segment_is_lent;

#if ARCH_WORD == 8

#define PERCPU		"%%gs"

struct percpu_state percpu_read(void)
{
	return (struct percpu_state){ .gs_base = cpu_rdmsr(MSR_GS_BASE) };
}

void percpu_put(const struct percpu_state *s)
{
	cpu_wrmsr(MSR_GS_BASE, s->gs_base);
}

/* Canonical if it was. */
struct percpu_state percpu_disguise(struct percpu_state s)
{
	s.gs_base ^= 0x1000;
	return s;
}

static const char *own_state(struct percpu_state *own)
{
	own->gs_base = (uintptr_t)&pv_memory;
	return NULL;
}

#else

#define PERCPU		"%%fs"

/* Longest GDT that is copied, in slots; the own descriptor comes behind it. */
#define GDT_SLOTS	512

static uint64_t own_gdt[GDT_SLOTS + 1] __attribute__((aligned(16)));

struct percpu_state percpu_read(void)
{
	struct percpu_state s = { .gdtr = cpu_gdtr() };
	uint32_t fs;

	asm volatile("mov %%fs, %0" : "=r" (fs));
	s.fs = (uint16_t)fs;
	return s;
}

void percpu_put(const struct percpu_state *s)
{
	cpu_set_gdtr(&s->gdtr);
	fs_load(s->fs);
}

/* One byte more is no descriptor more.  A null selector can always be loaded. */
struct percpu_state percpu_disguise(struct percpu_state s)
{
	uint32_t ds;

	asm volatile("mov %%ds, %0" : "=r" (ds));
	s.fs = s.fs ? 0 : (uint16_t)ds;
	if (s.gdtr.limit < 0xffff)
		s.gdtr.limit++;
	return s;
}

/* Present, writable data of 32 bits, DPL 0, as long as pv_memory. */
uint64_t percpu_descriptor(const struct pv_memory *to)
{
	uint64_t base = (uintptr_t)to, limit = sizeof(*to) - 1;

	return limit | (base & 0xffffff) << 16 | (uint64_t)0x4093 << 40
		| (base >> 24) << 56;
}

_Static_assert(sizeof(struct pv_memory) <= 0x10000, "its limit has 16 bits");

/* FS is put back by loading it, and that is only known to work where it works
 * now. */
static const char *own_state(struct percpu_state *own)
{
	unsigned slots = (segment_before.gdtr.limit + 1u) / 8;

	if (slots > GDT_SLOTS)
		return "the global descriptor table is too long to be copied";
	if (!fs_load(segment_before.fs))
		return "%fs cannot be loaded with what it holds";
	memmove(own_gdt, (const void *)segment_before.gdtr.base, slots * 8);
	own_gdt[slots] = percpu_descriptor(&pv_memory);
	own->gdtr.base = (uintptr_t)own_gdt;
	own->gdtr.limit = (uint16_t)(slots * 8 + 7);
	own->fs = (uint16_t)(slots * 8);
	return NULL;
}

#endif

const char *percpu_difference(const struct percpu_state *a,
			      const struct percpu_state *b)
{
	if (a->gs_base != b->gs_base)
		return "the base of %gs";
	if (!dtr_is_same(&a->gdtr, &b->gdtr))
		return "the global descriptor table";
	if (a->fs != b->fs)
		return "%fs";
	return NULL;
}

/* Who answers WRMSR in the CPU's place may lose the value: what is reached is
 * looked at. */
static bool reaches(void)
{
	const void *shared;

	asm volatile("mov " PERCPU ":%c1, %0" : "=r" (shared) : "i" (PV_SHARED)
		     : "memory");
	return shared == &pv_memory.shared_info;
}

const char *percpu_open(void)
{
	struct percpu_state own = { .gs_base = 0 };
	const char *why;

	segment_before = percpu_read();
	why = own_state(&own);
	if (why)
		return why;
	percpu_put(&own);
	segment_is_lent = true;
	if (reaches())
		return NULL;
	percpu_close();
	return "the per-CPU segment does not reach its memory";
}

void percpu_close(void)
{
	if (segment_is_lent)
		percpu_put(&segment_before);
	segment_is_lent = false;
}
