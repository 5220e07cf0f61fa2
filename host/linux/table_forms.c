/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forms that a backend's table had, see table_forms.h.
 *
 * Source: Linux, arch/i386/kernel/paravirt.c (2.6.20), arch/x86/kernel/paravirt_patch.c
 * (5.4, 5.10).
 */
#include <string.h>
#include "ops.h"
#include "table_forms.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

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
	{ "queued_spin_unlock", ISA_IA32, 3, "\xc6\x00\x00" },
	{ "vcpu_is_preempted", ISA_IA32, 2, "\x31\xc0" },
	{ "irq_disable", ISA_X86_64, 1, "\xfa" },
	{ "irq_enable", ISA_X86_64, 1, "\xfb" },
	{ "restore_fl", ISA_X86_64, 2, "\x57\x9d" },
	{ "save_fl", ISA_X86_64, 2, "\x9c\x58" },
	{ "read_cr2", ISA_X86_64, 3, "\x0f\x20\xd0" },
	{ "read_cr3", ISA_X86_64, 3, "\x0f\x20\xd8" },
	{ "write_cr3", ISA_X86_64, 3, "\x0f\x22\xdf" },
	{ "swapgs", ISA_X86_64, 3, "\x0f\x01\xf8" },
	{ "usergs_sysret64", ISA_X86_64, 6, "\x0f\x01\xf8\x48\x0f\x07" },
	{ "wbinvd", ISA_X86_64, 2, "\x0f\x09" },
	{ "queued_spin_unlock", ISA_X86_64, 3, "\xc6\x07\x00" },
	{ "vcpu_is_preempted", ISA_X86_64, 2, "\x31\xc0" },
};

static const struct form *form_of(enum isa isa, const char *name)
{
	for (size_t i = 0; i < COUNT(forms); i++)
		if (forms[i].isa == isa && !strcmp(forms[i].name, name))
			return &forms[i];
	return NULL;
}

const char *table_form(const struct kernel *k, const struct para *p,
		       unsigned *len)
{
	const char *name = op_name(k, k->listed ? p->type : p->op);
	const struct form *f = name ? form_of(k->im->isa, name) : NULL;

	if (f)
		*len = f->len;
	return f ? f->bytes : NULL;
}

/* If it has no name, could it be one that has a form? */
static bool may_have_form(const struct kernel *k, unsigned op)
{
	const struct op_naming *n = &k->names[op];

	if (op_name(k, op))
		return false;
	for (enum member m = 0; m < MEMBER_COUNT; m++)
		if (n->possible[m] && form_of(k->im->isa, member_names[m]))
			return true;
	return n->possible[MEMBER_NONE];
}

const struct para *ops_undecided(const struct kernel *k)
{
	for (size_t i = 0; i < k->para_count && k->rule == RULE_TABLE && !k->listed; i++)
		if (may_have_form(k, k->paras[i].op))
			return &k->paras[i];
	return NULL;
}
