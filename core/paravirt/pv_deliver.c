/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pv_deliver: the hypervisor's part, since there is none below: what is pending is
 * taken, and counted.  A guest would trap here (a hypercall); bodies do not come
 * here while nothing is pending, which is how they are timed.  Changes no
 * register but the flags.
 */
#include "paravirt/backend.h"

asm(".pushsection .text.pv_deliver, \"ax\", @progbits\n"
    "\t.globl pv_deliver\n"
    "\t.hidden pv_deliver\n"
    "\t.type pv_deliver, @function\n"
    "pv_deliver:\n"
    "\tincl " MEM(PV_DELIVERED) "\n"
    "\tmovb $0, " MEM(PV_VCPU + PV_VCPU_PENDING) "\n"
    "\tmovb $0, " MEM(PV_SHARED_INFO + PV_VCPU_PENDING) "\n"
    "\tmovl $0, " MEM(PV_LGUEST + PV_LGUEST_PENDING) "\n"
    "\tandl $~(1 << " SITE_STR(PV_PVCS_IP_BIT) "), " MEM(PV_PVCS) "\n"
    "\tret\n"
    "\t.size pv_deliver, . - pv_deliver\n"
    "\t.popsection\n");
