/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The native ops: what each op is on bare metal, ready to be compiled inline.
 *
 * Every op of class timed or setup is here as native_<op>, with the meaning it
 * has in Linux 2.6.20, adapted to x86-64.  Ops that are jumped to and ops that
 * trap are functions in core/paravirt/native.c, which also makes the table.
 *
 * Some ops of class setup work on something that must be prepared first: fill
 * native_env.  Unprepared, they call op_trap() with their own number, so that
 * what happens is always a named stop and never a stray store:
 *
 *	load_tr_desc	wants tss_selector, its descriptor not busy
 *	set_ldt		wants gdt and ldt_selector, except for 0 entries
 *	load_tls	wants gdt and tls_index
 *	const_udelay	wants tsc_hz
 *	apic_*		want apic or x2apic
 *
 * The others need a state of the machine that only their caller can give, and
 * do what the CPU does without it:
 *
 *	safe_halt, halt	wait for ever when no interrupt comes
 *	read_pmc	raises #GP or #UD where there is no counter 0
 *	read_msr, write_msr	raise #GP for an MSR that is not there
 *	read_msr_safe, write_msr_safe	want someone who asks native_lands() of that #GP
 *	write_*_entry, load_esp0, set_*, p*_clear, ptep_*, queued_spin_unlock
 *			store where they are told
 */
#ifndef NATIVE_H
#define NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "arch.h"
#include "native_arch.h"
#include "paravirt/ops.h"

/* What the ops of class setup work on.  All zero: nothing is prepared. */
struct native_env {
	uint64_t *gdt;		/* the GDT that GDTR covers; NULL: none */
	uint16_t tss_selector;	/* of an available TSS in it; 0: none */
	uint16_t ldt_selector;	/* of NATIVE_SYSTEM_SLOTS free slots; 0: none */
	uint16_t tls_index;	/* first of NATIVE_TLS free slots; 0: none */
	bool x2apic;		/* the local APIC's registers are MSRs */
	volatile uint8_t *apic;	/* they are memory, here; NULL: they are not */
	uint64_t tsc_hz;	/* TSC ticks a second; 0: unknown */
};

extern struct native_env native_env;

#define NATIVE_TLS	3

/* What ops know of a thread: load_tls and load_esp0 take one. */
struct native_thread {
	uint64_t tls[NATIVE_TLS];	/* segment descriptors */
	unsigned long sp0;		/* top of its ring-0 stack */
};

/* GDTR and IDTR as LGDT, SGDT, LIDT and SIDT have them in memory. */
struct native_dtr {
	uint16_t limit;			/* bytes, less one */
	unsigned long base;
} __attribute__((packed, may_alias));

_Static_assert(sizeof(struct native_dtr) == 2 + ARCH_WORD,
	       "Intel SDM Vol. 3A, \"System Table Registers\"");

/* Source: Intel SDM Vol. 3A, "Control Registers", "EFLAGS Register". */
#define NATIVE_CR4_PGE	(1ul << 7)
#define NATIVE_FL_IOPL	(3ul << 12)

FN_patch(native_patch);

/* Flags and interrupts. */

static inline FN_u_v(native_save_fl)
{
	unsigned long flags;

	asm volatile("pushf; pop %0" : "=r" (flags) : : "memory");
	return flags;
}

static inline FN_v_u(native_restore_fl)
{
	asm volatile("push %0; popf" : : "r" (a) : "memory", "cc");
}

static inline FN_v_v(native_irq_disable)
{
	asm volatile("cli" : : : "memory");
}

static inline FN_v_v(native_irq_enable)
{
	asm volatile("sti" : : : "memory");
}

static inline FN_u_v(native_irq_save)
{
	unsigned long flags;

	asm volatile("pushf; pop %0; cli" : "=r" (flags) : : "memory");
	return flags;
}

/* Nothing between the two: STI holds interrupts off for one instruction, so one
 * that is pending wakes HLT.  Source: Intel SDM Vol. 2B, "STI--Set Interrupt
 * Flag". */
