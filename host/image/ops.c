/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of ops by their numbers, of the releases whose order is known, and the forms
 * that a backend's table had.
 *
 * Sources: Linux, include/asm-i386/paravirt.h (2.6.20), arch/x86/include/asm/
 * paravirt_types.h (5.10.223, 6.1, 6.12); the forms: arch/i386/kernel/paravirt.c (2.6.20),
 * arch/x86/kernel/paravirt_patch.c (5.10).
 */
#include <stdio.h>
#include <string.h>
#include "kernel.h"

struct ops_list {
	enum isa isa;
	enum rule rule;
	bool listed;			/* types, and not slots */
	unsigned release;		/* 601 is 6.1 */
	const char *const *names;
	unsigned count;
};

/* What all x86-64 kernels of these releases have in this order. */
#define CPU_TABLES "load_tr_desc", "load_gdt", "load_idt", "set_ldt", "store_tr", \
	"load_tls", "load_gs_index", "write_ldt_entry", "write_gdt_entry", \
	"write_idt_entry", "alloc_ldt", "free_ldt", "load_sp0"
#define CPU_BEGIN "io_delay", "get_debugreg", "set_debugreg", "read_cr0", \
	"write_cr0", "write_cr4", CPU_TABLES, "invalidate_io_bitmap", \
	"update_io_bitmap", "wbinvd", "cpuid", "read_msr", "write_msr", \
	"read_msr_safe", "write_msr_safe", "read_pmc"
#define MMU_PAGES "pgd_alloc", "pgd_free", "alloc_pte", "alloc_pmd", "alloc_pud", \
	"alloc_p4d", "release_pte", "release_pmd", "release_pud", "release_p4d", \
	"set_pte"
#define MMU_VALUES "ptep_modify_prot_start", "ptep_modify_prot_commit", "pte_val", \
	"make_pte", "pgd_val", "make_pgd", "set_pud", "pmd_val", "make_pmd", \
	"pud_val", "make_pud", "set_p4d"
/* Page tables of 4 levels (CONFIG_X86_5LEVEL=n) end there. */
#define MMU_5_LEVELS "p4d_val", "make_p4d", "set_pgd"
#define MMU_END	"lazy_mode_enter", "lazy_mode_leave", "lazy_mode_flush", "set_fixmap"
#define LOCKS "queued_spin_lock_slowpath", "queued_spin_unlock", "wait", "kick", \
	"vcpu_is_preempted"

static const char *const types_2_6_20[] = {
	"irq_disable", "irq_enable", "restore_flags", "save_flags",
	"save_flags_irq_disable", "interrupt_return", "sti_sysexit",
};

#define BEGIN_5_10 "patch", "sched_clock", "steal_clock", CPU_BEGIN, \
	"iret", "start_context_switch", "end_context_switch", \
	"save_fl", "restore_fl", "irq_disable", "irq_enable", "safe_halt", "halt", \
	"flush_tlb_user", "flush_tlb_kernel", "flush_tlb_one_user", \
	"flush_tlb_others", "tlb_remove_table", "exit_mmap", \
	"read_cr2", "write_cr2", "read_cr3", "write_cr3", "activate_mm", \
	"dup_mmap", MMU_PAGES, "set_pmd", MMU_VALUES

#define BEGIN_6 CPU_BEGIN, "start_context_switch", "end_context_switch", \
	"save_fl", "irq_disable", "irq_enable", "safe_halt", "halt", \
	"flush_tlb_user", "flush_tlb_kernel", "flush_tlb_one_user", \
	"flush_tlb_multi", "tlb_remove_table", "exit_mmap", \
	"notify_page_enc_status_changed", "read_cr2", "write_cr2", "read_cr3", \
	"write_cr3"
#define BEGIN_6_1  BEGIN_6, "activate_mm", "dup_mmap", MMU_PAGES, "set_pmd", MMU_VALUES
#define BEGIN_6_12 BEGIN_6, "enter_mmap", MMU_PAGES, "set_pmd", MMU_VALUES

/* Both ends of these releases. */
#define LISTS(name, BEGIN)						\
	static const char *const name##_4[] = { BEGIN, MMU_END, LOCKS };	\
	static const char *const name##_5[] = { BEGIN, MMU_5_LEVELS, MMU_END, LOCKS }

LISTS(x86_64_5_10, BEGIN_5_10);
LISTS(x86_64_6_1, BEGIN_6_1);
LISTS(x86_64_6_12, BEGIN_6_12);

static const char *const i386_6_1[] = {
	"io_delay", "flush_tlb_user", "flush_tlb_kernel", "flush_tlb_one_user",
	"flush_tlb_multi", "tlb_remove_table", "exit_mmap",
	"notify_page_enc_status_changed", LOCKS,
};

#define NAMES(n)	n, sizeof(n) / sizeof((n)[0])

