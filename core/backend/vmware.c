/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMware: its guests run CLI and STI; what a Linux guest of it overrides of this
 * table is io_delay, which is nothing there.
 *
 * Source: Linux 6.19, arch/x86/kernel/cpu/vmware.c, vmware_paravirt_ops_setup().
 */
#include "paravirt/backend.h"

BODY(vmware, io_delay, "");

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(vmware, io_delay, 0),
};

BACKEND_OF_BODIES(vmware, IO_DELAY, NO_OPS, NULL);
