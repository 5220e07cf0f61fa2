/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hyper-V: what a Linux guest of it overrides (spinlocks, flush_tlb_multi) is not in
 * this table: all is native.
 *
 * Source: Linux 6.19, arch/x86/hyperv/, what is assigned to pv_ops there.
 */
#include "paravirt/ops.h"

const struct backend hyperv_backend = { .name = "hyperv" };
