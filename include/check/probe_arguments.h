/* SPDX-License-Identifier: GPL-2.0-only */
/* Where an op's arguments are when its site is reached. */
#ifndef PROBE_ARGUMENTS_H
#define PROBE_ARGUMENTS_H

#include "check/clobber.h"
#include "workload/workload.h"

/**
 * probe_arguments - put what a pass has for an op where the op takes it.
 * @w: arg has the words in their order, arg_q the values of 64 bits; of restore_fl flags.
 * @f: its .in registers and .stack are stored to, as far as there are arguments.
 *
 * Pure.  Registers as System V has them on x86-64 and FASTCALL on ia32, where a value of
 * 64 bits is two words, and what follows the third word is on the stack.
 */
void probe_arguments(enum isa isa, enum op op, const struct work *w,
		     struct clobber_frame *f);

#endif
