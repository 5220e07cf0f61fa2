/* SPDX-License-Identifier: GPL-2.0-only */
/* What ops change of a CPU, see loan_kept.h. */
#include "cpu/apic.h"
#include "cpu/control.h"
#include "cpu/cpu.h"
#include "cpu/descriptor_tables.h"
#include "cpu/may_fault.h"
#include "cpu/msr.h"
#include "loan_kept.h"
#include "machine/apic_bits.h"
#include "machine/kept.h"
#include "own_gdt.h"


/* A register that is a word, and how much of it comes back. */
#define KEPT_WORD(name, read, put, same)				\
	static struct kept_value read_##name(void)			\
	{								\
		return (struct kept_value){ .word = (read) };		\
	}								\
	static void put_##name(const struct kept_value *v)		\
	{								\
		put((unsigned long)v->word);				\
	}								\
	static bool same_##name(const struct kept_value *a, const struct kept_value *b) \
	{								\
		return same;						\
	}

static void set_iopl(unsigned long v)
{
	unsigned long others = cpu_flags() & ~NATIVE_FL_IOPL;

	asm volatile("push %0; popf" : : "r" (others | v) : "memory", "cc");
}

static uint64_t sysenter_esp(void)
{
	uint64_t v = 0;

	msr_read(MSR_SYSENTER_ESP, &v);
	return v;
}

/* ia32 has none. */
static unsigned long base_of(uint32_t msr)
{
	return ARCH_WORD == 8 ? (unsigned long)cpu_rdmsr(msr) : 0;
}

#define SET_MSR(name, msr)						\
	static void set_##name(unsigned long v)				\
	{								\
		cpu_wrmsr(msr, v);					\
	}
SET_MSR(efer, MSR_EFER)
SET_MSR(star, MSR_STAR)
SET_MSR(lstar, MSR_LSTAR)
SET_MSR(fmask, MSR_FMASK)
SET_MSR(fs_base, MSR_FS_BASE)

static void set_gs_base(unsigned long v)
{
	cpu_wrmsr(MSR_GS_BASE, v);
}

static void set_kernel_gs_base(unsigned long v)
{
	cpu_wrmsr(MSR_KERNEL_GS_BASE, v);
}

/* The task priority of an APIC that is not there is 0. */
static uint32_t priority(void)
{
	return apic_is_in_use() ? apic_get(APIC_TPR) : 0;
}

static void set_priority(unsigned long v)
{
	if (apic_is_in_use())
		apic_set(APIC_TPR, (uint32_t)v);
}

static void set_ldtr(unsigned long v)
{
	asm volatile("lldt %w0" : : "r" (v) : "memory");
}

KEPT_WORD(cr0, cpu_cr0(), cpu_set_cr0,
	  kept_same_cr0((unsigned long)a->word, (unsigned long)b->word))
KEPT_WORD(cr2, cpu_cr2(), cpu_set_cr2, a->word == b->word)
KEPT_WORD(cr3, cpu_cr3(), cpu_set_cr3, a->word == b->word)
KEPT_WORD(cr4, cpu_cr4(), cpu_set_cr4, a->word == b->word)
KEPT_WORD(dr0, cpu_dr0(), cpu_set_dr0, a->word == b->word)
KEPT_WORD(iopl, cpu_flags() & NATIVE_FL_IOPL, set_iopl, a->word == b->word)
KEPT_WORD(efer, base_of(MSR_EFER), set_efer, a->word == b->word)
KEPT_WORD(star, base_of(MSR_STAR), set_star, a->word == b->word)
KEPT_WORD(lstar, base_of(MSR_LSTAR), set_lstar, a->word == b->word)
KEPT_WORD(fmask, base_of(MSR_FMASK), set_fmask, a->word == b->word)
KEPT_WORD(fs_base, base_of(MSR_FS_BASE), set_fs_base, a->word == b->word)
KEPT_WORD(gs_base, base_of(MSR_GS_BASE), set_gs_base, a->word == b->word)
KEPT_WORD(kernel_gs_base, base_of(MSR_KERNEL_GS_BASE), set_kernel_gs_base, a->word == b->word)
KEPT_WORD(priority, priority(), set_priority,
	  apic_same_priority((uint32_t)a->word, (uint32_t)b->word))
KEPT_WORD(tr, cpu_tr(), own_gdt_put_tr, a->word == b->word)
KEPT_WORD(ldtr, cpu_ldtr(), set_ldtr, a->word == b->word)

static struct kept_value read_sysenter_esp(void)
{
	return (struct kept_value){ .word = sysenter_esp() };
}

static void put_sysenter_esp(const struct kept_value *v)
{
	msr_write(MSR_SYSENTER_ESP, v->word);
}

static bool same_sysenter_esp(const struct kept_value *a, const struct kept_value *b)
{
	return a->word == b->word;
}

/* A descriptor table's register: the same table, whatever is in it. */
#define KEPT_TABLE(name)						\
	static struct kept_value read_##name(void)			\
	{								\
		const struct native_dtr dtr = cpu_##name();		\
									\
		return (struct kept_value){ dtr.base, dtr.limit };	\
	}								\
	static void put_##name(const struct kept_value *v)		\
	{								\
		const struct native_dtr dtr = { v->limit, (unsigned long)v->word }; \
									\
		cpu_set_##name(&dtr);					\
	}								\
	static bool same_##name(const struct kept_value *a, const struct kept_value *b) \
	{								\
		return a->word == b->word && a->limit == b->limit;	\
	}

KEPT_TABLE(gdtr)
KEPT_TABLE(idtr)

static const struct {
	const char *what;
	struct kept_value (*read)(void);
	void (*put)(const struct kept_value *v);
	bool (*same)(const struct kept_value *a, const struct kept_value *b);
} all_kept[KEPT_COUNT] = {
#define KEPT(name, what) { what, read_##name, put_##name, same_##name },
	LOAN_KEPT(KEPT)
#undef KEPT
};

void kept_read(uint32_t set, struct kept_value v[KEPT_COUNT])
{
	for (unsigned i = 0; i < KEPT_COUNT; i++)
		if (set >> i & 1)
			v[i] = all_kept[i].read();
}

const char *kept_difference(uint32_t set, const struct kept_value *a,
			    const struct kept_value *b)
{
	for (unsigned i = 0; i < KEPT_COUNT; i++)
		if (set >> i & 1 && !all_kept[i].same(&a[i], &b[i]))
			return all_kept[i].what;
	return NULL;
}

void kept_put(uint32_t set, const struct kept_value *v)
{
	for (unsigned i = 0; i < KEPT_COUNT; i++) {
		struct kept_value now;

		if (!(set >> i & 1))
			continue;
		now = all_kept[i].read();
		if (!all_kept[i].same(&now, &v[i]))
			all_kept[i].put(&v[i]);
	}
}