static inline FN_v_v(native_safe_halt)
{
	asm volatile("sti; hlt" : : : "memory");
}

static inline FN_v_v(native_halt)
{
	asm volatile("hlt" : : : "memory");
}

static inline FN_v_u(native_set_iopl_mask)
{
	unsigned long flags;

	/* As one: what a compiler takes out of it differs between a copy and the last. */
	asm volatile("pushf; pop %0; and %2, %0; and %3, %1; or %1, %0; push %0; popf"
		     : "=&r" (flags), "+r" (a)
		     : "i" (~(long)NATIVE_FL_IOPL), "i" (NATIVE_FL_IOPL) : "memory", "cc");
}

/* Control registers. */

static inline FN_v_v(native_clts)
{
	asm volatile("clts" : : : "memory");
}

static inline FN_u_v(native_read_cr0)
{
	unsigned long value;

	asm volatile("mov %%cr0, %0" : "=r" (value) : : "memory");
	return value;
}

static inline FN_v_u(native_write_cr0)
{
	asm volatile("mov %0, %%cr0" : : "r" (a) : "memory");
}

static inline FN_u_v(native_read_cr2)
{
	unsigned long value;

	asm volatile("mov %%cr2, %0" : "=r" (value) : : "memory");
	return value;
}

static inline FN_v_u(native_write_cr2)
{
	asm volatile("mov %0, %%cr2" : : "r" (a) : "memory");
}

static inline FN_u_v(native_read_cr3)
{
	unsigned long value;

	asm volatile("mov %%cr3, %0" : "=r" (value) : : "memory");
	return value;
}

static inline FN_v_u(native_write_cr3)
{
	asm volatile("mov %0, %%cr3" : : "r" (a) : "memory");
}

static inline FN_u_v(native_read_cr4)
{
	unsigned long value;

	asm volatile("mov %%cr4, %0" : "=r" (value) : : "memory");
	return value;
}

/* This is built for the i686 and its successors, and all of them have a CR4:
 * there is no other case to be safe from. */
static inline FN_u_v(native_read_cr4_safe)
{
	return native_read_cr4();
}

static inline FN_v_u(native_write_cr4)
{
	asm volatile("mov %0, %%cr4" : : "r" (a) : "memory");
}

/* Debug registers.  There is no DR4, DR5 or DR8: such a number traps, because
 * no instruction could be made of it. */

static inline FN_u_u(native_get_debugreg)
{
	unsigned long value;

	switch (a) {
	case 0: asm volatile("mov %%db0, %0" : "=r" (value)); break;
	case 1: asm volatile("mov %%db1, %0" : "=r" (value)); break;
	case 2: asm volatile("mov %%db2, %0" : "=r" (value)); break;
	case 3: asm volatile("mov %%db3, %0" : "=r" (value)); break;
	case 6: asm volatile("mov %%db6, %0" : "=r" (value)); break;
	case 7: asm volatile("mov %%db7, %0" : "=r" (value)); break;
	default: op_trap(OP_get_debugreg);
	}
	return value;
}

static inline FN_v_uu(native_set_debugreg)
{
	switch (a) {
	case 0: asm volatile("mov %0, %%db0" : : "r" (b) : "memory"); break;
	case 1: asm volatile("mov %0, %%db1" : : "r" (b) : "memory"); break;
	case 2: asm volatile("mov %0, %%db2" : : "r" (b) : "memory"); break;
	case 3: asm volatile("mov %0, %%db3" : : "r" (b) : "memory"); break;
	case 6: asm volatile("mov %0, %%db6" : : "r" (b) : "memory"); break;
	case 7: asm volatile("mov %0, %%db7" : : "r" (b) : "memory"); break;
	default: op_trap(OP_set_debugreg);
	}
}

/* The CPU: identity, caches, MSRs, counters. */

