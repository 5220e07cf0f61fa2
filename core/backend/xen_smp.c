/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XenoLinux of 2006 on several CPUs, without CONFIG_PREEMPT: which CPU this is says
 * where in the shared page its mask is.  ia32 finds the number by masking the stack
 * pointer, x86-64 by %gs.  The seed's mail: "The Xen SMP cli() code might actually
 * need more bytes than this": it does.
 *
 * Its flags were the mask itself; the table's are IF, so save_fl has two
 * instructions more than it had.
 *
 * Source: linux-2.6-xen-sparse of May 2006, include/asm-i386/mach-xen/asm/system.h
 * (__cli, __sti with CONFIG_SMP), include/asm-x86_64/mach-xen/asm/system.h.
 */
#include "xen_2006.h"

XEN_2006_BODIES(xen_smp, XEN_2006_SMP)

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(xen_smp, irq_disable, CLOBBER_AX),
	BODY_FORM(xen_smp, irq_enable, CLOBBER_AX),
	BODY_FORM(xen_smp, save_fl, 0),
	BODY_FORM(xen_smp, restore_fl, XEN_2006_SCRATCH),
	BODY_FORM(xen_smp, irq_save, XEN_2006_SAVE_SCRATCH),
};

static const struct virtual_if vif = { xen_2006_set, xen_2006_get, xen_2006_pend };

BACKEND_OF_BODIES(xen_smp, IRQ_OPS, NO_OPS, &vif);
