/* SPDX-License-Identifier: GPL-2.0-only */
/* An op implemented with other arguments than its slot has.
 * FAILS: incompatible pointer type */
#include "paravirt/ops.h"

#ifdef FAIL
static void shadow_write_cr3(void) { }
#else
static FN_v_u(shadow_write_cr3) { (void)a; }
#endif

const struct paravirt_ops shadow = { .write_cr3 = shadow_write_cr3 };
