/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XenoLinux of 2006 on one CPU: the mask is in the shared page, through a pointer.
 *
 * Its flags were the mask itself; the table's are IF, so save_fl has two
 * instructions more than it had.
 *
 * Source: linux-2.6-xen-sparse of May 2006, include/asm-i386/mach-xen/asm/system.h
 * and arch/i386/kernel/entry-xen.S, without CONFIG_SMP.
 */
#include "xen_2006.h"

XEN_2006_BODIES(xen_up, XEN_2006_UP)

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(xen_up, irq_disable, CLOBBER_AX),
	BODY_FORM(xen_up, irq_enable, CLOBBER_AX),
	BODY_FORM(xen_up, save_fl, 0),
	BODY_FORM(xen_up, restore_fl, XEN_2006_SCRATCH),
	BODY_FORM(xen_up, irq_save, XEN_2006_SAVE_SCRATCH),
};

static const struct virtual_if vif = { xen_2006_set, xen_2006_get, xen_2006_pend };

BACKEND_OF_BODIES(xen_up, IRQ_OPS, NO_OPS, &vif);
