/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workload "live_regs": save_fl() with values in registers around it, as many as the
 * architecture has room for.  A site that may change what a C function may makes
 * the compiler put some of them away; one that changes RAX alone, or nothing, does
 * not.  The loads and stores at both ends are the same in every convention.
 */
#include "arch.h"
#include "workload/workload.h"

/* Volatile, so they are loaded before the op and stored behind it. */
#if ARCH_LIVE == 10
#define LIVE(X)	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9)
#else
#define LIVE(X)	X(0) X(1) X(2) X(3) X(4)
#endif
#define LOAD(i)		unsigned long v##i = w->value[i];

/* An ADD of two registers, and said so: else one compiler makes it LEA, and another
 * adds what was put away without fetching it, an instruction less. */
#define STORE(i)							\
	asm("add %1, %0" : "+r" (v##i) : "r" (flags) : "cc");		\
	w->value[i] = v##i;

WORKLOAD_SOURCE(live_regs,
	LIVE(LOAD)
	unsigned long flags = save_fl();

	LOOK(flags);
	LIVE(STORE)
)
