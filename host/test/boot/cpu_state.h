/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Another state of the CPU than the firmware's, for starter.c: the application is started in it,
 * and what it leaves is compared.  Words of a file \STATE, in this order:
 *
 *   pae     ia32: paging, of three levels, one to one, by pages of 2 MiB, NX in use
 *   pse     ia32: paging, of two levels, by pages of 4 MiB
 *   la57    x86-64: five levels of page tables
 *   user    every page is ring 3's too, as all levels but the top one say
 *   global  CR4.PGE, and every page is global
 *   smap    CR4.SMAP, CR4.SMEP
 *   pcid    x86-64: CR4.PCIDE, and a PCID in CR3
 *   tss     a TSS, in TR
 *   stale   %gs holds a selector that is behind the GDT's end
 *   same    nothing else
 *
 * Source: Intel SDM Vol. 3A, "Paging", "Switching Between 4-Level and 5-Level Paging", "Task
 * Management".
 */
#ifndef CPU_STATE_H
#define CPU_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arch.h"
#include "hand_over.h"

#define CR0_WP		(1ul << 16)
#define CR0_PG		(1ul << 31)
#define CR4_PSE		(1ul << 4)
#define CR4_PAE		(1ul << 5)
#define CR4_PGE		(1ul << 7)
#define CR4_LA57	(1ul << 12)
#define CR4_PCIDE	(1ul << 17)
#define CR4_SMEP	(1ul << 20)
#define CR4_SMAP	(1ul << 21)
#define EFER		0xc0000080u
#define EFER_NXE	(1u << 11)

#define ENTRY_PRESENT	1ull
#define ENTRY_WRITABLE	2ull
#define ENTRY_USER	4ull
#define ENTRY_LARGE	0x80ull
#define ENTRY_GLOBAL	0x100ull
#define ENTRY_ADDRESS	0x000ffffffffff000ull

struct __attribute__((packed)) state_table {
	uint16_t limit;
	unsigned long base;
};

