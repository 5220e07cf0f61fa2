/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace: counts every call that a site makes, then does what the native backend
 * does.  A test's oracle: no way to an op may lose one.
 */
#include "paravirt/backend.h"

#define COUNT_OP(op)	"incl pv_memory + " SITE_STR(PV_TRACE) " + 4 * OP_" #op \
			ARCH_RELATIVE FIX_MEM(0) "\t"

BODY(trace, irq_disable, COUNT_OP(irq_disable) "cli");
BODY(trace, irq_enable, COUNT_OP(irq_enable) "sti");
BODY(trace, save_fl, COUNT_OP(save_fl) "pushf\n\tpop %" ARCH_RESULT);
BODY(trace, restore_fl, COUNT_OP(restore_fl) "push %" ARCH_ARG "\n\tpopf");
BODY(trace, irq_save, COUNT_OP(irq_save) "pushf\n\tpop %" ARCH_RESULT "\n\tcli");
BODY(trace, io_delay, COUNT_OP(io_delay) "out %al, $0x80");

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(trace, irq_disable, 0),
	BODY_FORM(trace, irq_enable, 0),
	BODY_FORM(trace, save_fl, 0),
	BODY_FORM(trace, restore_fl, 0),
	BODY_FORM(trace, irq_save, 0),
	BODY_FORM(trace, io_delay, 0),
};

BACKEND_OF_BODIES(trace, IRQ_OPS_AND_IO_DELAY, NO_OPS, NULL);
