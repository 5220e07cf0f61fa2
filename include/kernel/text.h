/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Functions of the small kernel: compiled around the ops as a convention has them, into the
 * block of each path that uses them.
 *
 * A block is copied as a whole to where it is timed.  So they reach nothing outside of it
 * but through call sites and the pointers that they are given: no data of their own, no
 * strings, no tables of jumps.  host/build/paths.sh proves it.
 */
#ifndef KERNEL_TEXT_H
#define KERNEL_TEXT_H

#include <stdbool.h>
#include "lib/compiler.h"
#include "paravirt/ops.h"

/* Out of line, as Linux has it; on ia32 with arguments in registers, as it is built. */
#define KERNEL_TEXT	static __attribute__((unused)) ONE_COPY FASTCALL
/* The same, of what assembly names. */
#define KERNEL_NAMED	static __attribute__((used)) ONE_COPY FASTCALL

#define KERNEL_IF	0x200ul

#endif
