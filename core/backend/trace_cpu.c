/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace, its counters per CPU: for several CPUs at once, where a counter of all would
 * lose counts by itself.  It is in no list: who wants it names it.
 */
#include "paravirt/backend.h"
#include "backend/trace_cpu.h"

#define COUNT_OP(op)	"incl " PERCPU(PV_TRACE + 4 * OP_##op) "\n\t"

BODY(trace_cpu, irq_disable, COUNT_OP(irq_disable) "cli");
BODY(trace_cpu, irq_enable, COUNT_OP(irq_enable) "sti");
BODY(trace_cpu, save_fl, COUNT_OP(save_fl) "pushf\n\tpop %" ARCH_RESULT);
BODY(trace_cpu, restore_fl, COUNT_OP(restore_fl) "push %" ARCH_ARG "\n\tpopf");
BODY(trace_cpu, irq_save, COUNT_OP(irq_save) "pushf\n\tpop %" ARCH_RESULT "\n\tcli");

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(trace_cpu, irq_disable, 0),
	BODY_FORM(trace_cpu, irq_enable, 0),
	BODY_FORM(trace_cpu, save_fl, 0),
	BODY_FORM(trace_cpu, restore_fl, 0),
	BODY_FORM(trace_cpu, irq_save, 0),
};

BACKEND_OF_BODIES(trace_cpu, IRQ_OPS, NO_OPS, NULL);
