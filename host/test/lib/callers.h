/* SPDX-License-Identifier: GPL-2.0-only */
/* A caller of every op that may be called, in every convention: what it is given, and
 * what it leaves.  See callers.c. */
#ifndef CALLERS_H
#define CALLERS_H

#include <stdint.h>
#include "paravirt/ops.h"

#define CALLER_ARGUMENTS	4
#define CALLER_LIVE		(ARCH_WORD == 8 ? 12 : 5)

/*
 * @in:    the arguments; of one that is a word, its low half on ia32.
 * @got:   what the op returned.
 * @live:  values that live in registers across the call, if there are registers.
 * @still, @again: those and the arguments, looked at behind it.
 */
struct caller_work {
	volatile uint64_t in[CALLER_ARGUMENTS], got;
	volatile unsigned long live[CALLER_LIVE], still[CALLER_LIVE];
	volatile uint64_t again[CALLER_ARGUMENTS];
};

typedef void (*caller)(struct caller_work *c);

/* Conventions with sites, compiled as what is timed is (fast), and not at all (slow):
 * with a frame pointer, and position independent. */
#define CALLERS(X)							\
	X(seed, fast) X(ccall, fast) X(callee, fast) X(wide16, fast) X(wide32, fast) \
	X(seed, slow) X(ccall, slow) X(callee, slow) X(wide16, slow) X(wide32, slow)

/* NULL: an op that may not be called. */
#define CALLERS_TABLE(convention, how)					\
	extern const caller callers_##convention##_##how[OP_COUNT];
CALLERS(CALLERS_TABLE)

#endif
