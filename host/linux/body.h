/* SPDX-License-Identifier: GPL-2.0-only */
/* What a function of a kernel does, by its instructions. */
#ifndef BODY_H
#define BODY_H

#include "records.h"

/* A function that is no more than this, or one that holds such an instruction. */
#define BODIES(BODY)							\
	BODY(EMPTY)		/* there is none */			\
	BODY(PLAIN)		/* nothing of the below */		\
	BODY(NOTHING)		/* it returns at once */		\
	BODY(ARGUMENT)		/* it returns its argument */		\
	BODY(RET0)		/* it returns 0 */			\
	BODY(STORE)		/* *first = second */			\
	BODY(STORE_AT)		/* *third = fourth */			\
	BODY(THUNK)		/* it saves registers around a call */	\
	BODY(PUSHF) BODY(POPF) BODY(CLI) BODY(STI)	/* all of it */	\
	BODY(STI_HLT) BODY(HLT)						\
	BODY(READ_CR0) BODY(WRITE_CR0) BODY(READ_CR2) BODY(WRITE_CR2)	\
	BODY(READ_CR3) BODY(WRITE_CR3) BODY(READ_CR4) BODY(WRITE_CR4)	\
	BODY(READ_DR) BODY(WRITE_DR)					\
	BODY(LGDT) BODY(LIDT) BODY(LLDT) BODY(LTR) BODY(STR) BODY(SMSW)	\
	BODY(INVLPG) BODY(INVPCID) BODY(SWAPGS) BODY(LOAD_GS)		\
	BODY(CPUID) BODY(RDPMC) BODY(RDTSC) BODY(WBINVD) BODY(OUT)	\
	BODY(RDMSR) BODY(WRMSR)		/* a fault is an oops or a warning */ \
	BODY(RDMSR_SAFE) BODY(WRMSR_SAFE)	/* a fault is returned */ \
	BODY(IRET) BODY(SYSRET) BODY(XCHG)				\
	/* What alternatives put at a site that calls it. */		\
	BODY(AT_UNLOCK)		/* *lock = 0 */				\
	BODY(AT_PREEMPTED)	/* 0 */

enum body_number {
#define BODY(name) BODY_##name,
	BODIES(BODY)
#undef BODY
};

#define B(name)		(1ull << BODY_##name)

/* Of the function at @addr; 0: there are no instructions. */
uint64_t body_of(const struct kernel *k, uint64_t addr);

#endif
