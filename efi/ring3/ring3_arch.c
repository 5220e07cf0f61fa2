/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ring 3's segments, and by what it enters the kernel; see ring3_arch.h.
 *
 * Source: Intel SDM Vol. 3A, "Fast System Calls in 64-Bit Mode", "Code- and Data-Segment
 * Descriptor Types"; Vol. 4, IA32_EFER, IA32_STAR, IA32_LSTAR, IA32_FMASK.
 */
#include "arch.h"
#include "cpu/cpu.h"
#include "cpu/descriptor_tables.h"
#include "cpu/gate.h"
#include "cpu/msr.h"
#include "lib/mem.h"
#include "machine/gdt.h"
#include "ops/loan_kept.h"
#include "ring3_arch.h"

/* Slots behind the firmware's and the TSS's, in the order that SYSCALL and SYSRET want. */
enum { KERNEL_CODE, KERNEL_DATA, USER_CODE_32, USER_DATA, USER_CODE };
_Static_assert(USER_CODE + 1 == OWN_GDT_RING3, "own_gdt has room for them");

#define CODE_64		0x00af9b000000ffffull	/* present, DPL 0, accessed */
#define CODE_32		0x00cf9b000000ffffull
#define DATA		0x00cf93000000ffffull
#define DPL_3		(3ull << 45)
#define RPL_3		3u

/* Of a descriptor: present, code or data, code, conforming. */
#define CONFORMING_CODE	(1ull << 47 | 1ull << 44 | 1ull << 43 | 1ull << 42)
#define CONFORMING	(1ull << 42)

static uint16_t selector(const struct own_gdt *g, unsigned which)
{
	return (uint16_t)((g->ring3_slot + which) * 8);
}

/* A conforming code segment, as some firmware's is, would leave in ring 3 who comes from there
 * by a gate that leads to it; which gates do is the firmware's to say. */
static void make_gates_lead_out(const struct own_gdt *g)
{
	for (unsigned i = 1; i < g->tss_slot; i++)
		if ((*own_gdt_slot(i) & CONFORMING_CODE) == CONFORMING_CODE)
			*own_gdt_slot(i) &= ~CONFORMING;
}

static void put_segments(const struct own_gdt *g)
{
	const uint64_t code = ARCH_WORD == 8 ? CODE_64 : CODE_32;

	make_gates_lead_out(g);
	*own_gdt_slot(g->ring3_slot + KERNEL_CODE) = code;
	*own_gdt_slot(g->ring3_slot + KERNEL_DATA) = DATA;
	*own_gdt_slot(g->ring3_slot + USER_CODE_32) = CODE_32 | DPL_3;
	*own_gdt_slot(g->ring3_slot + USER_DATA) = DATA | DPL_3;
	*own_gdt_slot(g->ring3_slot + USER_CODE) = code | DPL_3;
}

#if ARCH_WORD == 8

#define EFER_SCE	1u
/* TF, IF, DF, IOPL, NT, AC: what Linux has cleared at an entry. */
#define ENTRY_CLEARS	0x47700u

uint32_t ring3_arch_kept(void)
{
	return 1u << KEPT_efer | 1u << KEPT_star | 1u << KEPT_lstar | 1u << KEPT_fmask
		| 1u << KEPT_fs_base | 1u << KEPT_gs_base | 1u << KEPT_kernel_gs_base;
}

static bool has_syscall(void)
{
	uint32_t r[4];

	cpu_cpuid(0x80000000, 0, r);
	if (r[0] < 0x80000001)
		return false;
	cpu_cpuid(0x80000001, 0, r);
	return r[3] >> 11 & 1;
}

const char *ring3_arch_lend(const struct own_gdt *g, struct kernel_ring3 *to)
{
	if (!has_syscall())
		return "this CPU lacks SYSCALL";
	put_segments(g);
	to->cs = selector(g, USER_CODE) | RPL_3;
	to->ss = selector(g, USER_DATA) | RPL_3;
	cpu_wrmsr(MSR_EFER, cpu_rdmsr(MSR_EFER) | EFER_SCE);
	cpu_wrmsr(MSR_STAR, (uint64_t)(selector(g, USER_CODE_32) | RPL_3) << 48
		  | (uint64_t)selector(g, KERNEL_CODE) << 32);
	cpu_wrmsr(MSR_FMASK, ENTRY_CLEARS);
	cpu_wrmsr(MSR_KERNEL_GS_BASE, 0);
	return NULL;
}

void ring3_arch_take_back(void)
{
}

#else