static inline FN_v_pppp(native_cpuid)
{
	asm volatile("cpuid" : "=a" (*a), "=b" (*b), "=c" (*c), "=d" (*d)
		     : "0" (*a), "2" (*c) : "memory");
}

static inline FN_v_v(native_wbinvd)
{
	asm volatile("wbinvd" : : : "memory");
}

static inline FN_q_up(native_read_msr)
{
	uint32_t low, high;

	asm volatile("rdmsr" : "=a" (low), "=d" (high) : "c" ((uint32_t)a)
		     : "memory");
	*b = 0;
	return (uint64_t)high << 32 | low;
}

static inline FN_i_uq(native_write_msr)
{
	asm volatile("wrmsr" : : "c" ((uint32_t)a), "a" ((uint32_t)b),
		     "d" ((uint32_t)(b >> 32)) : "memory");
	return 0;
}

static inline FN_q_v(native_read_tsc)
{
	uint32_t low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static inline FN_q_v(native_read_pmc)
{
	uint32_t low, high;

	asm volatile("rdpmc" : "=a" (low), "=d" (high) : "c" (0) : "memory");
	return (uint64_t)high << 32 | low;
}

/* They go on where the instruction faults: core/paravirt/msr_safe.S, fixup.h. */
extern FN_q_up(native_read_msr_safe) __attribute__((visibility("hidden")));
extern FN_i_uq(native_write_msr_safe) __attribute__((visibility("hidden")));

/* Descriptor tables. */

static inline FN_v_p(native_load_gdt)
{
	asm volatile("lgdt %0" : : "m" (*(struct native_dtr *)a) : "memory");
}

static inline FN_v_p(native_load_idt)
{
	asm volatile("lidt %0" : : "m" (*(struct native_dtr *)a) : "memory");
}

static inline FN_v_p(native_store_gdt)
{
	asm volatile("sgdt %0" : "=m" (*(struct native_dtr *)a) : : "memory");
}

static inline FN_v_p(native_store_idt)
{
	asm volatile("sidt %0" : "=m" (*(struct native_dtr *)a) : : "memory");
}

/* %k: the 32-bit register on x86-64 too.  The CPU clears the rest, and
 * assemblers do not agree on the encoding of STR with a 64-bit one. */
static inline FN_u_v(native_store_tr)
{
	unsigned long selector;

	asm volatile("str %k0" : "=r" (selector) : : "memory");
	return selector;
}

/* LTR makes the descriptor busy, and a busy one is refused (#GP): to load it
 * again, make it available first.  Source: Intel SDM Vol. 2A, "LTR--Load Task
 * Register". */
static inline FN_v_v(native_load_tr_desc)
{
	if (!native_env.tss_selector)
		op_trap(OP_load_tr_desc);
	asm volatile("ltr %0" : : "m" (native_env.tss_selector) : "memory");
}

/* A TSS's or LDT's descriptor.  Source: Intel SDM Vol. 3A, "Segment
 * Descriptors". */
enum native_system_type { NATIVE_LDT = 0x2, NATIVE_TSS = 0x9 };

static inline void native_system_descriptor(uint64_t *slot,
					    enum native_system_type type,
					    const void *base, uint32_t limit)
{
	uint64_t at = (uintptr_t)base;

	slot[0] = (limit & 0xffff) | (at & 0xffffff) << 16
		| (uint64_t)(0x80 | type) << 40
		| (uint64_t)(limit >> 16 & 0xf) << 48
		| (at >> 24 & 0xff) << 56;
	if (NATIVE_SYSTEM_SLOTS == 2)
		slot[1] = at >> 32;
}

/* Selectors have 13 bits of index: a longer table would have no use. */
#define NATIVE_LDT_MAX	8192

static inline FN_v_pu(native_set_ldt)
{
	uint16_t selector = b ? native_env.ldt_selector : 0;

	if (b) {
		if (!native_env.gdt || !selector || b > NATIVE_LDT_MAX)
			op_trap(OP_set_ldt);
		native_system_descriptor(&native_env.gdt[selector / 8],
					 NATIVE_LDT, a, (uint32_t)b * 8 - 1);
	}
	asm volatile("lldt %0" : : "m" (selector) : "memory");
}

/* One GDT, so the CPU's number does not matter. */
static inline FN_v_pu(native_load_tls)
{
	const struct native_thread *thread = a;

	(void)b;
	if (!native_env.gdt || !native_env.tls_index)
		op_trap(OP_load_tls);
	for (unsigned i = 0; i < NATIVE_TLS; i++)
		*(volatile uint64_t *)&native_env.gdt[native_env.tls_index + i]
			= thread->tls[i];
}

struct native_slot {
	volatile uint32_t low, high;
} __attribute__((may_alias));

static inline void native_write_slot(void *table, unsigned long n,
				     unsigned long low, unsigned long high)
{
	struct native_slot *slot = (struct native_slot *)table + n;

	slot->low = (uint32_t)low;
	slot->high = (uint32_t)high;
}

static inline FN_v_puuu(native_write_ldt_entry)
{
	native_write_slot(a, b, c, d);
}

static inline FN_v_puuu(native_write_gdt_entry)
{
	native_write_slot(a, b, c, d);
}

static inline FN_v_puuu(native_write_idt_entry)
{
	native_write_slot(a, b, c, d);
}

/* Linux also follows a thread's SYSENTER_CS here, for vm86 tasks: there are
 * none of those. */
static inline FN_v_pp(native_load_esp0)
{
	struct native_tss *tss = a;
	const struct native_thread *thread = b;

	tss->sp0 = thread->sp0;
	asm volatile("" : : : "memory");
}

/* Ports and time. */

/* The diagnostic port: nothing listens, but the bus takes its microsecond. */
static inline FN_v_v(native_io_delay)
{
	asm volatile("outb %%al, $0x80" : : : "memory");
}

/* A TSC that advances by less than a tick in this many reads stands still. */
#define NATIVE_TSC_READS	1024

/*
 * Waits by the TSC.  Less than a second: a longer wait is a mistake, and traps;
 * so does a TSC that stands still, because the wait would have no end.
 */
static inline FN_v_u(native_const_udelay)
{
	uint64_t part = (uint32_t)a, hz = native_env.tsc_hz;
	uint64_t begin, ticks, reads;

	if (!hz || a != part)
		op_trap(OP_const_udelay);
	/* part * hz / 2^32, rounded up; the product may have 96 bits */
	ticks = part * (hz >> 32) + (part * (uint32_t)hz >> 32) + 1;
	reads = ticks * NATIVE_TSC_READS;
	begin = native_read_tsc();
	while (native_read_tsc() - begin < ticks) {
		if (!reads--)
			op_trap(OP_const_udelay);
		asm volatile("pause");
	}
}

/*
 * The local APIC.  @a is the register's offset in xAPIC mode; in x2APIC mode it
 * is MSR 0x800 + a / 16.  Two registers differ: 0x300 (ICR) is 64 bits there
 * and is written with destination 0, and 0x310 is not there (#GP).  Source:
 * Intel SDM Vol. 3A, "Extended XAPIC (x2APIC)".
 */
#define NATIVE_X2APIC_MSR(offset)	(0x800 + ((offset) >> 4))

static inline volatile uint32_t *native_apic(enum op op, unsigned long offset)
{
	if (!native_env.apic)
		op_trap(op);
	return (volatile uint32_t *)(native_env.apic + offset);
}

static inline FN_v_uu(native_apic_write)
{
	if (native_env.x2apic)
		native_write_msr(NATIVE_X2APIC_MSR(a), (uint32_t)b);
	else
		*native_apic(OP_apic_write, a) = (uint32_t)b;
}

static inline FN_v_uu(native_apic_write_atomic)
{
	uint32_t value = (uint32_t)b;

	if (native_env.x2apic)
		native_write_msr(NATIVE_X2APIC_MSR(a), value);
	else
		asm volatile("xchgl %0, %1" : "+r" (value),
			     "+m" (*native_apic(OP_apic_write_atomic, a))
			     : : "memory");
}

static inline FN_u_u(native_apic_read)
{
	int err;

	if (native_env.x2apic)
		return (uint32_t)native_read_msr(NATIVE_X2APIC_MSR(a), &err);
	return *native_apic(OP_apic_read, a);
}

/* The TLB. */

static inline FN_v_v(native_flush_tlb_user)
{
	native_write_cr3(native_read_cr3());
}

/* Changing CR4.PGE drops all entries, global ones too; where it is clear there
 * are no global ones.  Source: Intel SDM Vol. 3A, "Operations that Invalidate
 * TLBs and Paging-Structure Caches". */
static inline FN_v_v(native_flush_tlb_kernel)
{
	unsigned long cr4 = native_read_cr4();

	if (cr4 & NATIVE_CR4_PGE) {
		native_write_cr4(cr4 & ~NATIVE_CR4_PGE);
		native_write_cr4(cr4);
	} else {
		native_flush_tlb_user();
	}
}

static inline FN_v_u(native_flush_tlb_single)
{
	asm volatile("invlpg (%0)" : : "r" (a) : "memory");
}

/* Page tables. */

static inline FN_v_pq(native_set_pte)
{
	native_entry_set(a, b);
}

static inline FN_v_pupq(native_set_pte_at)
{
	(void)a;
	(void)b;
	native_entry_set(c, d);
}

static inline FN_v_pq(native_set_pmd)
{
	native_entry_set_atomic(a, b);
}

static inline FN_v_pq(native_set_pud)
{
	native_entry_set(a, b);
}

static inline FN_v_pup(native_pte_update)
{
	(void)a;
	(void)b;
	(void)c;
}

static inline FN_v_pup(native_pte_update_defer)
{
	(void)a;
	(void)b;
	(void)c;
}

static inline FN_v_pq(native_set_pte_atomic)
{
	native_entry_set_atomic(a, b);
}

static inline FN_v_pupq(native_set_pte_present)
{
	(void)a;
	(void)b;
	native_entry_set_present(c, d);
}

static inline FN_v_pup(native_pte_clear)
{
	(void)a;
	(void)b;
	native_entry_clear(c);
}

static inline FN_v_p(native_pmd_clear)
{
	native_entry_clear(a);
}

static inline FN_q_q(native_make_pte)
{
	return a;
}

static inline FN_q_q(native_pte_val)
{
	return a;
}

static inline FN_q_pup(native_ptep_modify_prot_start)
{
	(void)a;
	(void)b;
	return native_entry_take(c);
}

static inline FN_v_pupq(native_ptep_modify_prot_commit)
{
	(void)a;
	(void)b;
	native_entry_set(c, d);
}

/* What a hypervisor is told of, and the CPU is not. */

static inline FN_v_v(native_enter_lazy_mmu)
{
}

static inline FN_v_v(native_leave_lazy_mmu)
{
}

static inline FN_v_v(native_flush_lazy_mmu)
{
}

static inline FN_v_p(native_start_context_switch)
{
	(void)a;
}

static inline FN_v_p(native_end_context_switch)
{
	(void)a;
}

/* Locks.  Natively whoever waits for one spins: none stops, none is woken. */

/* A store is enough: the CPU moves no earlier access behind it.  Source: Intel SDM
 * Vol. 3A, "Memory Ordering in P6 and More Recent Processor Families". */
static inline FN_v_p(native_queued_spin_unlock)
{
	asm volatile("movb $0, %0" : "=m" (*(uint8_t *)a) : : "memory");
}

static inline FN_v_pu(native_wait)
{
	(void)a;
	(void)b;
}

static inline FN_v_u(native_kick)
{
	(void)a;
}

static inline FN_u_u(native_vcpu_is_preempted)
{
	(void)a;
	return 0;
}

#endif