static const struct ops_list lists[] = {
	{ ISA_IA32, RULE_TABLE, true, 0, NAMES(types_2_6_20) },
#define BOTH(isa, rule, release, name)					\
	{ isa, rule, false, release, NAMES(name##_4) },			\
	{ isa, rule, false, release, NAMES(name##_5) }
	BOTH(ISA_X86_64, RULE_TABLE, 510, x86_64_5_10),
	BOTH(ISA_X86_64, RULE_POINTER, 601, x86_64_6_1),
	BOTH(ISA_X86_64, RULE_DIRECT_CALL, 612, x86_64_6_12),
	{ ISA_IA32, RULE_POINTER, false, 601, NAMES(i386_6_1) },
};

/* Functions of bare metal whose first instruction nothing else begins with: an order
 * that puts one elsewhere is not this kernel's. */
static const struct { const char *name, *bytes; unsigned len; } anchors[] = {
	{ "save_fl", "\x9c\x58", 2 }, { "irq_disable", "\xfa", 1 },
	{ "irq_enable", "\xfb", 1 }, { "read_cr2", "\x0f\x20\xd0", 3 },
	{ "read_cr3", "\x0f\x20\xd8", 3 }, { "write_cr3", "\x0f\x22\xdf", 3 },
#define ARGUMENT(name)	{ name, "\x48\x89\xf8", 3 }
	ARGUMENT("pte_val"), ARGUMENT("make_pte"), ARGUMENT("pgd_val"),
	ARGUMENT("make_pgd"), ARGUMENT("pmd_val"), ARGUMENT("make_pmd"),
	ARGUMENT("pud_val"), ARGUMENT("make_pud"), ARGUMENT("p4d_val"),
	ARGUMENT("make_p4d"),
};

static bool begins(const struct kernel *k, unsigned op, const char *bytes,
		   unsigned len)
{
	uint64_t addr = kernel_pointer(k, op);
	const uint8_t *p = image_bytes(k->im, addr, ENDBR_LEN + len);

	return p && (!memcmp(p, bytes, len)
		     || (!memcmp(p, "\xf3\x0f\x1e\xfa", ENDBR_LEN)
			 && !memcmp(p + ENDBR_LEN, bytes, len)));
}

static bool anchored(const struct kernel *k, const struct ops_list *l)
{
	for (unsigned i = 0; i < l->count; i++)
		for (size_t a = 0; a < sizeof(anchors) / sizeof(anchors[0]); a++)
			if (!strcmp(l->names[i], anchors[a].name)
			    && !begins(k, i, anchors[a].bytes, anchors[a].len))
				return false;
	return true;
}

/* 601 of "Linux version 6.1.0-...". */
static unsigned release(const struct kernel *k)
{
	unsigned major, minor;

	return sscanf(k->im->banner, "Linux version %u.%u", &major, &minor) == 2
		&& minor < 100 ? major * 100 + minor : 0;
}

/* Where only slots are known, the last one that is called is the list's last. */
static bool slide(struct kernel *k, const struct ops_list *l)
{
	unsigned by = l->count - k->ops;
	uint64_t low = k->table;

	if (k->ops > l->count)
		return false;
	k->table = low - (uint64_t)by * image_word(k->im);
	if (!anchored(k, l)) {
		k->table = low;
		return false;
	}
	for (size_t n = 0; n < k->para_count; n++)
		k->paras[n].op = (uint8_t)(k->paras[n].op + by);
	k->ops = l->count;
	return true;
}

static bool fits(struct kernel *k, const struct ops_list *l)
{
	if (l->isa != k->im->isa || l->rule != k->rule || l->listed != k->listed)
		return false;
	if (l->listed)
		return true;
	if (release(k) != l->release)
		return false;
	/* The last op, vcpu_is_preempted, has sites in all of them. */
	return k->rule == RULE_DIRECT_CALL ? slide(k, l)
		: k->ops == l->count && anchored(k, l);
}

void ops_recognise(struct kernel *k)
{
	for (size_t i = 0; k->para_count && i < sizeof(lists) / sizeof(lists[0]); i++)
		if (fits(k, &lists[i])) {
			k->list = &lists[i];
			return;
		}
}

const char *op_name(const struct kernel *k, unsigned op)
{
	return k->list && op < k->list->count ? k->list->names[op] : NULL;
}

static const struct form {
	const char *name;
	enum isa isa;
	unsigned len;
	const char *bytes;
} forms[] = {
	{ "irq_disable", ISA_IA32, 1, "\xfa" },
	{ "irq_enable", ISA_IA32, 1, "\xfb" },
	{ "restore_flags", ISA_IA32, 2, "\x50\x9d" },
	{ "save_flags", ISA_IA32, 2, "\x9c\x58" },
	{ "save_flags_irq_disable", ISA_IA32, 3, "\x9c\x58\xfa" },
	{ "interrupt_return", ISA_IA32, 1, "\xcf" },
	{ "sti_sysexit", ISA_IA32, 3, "\xfb\x0f\x35" },
	{ "irq_disable", ISA_X86_64, 1, "\xfa" },
	{ "irq_enable", ISA_X86_64, 1, "\xfb" },
	{ "restore_fl", ISA_X86_64, 2, "\x57\x9d" },
	{ "save_fl", ISA_X86_64, 2, "\x9c\x58" },
	{ "read_cr2", ISA_X86_64, 3, "\x0f\x20\xd0" },
	{ "read_cr3", ISA_X86_64, 3, "\x0f\x20\xd8" },
	{ "write_cr3", ISA_X86_64, 3, "\x0f\x22\xdf" },
	{ "wbinvd", ISA_X86_64, 2, "\x0f\x09" },
	{ "queued_spin_unlock", ISA_X86_64, 3, "\xc6\x07\x00" },
	{ "vcpu_is_preempted", ISA_X86_64, 2, "\x31\xc0" },
};

const char *table_form(const struct kernel *k, const struct para *p,
		       unsigned *len)
{
	const char *name = op_name(k, k->listed ? p->type : p->op);

	for (size_t i = 0; name && i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].isa == k->im->isa && !strcmp(forms[i].name, name)) {
			*len = forms[i].len;
			return forms[i].bytes;
		}
	return NULL;
}
