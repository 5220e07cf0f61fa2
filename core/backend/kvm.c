/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KVM: its guests run CLI and STI; what a Linux guest of it overrides of this table
 * is io_delay, which delays nothing there.
 *
 * Source: Linux, arch/x86/kernel/kvm.c, paravirt_ops_setup().
 */
#include "paravirt/backend.h"

BODY(kvm, io_delay, "");

static const struct body_form forms[OP_COUNT] = {
	BODY_FORM(kvm, io_delay, 0),
};

BACKEND_OF_BODIES(kvm, IO_DELAY, NO_OPS, NULL);