#define GATE_DPL_3	0x60
#define VECTOR		0x80

static struct gate gate_before;
static bool gate_is_lent;

static struct gate *gate(void)
{
	return (struct gate *)cpu_idtr().base + VECTOR;
}

uint32_t ring3_arch_kept(void)
{
	return 0;
}

const char *ring3_arch_lend(const struct own_gdt *g, struct kernel_ring3 *to)
{
	uint32_t ss;

	if (cpu_idtr().limit + 1u < (VECTOR + 1) * sizeof(struct gate))
		return "the interrupt descriptor table has no vector 80h";
	put_segments(g);
	to->cs = selector(g, USER_CODE) | RPL_3;
	to->ss = selector(g, USER_DATA) | RPL_3;
	asm volatile("mov %%ss, %0" : "=r" (ss));
	own_tss()->ss0 = ss;
	gate_before = *gate();
	gate_is_lent = true;
	*gate() = gate_new();
	gate()->type |= GATE_DPL_3;
	to->gate = (uintptr_t)gate();
	return NULL;
}

void ring3_arch_take_back(void)
{
	if (gate_is_lent)
		*gate() = gate_before;
	gate_is_lent = false;
}

#endif

#define SEGMENTS	(sizeof(struct ring3_segments) / sizeof(uint16_t))

static void read_segments(struct ring3_segments *s)
{
	uint32_t v;

	asm volatile("mov %%ds, %0" : "=r" (v));
	s->ds = (uint16_t)v;
	asm volatile("mov %%es, %0" : "=r" (v));
	s->es = (uint16_t)v;
	asm volatile("mov %%fs, %0" : "=r" (v));
	s->fs = (uint16_t)v;
	asm volatile("mov %%gs, %0" : "=r" (v));
	s->gs = (uint16_t)v;
}

/* Of a descriptor: code, and not to be read. */
#define CODE_OR_READ	(1ull << 43 | 1ull << 41)
#define CODE		(1ull << 43)

/* What a segment register holds, and the GDT does not have, or has no more: firmware may leave
 * there what another GDT had. */
static bool is_stale(const struct own_gdt *g, uint16_t of)
{
	const enum gdt_load how = gdt_load(own_gdt_slot(0), g->tss_slot, of);

	return how == GDT_FAULTS || (how != GDT_ELSEWHERE && of / 8
				     && (*own_gdt_slot(of / 8) & CODE_OR_READ) == CODE);
}

/* IRET to ring 3 clears those that are not ring 3's.  On x86-64 nothing but the selector is to
 * come back: there is no base and no limit, or the base is an MSR's. */
const char *ring3_segments_read(struct ring3_segments *s, const struct own_gdt *g)
{
	uint16_t of[SEGMENTS];

	read_segments(s);
	memcpy(of, s, sizeof(of));
	for (unsigned i = 0; i < SEGMENTS; i++)
		if (gdt_load(own_gdt_slot(0), g->tss_slot, of[i]) == GDT_ELSEWHERE
		    || (is_stale(g, of[i])
			&& (ARCH_WORD == 4 || of[i] / 8 >= own_gdt_slots())))
			return "a segment register holds what the GDT does not have";
	return NULL;
}

/* A segment where a stale selector says that there is one. */
static void make_stale(const struct ring3_segments *s, const struct own_gdt *g)
{
	const struct native_dtr whole = own_gdtr_whole();
	uint16_t of[SEGMENTS];

	memcpy(of, s, sizeof(of));
	for (unsigned i = 0; i < SEGMENTS; i++) {
		if (!is_stale(g, of[i]))
			continue;
		*own_gdt_slot(of[i] / 8) = DATA | DPL_3;
		cpu_set_gdtr(&whole);
	}
}

/* On x86-64 this clears the bases of %fs and %gs: they are put back behind it. */
void ring3_segments_put(const struct ring3_segments *s, const struct own_gdt *g)
{
	struct ring3_segments now;

	make_stale(s, g);
	read_segments(&now);
	if (now.ds != s->ds)
		asm volatile("mov %0, %%ds" : : "r" ((uint32_t)s->ds) : "memory");
	if (now.es != s->es)
		asm volatile("mov %0, %%es" : : "r" ((uint32_t)s->es) : "memory");
	if (now.fs != s->fs)
		asm volatile("mov %0, %%fs" : : "r" ((uint32_t)s->fs) : "memory");
	if (now.gs != s->gs)
		asm volatile("mov %0, %%gs" : : "r" ((uint32_t)s->gs) : "memory");
}
