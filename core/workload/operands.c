/* SPDX-License-Identifier: GPL-2.0-only */
/* Operands in memory, see operands.h. */
#include "backend/backends.h"
#include "paravirt/install.h"
#include "paravirt/native.h"
#include "workload/operands.h"

/* A microsecond of const_udelay's 2^32 parts of a second. */
#define MICROSECOND	4295ul

static unsigned long at(struct work *w, unsigned word)
{
	return (unsigned long)&w->scratch[word];
}

static void entry_first(struct work *w)
{
	w->arg[0] = at(w, OPERANDS_ENTRY);
}

/* (mm, address, entry): the first two are a hypervisor's. */
static void entry_third(struct work *w)
{
	w->arg[2] = at(w, OPERANDS_ENTRY);
}

/* Slot 1 of a table. */
static void slot(struct work *w)
{
	w->arg[0] = at(w, OPERANDS_ENTRY - 1);
	w->arg[1] = 1;
	w->arg[2] = (uint32_t)OPERANDS_NEW;
	w->arg[3] = (uint32_t)(OPERANDS_NEW >> 32);
}

/* EAX, EBX, ECX, EDX of CPUID. */
static void words(struct work *w)
{
	for (unsigned i = 0; i < 4; i++)
		w->arg[i] = at(w, 0) + i * sizeof(uint32_t);
}

static void tss_and_thread(struct work *w)
{
	w->arg[0] = at(w, 0);
	w->arg[1] = at(w, OPERANDS_THREAD);
}

static void prepare(struct work *w)
{
	for (unsigned i = 0; i < WORK_SCRATCH; i++)
		w->scratch[i] = OPERANDS_OLD;
	for (unsigned i = 0; i < 4; i++)
		w->arg[i] = 0;
	w->arg_q[0] = OPERANDS_NEW;
	w->arg_q[1] = OPERANDS_NEW;
	w->got = 0;
}

/* What one of them calls is set_pmd, where that is a loop. */
void operands_of_mix(struct work *w)
{
	prepare(w);
	w->call = backend_op(&native_backend, OP_set_pmd, false);
	entry_first(w);
}

void operands_prepare(const struct table_op *op, struct work *w)
{
	prepare(w);
	w->call = op->op < OP_COUNT ? backend_op(&native_backend, op->op, false)
		: (unsigned long)goes_back_by_iret;
	switch (op->op) {
	case OP_cpuid:
		words(w);
		break;
	case OP_store_gdt:
	case OP_store_idt:
	case OP_set_pte:
	case OP_set_pte_atomic:
	case OP_set_pmd:
	case OP_set_pud:
	case OP_pmd_clear:
	case OP_queued_spin_unlock:
		entry_first(w);
		break;
	case OP_start_context_switch:
	case OP_end_context_switch:
		w->arg[0] = at(w, OPERANDS_THREAD);
		break;
	case OP_wait:
		entry_first(w);
		w->arg[1] = (uint8_t)OPERANDS_NEW;
		break;
	case OP_set_pte_at:
	case OP_set_pte_present:
	case OP_pte_clear:
	case OP_pte_update:
	case OP_pte_update_defer:
	case OP_ptep_modify_prot_start:
	case OP_ptep_modify_prot_commit:
		entry_third(w);
		break;
	case OP_write_ldt_entry:
	case OP_write_gdt_entry:
	case OP_write_idt_entry:
		slot(w);
		break;
	case OP_load_esp0:
		tss_and_thread(w);
		break;
	case OP_read_msr:
	case OP_read_msr_safe:
		w->arg[1] = at(w, 0);	/* where its error goes */
		break;
	case OP_flush_tlb_single:
		w->arg[0] = at(w, 0);
		break;
	case OP_const_udelay:
		w->arg[0] = MICROSECOND;
		break;
	}
}