#define STATE_REGISTER(name)						\
	static inline unsigned long state_##name(void)			\
	{								\
		unsigned long v;					\
									\
		asm volatile("mov %%" #name ", %0" : "=r" (v));		\
		return v;						\
	}								\
	static inline void state_set_##name(unsigned long v)		\
	{								\
		asm volatile("mov %0, %%" #name : : "r" (v) : "memory"); \
	}
STATE_REGISTER(cr0)
STATE_REGISTER(cr3)
STATE_REGISTER(cr4)
STATE_REGISTER(dr7)

static inline uint64_t state_msr(uint32_t msr)
{
	uint32_t lo, hi;

	asm volatile("rdmsr" : "=a" (lo), "=d" (hi) : "c" (msr));
	return (uint64_t)hi << 32 | lo;
}

static inline void state_set_msr(uint32_t msr, uint64_t v)
{
	asm volatile("wrmsr" : : "a" ((uint32_t)v), "d" ((uint32_t)(v >> 32)), "c" (msr));
}

static inline bool state_has(uint32_t leaf, unsigned reg, unsigned bit)
{
	uint32_t r[4];

	asm volatile("cpuid" : "=a" (r[0]), "=b" (r[1]), "=c" (r[2]), "=d" (r[3])
		     : "0" (leaf), "2" (0));
	return r[reg] >> bit & 1;
}

/* What is compared. */

#define STATES(S)							\
	S(CR0, state_cr0()) S(CR3, state_cr3()) S(CR4, state_cr4()) S(DR7, state_dr7())	\
	S(EFER, state_msr(EFER)) S(STAR, state_long_msr(0xc0000081))	\
	S(LSTAR, state_long_msr(0xc0000082)) S(FMASK, state_long_msr(0xc0000084)) \
	S(FS_BASE, state_long_msr(0xc0000100)) S(GS_BASE, state_long_msr(0xc0000101)) \
	S(KERNEL_GS_BASE, state_long_msr(0xc0000102))			\
	S(GDTR, state_gdtr().base) S(GDTR_LIMIT, state_gdtr().limit)	\
	S(GDT, state_sum(state_gdtr()))					\
	S(IDTR, state_idtr().base) S(IDTR_LIMIT, state_idtr().limit)	\
	S(IDT, state_sum(state_idtr()))					\
	S(TR, state_tr()) S(LDTR, state_ldtr())				\
	S(CS, state_cs()) S(DS, state_ds()) S(ES, state_es()) S(FS, state_fs()) \
	S(GS, state_gs()) S(SS, state_ss())				\
	S(FLAGS, state_flags())

enum {
#define S(name, read) STATE_##name,
	STATES(S)
#undef S
	STATE_COUNT
};

struct cpu_state {
	uint64_t v[STATE_COUNT];
};

static inline uint64_t state_long_msr(uint32_t msr)
{
	return ARCH_WORD == 8 ? state_msr(msr) : 0;
}

#define STATE_TABLE(name, instruction)					\
	static inline struct state_table state_##name(void)		\
	{								\
		struct state_table t;					\
									\
		asm volatile(instruction " %0" : "=m" (t));		\
		return t;						\
	}
STATE_TABLE(gdtr, "sgdt")
STATE_TABLE(idtr, "sidt")

#define STATE_SELECTOR(name, from)					\
	static inline uint64_t state_##name(void)			\
	{								\
		uint32_t v;						\
									\
		asm volatile(from " %0" : "=r" (v));			\
		return v & 0xffff;					\
	}
STATE_SELECTOR(tr, "str")
STATE_SELECTOR(ldtr, "sldt")
STATE_SELECTOR(cs, "mov %%cs,")
STATE_SELECTOR(ds, "mov %%ds,")
STATE_SELECTOR(es, "mov %%es,")
STATE_SELECTOR(fs, "mov %%fs,")
STATE_SELECTOR(gs, "mov %%gs,")
STATE_SELECTOR(ss, "mov %%ss,")

/* But the arithmetic ones. */
static inline uint64_t state_flags(void)
{
	unsigned long v;

	asm volatile("pushf; pop %0" : "=r" (v));
	return v & ~0x8d5ul;
}

/* What is in a table. */
static inline uint64_t state_sum(struct state_table t)
{
	const uint8_t *p = (const uint8_t *)t.base;
	uint64_t sum = 0;

	for (unsigned i = 0; i <= t.limit; i++)
		sum = (sum << 7 | sum >> 57) ^ p[i];
	return sum;
}

static inline void state_read(struct cpu_state *s)
{
#define S(name, read) s->v[STATE_##name] = read;
	STATES(S)
#undef S
}

static inline void state_say(const char *name, uint64_t was, uint64_t now)
{
	static char line[] = "starter: 0x................ 0x................ ";

	for (unsigned i = 0; i < 16; i++) {
		line[11 + i] = "0123456789abcdef"[was >> (60 - 4 * i) & 15];
		line[30 + i] = "0123456789abcdef"[now >> (60 - 4 * i) & 15];
	}
	say(line);
	say(name);
	say("\r\n");
}

/* A line for each that is another, "starter: WAS NOW NAME", and how many. */
static inline void state_compare(const struct cpu_state *was, const struct cpu_state *now)
{
	static const char *const names[] = {
#define S(name, read) #name,
		STATES(S)
#undef S
	};
	unsigned n = 0;

	for (unsigned i = 0; i < STATE_COUNT; i++) {
		if (was->v[i] == now->v[i])
			continue;
		state_say(names[i], was->v[i], now->v[i]);
		n++;
	}
	say(n == 0 ? "starter: the CPU is as it was\r\n"
	    : n == 1 ? "starter: one is another\r\n" : "starter: several are others\r\n");
}

/* A GDT of the starter's: the firmware's, and behind it a 32-bit code segment, a TSS, and a
 * data segment. */
enum { STATE_CODE32, STATE_TSS, STATE_DATA = STATE_TSS + 2, STATE_SLOTS };
#define STATE_GDT_MOST	64

static uint64_t state_gdt[STATE_GDT_MOST + STATE_SLOTS] __attribute__((aligned(16)));
static uint8_t state_tss[104] __attribute__((aligned(16)));
static unsigned state_slots;		/* of the firmware's; 0: its own is in force */

static inline void state_put_gdt(unsigned slots)
{
	const struct state_table own = { (uint16_t)(slots * 8 - 1), (uintptr_t)state_gdt };

	asm volatile("lgdt %0" : : "m" (own) : "memory");
}

static inline void state_own_gdt(void)
{
	const struct state_table found = state_gdtr();

	if (state_slots)
		return;
	state_slots = (found.limit + 1u) / 8;
	if (state_slots > STATE_GDT_MOST)
		state_slots = STATE_GDT_MOST;
	memcpy(state_gdt, (const void *)found.base, state_slots * 8);
	state_gdt[state_slots + STATE_CODE32] = 0x00cf9b000000ffffull;
	state_gdt[state_slots + STATE_DATA] = 0x00cf93000000ffffull;
	state_put_gdt(state_slots + STATE_SLOTS);
}

static inline uint32_t state_selector(unsigned which)
{
	return (state_slots + which) * 8;
}

static inline bool state_tss_in_tr(void)
{
	const uint64_t base = (uintptr_t)state_tss;

	state_own_gdt();
	state_gdt[state_slots + STATE_TSS] = (sizeof(state_tss) - 1) | (base & 0xffffff) << 16
		| (uint64_t)0x89 << 40 | (base >> 24 & 0xff) << 56;
	state_gdt[state_slots + STATE_TSS + 1] = base >> 32;
	*(uint16_t *)(state_tss + 102) = sizeof(state_tss);
	asm volatile("ltr %w0" : : "r" (state_selector(STATE_TSS)) : "memory");
	return true;
}

static inline bool state_stale_gs(void)
{
	state_own_gdt();
	asm volatile("mov %0, %%gs" : : "r" (state_selector(STATE_DATA)));
	state_put_gdt(state_slots + STATE_DATA);
	return true;
}

/* Page tables. */

static uint64_t state_page[6][512] __attribute__((aligned(4096)));

static inline bool state_pae(void)
{
	if (ARCH_WORD == 8)
		return false;
	for (unsigned i = 0; i < 4 * 512; i++)
		state_page[1 + i / 512][i % 512] = (uint64_t)i << 21 | ENTRY_PRESENT
			| ENTRY_WRITABLE | ENTRY_LARGE;
	for (unsigned i = 0; i < 4; i++)
		state_page[0][i] = (uintptr_t)state_page[1 + i] | ENTRY_PRESENT;
	state_set_cr0(state_cr0() & ~CR0_PG);
	state_set_cr4(state_cr4() | CR4_PAE);
	state_set_msr(EFER, state_msr(EFER) | EFER_NXE);
	state_set_cr3((uintptr_t)state_page[0]);
	state_set_cr0(state_cr0() | CR0_PG | CR0_WP);
	return true;
}

static inline bool state_pse(void)
{
	uint32_t *directory = (uint32_t *)state_page[0];

	if (ARCH_WORD == 8)
		return false;
	for (uint32_t i = 0; i < 1024; i++)
		directory[i] = i << 22 | ENTRY_PRESENT | ENTRY_WRITABLE | ENTRY_LARGE;
	state_set_cr0(state_cr0() & ~CR0_PG);
	state_set_cr4((state_cr4() & ~CR4_PAE) | CR4_PSE);
	state_set_cr3((uintptr_t)directory);
	state_set_cr0(state_cr0() | CR0_PG | CR0_WP);
	return true;
}

#if ARCH_WORD == 8

/* By way of 32-bit code, with paging off for a moment: the root, and that code's segment. */
void state_enter_la57(uint64_t root, uint64_t code32);
asm(".text\n"
    "state_enter_la57:\n"
    "	push	%rbx\n"
    "	pushf\n"
    "	cli\n"
    "	mov	%cs, %ebx\n"
    "	lea	2f(%rip), %rdx\n"
    "	lea	1f(%rip), %rax\n"
    "	push	%rsi\n"
    "	push	%rax\n"
    "	lretq\n"
    ".code32\n"
    "1:	mov	%cr0, %eax\n"
    "	btr	$31, %eax\n"
    "	mov	%eax, %cr0\n"
    "	mov	%cr4, %ecx\n"
    "	bts	$12, %ecx\n"
    "	mov	%ecx, %cr4\n"
    "	mov	%edi, %cr3\n"
    "	bts	$31, %eax\n"
    "	mov	%eax, %cr0\n"
    "	push	%ebx\n"
    "	push	%edx\n"
    "	lret\n"
    ".code64\n"
    "2:	popf\n"
    "	pop	%rbx\n"
    "	ret\n");

static inline bool state_la57(void)
{
	if (!state_has(7, 2, 16))
		return false;
	if (state_cr4() & CR4_LA57)
		return true;
	state_own_gdt();
	state_page[0][0] = (state_cr3() & ENTRY_ADDRESS) | ENTRY_PRESENT | ENTRY_WRITABLE;
	state_enter_la57((uintptr_t)state_page[0], state_selector(STATE_CODE32));
	return true;
}

static inline bool state_pcid(void)
{
	if (!state_has(1, 2, 17))
		return false;
	state_set_cr4(state_cr4() | CR4_PCIDE);
	state_set_cr3(state_cr3() | 5);
	return true;
}

#else

static inline bool state_la57(void)
{
	return false;
}

static inline bool state_pcid(void)
{
	return false;
}

#endif

static inline unsigned state_levels(void)
{
	return !(state_cr0() & CR0_PG) || !(state_cr4() & CR4_PAE) ? 0
		: ARCH_WORD == 4 ? 3 : state_cr4() & CR4_LA57 ? 5 : 4;
}

/* Adds these bits to the entries of a table and of those below it: to leaves, and to others. */
static inline void state_mark(uint64_t *table, unsigned level, uint64_t leaf, uint64_t other)
{
	for (unsigned i = 0; i < (ARCH_WORD == 4 && level == 3 ? 4 : 512); i++) {
		const bool is_leaf = level == 1 || (table[i] & ENTRY_LARGE);

		if (!(table[i] & ENTRY_PRESENT))
			continue;
		if (!is_leaf)
			state_mark((uint64_t *)(uintptr_t)(table[i] & ENTRY_ADDRESS), level - 1,
				   leaf, other);
		if (ARCH_WORD == 8 || level < 3)
			table[i] |= is_leaf ? leaf : other;
	}
}

static inline bool state_mark_all(uint64_t leaf, uint64_t other)
{
	const uint64_t cr0 = state_cr0();
	uint64_t *root = (uint64_t *)(uintptr_t)(state_cr3() & ENTRY_ADDRESS);

	if (!state_levels())
		return false;
	state_set_cr0(cr0 & ~CR0_WP);
	state_mark(root, state_levels(), leaf, other);
	/* The top level keeps it from ring 3, where it has rights. */
	for (unsigned i = 0; ARCH_WORD == 8 && i < 512; i++)
		root[i] &= ~ENTRY_USER;
	state_set_cr0(cr0);
	state_set_cr3(state_cr3());
	return true;
}

static inline bool state_user(void)
{
	return state_mark_all(ENTRY_USER, ENTRY_USER);
}

static inline bool state_global(void)
{
	if (!state_mark_all(ENTRY_GLOBAL, 0))
		return false;
	state_set_cr4(state_cr4() | CR4_PGE);
	return true;
}

static inline bool state_smap(void)
{
	if (!state_has(7, 1, 20) || !state_has(7, 1, 7))
		return false;
	state_set_cr4(state_cr4() | CR4_SMAP | CR4_SMEP);
	return true;
}

static inline bool state_same(void)
{
	return true;
}

/* Is a word among these? */
static inline bool state_is_asked(const char *words, const char *word)
{
	size_t n = 0;

	while (word[n])
		n++;
	for (; *words; words++) {
		size_t i = 0;

		while (i < n && words[i] == word[i])
			i++;
		if (i == n)
			return true;
	}
	return false;
}

/* All that are asked for, in their order; what this CPU or its firmware does not have is
 * said. */
static inline void state_make(const char *words)
{
	static const struct {
		const char *word;
		bool (*make)(void);
	} all[] = {
		{ "pae", state_pae }, { "pse", state_pse }, { "la57", state_la57 },
		{ "user", state_user }, { "global", state_global }, { "smap", state_smap },
		{ "pcid", state_pcid }, { "tss", state_tss_in_tr }, { "stale", state_stale_gs },
		{ "same", state_same },
	};

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (!state_is_asked(words, all[i].word))
			continue;
		say(all[i].make() ? "starter: has " : "starter: has no ");
		say(all[i].word);
		say("\r\n");
	}
}

#endif
