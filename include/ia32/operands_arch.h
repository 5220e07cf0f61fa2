/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sites as asm statements, for ops that take pointers and 64-bit values: ia32's side.
 *
 * ARCH_IN_<shape> are the arguments, where the op finds them: words in EAX, EDX, ECX, a
 * 64-bit value in two that follow each other, its low half first.  A statement is named
 * by what the site may change and by what comes back: V nothing, U a word, Q 64 bits.
 * What may change:
 *
 *	KEEP	nothing, but what the op returns in: convention seed
 *	AX	EAX: convention callee
 *	ALL	what a C call changes: convention ccall
 */
#ifndef OPERANDS_ARCH_H
#define OPERANDS_ARCH_H

#include <stdint.h>

#define ARCH_LOW(q)	((uint32_t)(q))
#define ARCH_HIGH(q)	((uint32_t)((q) >> 32))

#define ARCH_IN_v_p(a)			"a" (a)
#define ARCH_IN_v_pu(a, b)		"a" (a), "d" (b)
#define ARCH_IN_v_pp			ARCH_IN_v_pu
#define ARCH_IN_v_pq(a, b)	"a" (a), "d" (ARCH_LOW(b)), "c" (ARCH_HIGH(b))
#define ARCH_IN_q_up			ARCH_IN_v_pu
#define ARCH_IN_i_uq			ARCH_IN_v_pq
#define ARCH_IN_q_q(a)		"a" (ARCH_LOW(a)), "d" (ARCH_HIGH(a))
#define ARCH_IN_v_pup(a, b, c)		"a" (a), "d" (b), "c" (c)
#define ARCH_IN_q_pup			ARCH_IN_v_pup

#define ARCH_KEEP_V(insns, ...)						\
	asm volatile(insns : : __VA_ARGS__ : "memory", "cc")
#define ARCH_KEEP_U(insns, ret, ...)					\
	asm volatile(insns : "=a" (ret) : __VA_ARGS__ : "memory", "cc")
#define ARCH_KEEP_Q(insns, ret, ...)					\
	asm volatile(insns : "=A" (ret) : __VA_ARGS__ : "memory", "cc")

/* An input may not be named as clobbered, but may be in an output's register. */
#define ARCH_AX_V(insns, ...) do {					\
	unsigned long ax_;						\
	asm volatile(insns : "=a" (ax_) : __VA_ARGS__ : "memory", "cc");	\
} while (0)
#define ARCH_AX_U	ARCH_KEEP_U
#define ARCH_AX_Q	ARCH_KEEP_Q

#define ARCH_ALL_V(insns, ...) do {					\
	unsigned long ax_, dx_, cx_;					\
	asm volatile(insns : "=a" (ax_), "=d" (dx_), "=c" (cx_)		\
		     : __VA_ARGS__ : "memory", "cc");			\
} while (0)
#define ARCH_ALL_U(insns, ret, ...) do {				\
	unsigned long dx_, cx_;						\
	asm volatile(insns : "=a" (ret), "=d" (dx_), "=c" (cx_)		\
		     : __VA_ARGS__ : "memory", "cc");			\
} while (0)
#define ARCH_ALL_Q(insns, ret, ...) do {				\
	unsigned long cx_;						\
	asm volatile(insns : "=A" (ret), "=c" (cx_)			\
		     : __VA_ARGS__ : "memory", "cc");			\
} while (0)

/*
 * What follows the third word is on the stack: pushed in front of the site and dropped
 * behind it, so that the site is what a patched one is.  What an op finds above its
 * return address, a form finds at (%esp).  Registers that a site pushes would lie
 * between, and so would a thunk's: these sites are of the form @ccall in every
 * convention, and there is no thunk.
 *
 * Words that are pushed are in registers or constants: an operand in memory might be
 * relative to ESP, which the first push changes.
 */
#define ARCH_STACK(style, own, ccall, shape, ...)			\
	ARCH_STACK_##shape(ccall, __VA_ARGS__)
#define ARCH_STACK_v_puuu(insns, a, b, c, d)				\
	ARCH_ALL_V("push %[last]\n" insns "\tlea 4(%%esp), %%esp",	\
		   ARCH_IN_v_pup(a, b, c), [last] "ri" (d))
#define ARCH_STACK_v_pppp	ARCH_STACK_v_puuu
#define ARCH_STACK_v_pupq(insns, a, b, c, d)				\
	ARCH_ALL_V("push %[high]\n\tpush %[low]\n"			\
		   insns "\tlea 8(%%esp), %%esp",			\
		   ARCH_IN_v_pup(a, b, c), [low] "ri" (ARCH_LOW(d)),	\
		   [high] "ri" (ARCH_HIGH(d)))

/* Whether an op that is passed words on the stack has a callee-save thunk. */
#define ARCH_STACK_THUNK(X, backend, shape, name)

#endif
