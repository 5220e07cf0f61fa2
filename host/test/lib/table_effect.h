/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the table's ops do to memory and what they return, on this machine where it can be
 * and made up where it cannot: by their contracts in op.def, from the arguments that a
 * pass gives them.
 */
#ifndef TABLE_EFFECT_H
#define TABLE_EFFECT_H

#include <string.h>
#include "measure/platform.h"
#include "paravirt/native.h"
#include "workload/table.h"

/* What reads of the made-up machine return. */
enum { MADE_UP_VALUE = 0x5a5a0033, MADE_UP_LIMIT = 0x4f };
static uint64_t made_up_time;		/* another one each time */

static inline void effect_store(unsigned long at, uint64_t value)
{
	memcpy((void *)at, &value, sizeof(value));
}

/* The leaf and the subleaf, the source's own stores, are no matter here. */
static inline void effect_cpuid(const struct work *w)
{
	static const char vendor[4] = "Made";

	for (unsigned i = 0; i < 4; i++)
		memcpy((void *)w->arg[i], vendor, sizeof(vendor));
}

static inline void effect_table(unsigned long at)
{
	const struct native_dtr dtr = { MADE_UP_LIMIT, MADE_UP_VALUE };

	memcpy((void *)at, &dtr, sizeof(dtr));
}

static inline void effect_slot(const struct work *w)
{
	effect_store(w->arg[0] + 8 * w->arg[1],
		     (uint32_t)w->arg[2] | (uint64_t)(uint32_t)w->arg[3] << 32);
}

static inline void effect_stack_top(const struct work *w)
{
	const struct native_thread *thread = (const void *)w->arg[1];

	((struct native_tss *)w->arg[0])->sp0 = thread->sp0;
}

/* Memory. */
static inline void effect_memory(unsigned op, const struct work *w)
{
	const int no_error = 0;

	switch (op) {
	case OP_cpuid:
		effect_cpuid(w);
		break;
	case OP_store_gdt: case OP_store_idt:
		effect_table(w->arg[0]);
		break;
	case OP_write_ldt_entry: case OP_write_gdt_entry: case OP_write_idt_entry:
		effect_slot(w);
		break;
	case OP_load_esp0:
		effect_stack_top(w);
		break;
	case OP_read_msr: case OP_read_msr_safe:
		memcpy((void *)w->arg[1], &no_error, sizeof(no_error));
		break;
	case OP_set_pte: case OP_set_pte_atomic: case OP_set_pmd: case OP_set_pud:
		effect_store(w->arg[0], w->arg_q[0]);
		break;
	case OP_pmd_clear:
		effect_store(w->arg[0], 0);
		break;
	case OP_set_pte_at: case OP_set_pte_present: case OP_ptep_modify_prot_commit:
		effect_store(w->arg[2], w->arg_q[0]);
		break;
	case OP_pte_clear:
		effect_store(w->arg[2], 0);
		break;
	case OP_queued_spin_unlock:
		*(uint8_t *)w->arg[0] = 0;
		break;
	}
}

/* What it returns; 0 where that is nothing. */
static inline uint64_t effect_returns(unsigned op, const struct work *w, bool if_on)
{
	uint64_t found;

	switch (op) {
	case OP_ptep_modify_prot_start:
		memcpy(&found, (void *)w->arg[2], sizeof(found));
		effect_store(w->arg[2], 0);
		return found;
	case OP_make_pte: case OP_pte_val:
		return w->arg_q[0];
	case OP_write_msr: case OP_write_msr_safe: case OP_vcpu_is_preempted:
		return 0;
	case OP_irq_save:
		return FLAGS_ONE | (if_on ? FLAGS_IF : 0);
	case OP_read_tsc: case OP_read_pmc:
		return ++made_up_time;
	}
	return op_info[op].words ? MADE_UP_VALUE : 0;
}

/* What the source of the workload does itself, whatever its site does.  True: it turns IF
 * on. */
static inline bool table_source(const struct table_op *op, const struct work *w)
{
	const uint32_t zero = 0;

	if (op && op->op == OP_cpuid) {
		memcpy((void *)w->arg[0], &zero, sizeof(zero));
		memcpy((void *)w->arg[2], &zero, sizeof(zero));
	}
	return op && op->op == OP_halt;
}

/**
 * table_effect - what a pass over an op of the table does.
 * @op:    NULL: of another workload, nothing; so of an instruction.
 * @if_on: IF when the pass began.
 */
static inline void table_effect(const struct table_op *op, struct work *w, bool if_on)
{
	if (!op || op->op == OP_COUNT)
		return;
	effect_memory(op->op, w);
	w->got = effect_returns(op->op, w, if_on);
}

#endif
