/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sites as asm statements, for ops that take pointers and 64-bit values: x86-64's side.
 *
 * ARCH_IN_<shape> are the arguments, where the op finds them: RDI, RSI, RDX, RCX.
 * A statement is named by what the site may change and by what comes back: V nothing,
 * U a word, Q 64 bits.  What may change:
 *
 *	KEEP	nothing, but what the op returns in: convention seed
 *	AX	RAX: convention callee
 *	ALL	what a C call changes: convention ccall
 */
#ifndef OPERANDS_ARCH_H
#define OPERANDS_ARCH_H

#include <stdint.h>

#define ARCH_IN_v_p(a)			"D" (a)
#define ARCH_IN_v_pu(a, b)		"D" (a), "S" (b)
#define ARCH_IN_v_pp			ARCH_IN_v_pu
#define ARCH_IN_v_pq			ARCH_IN_v_pu
#define ARCH_IN_q_up			ARCH_IN_v_pu
#define ARCH_IN_i_uq			ARCH_IN_v_pu
#define ARCH_IN_q_q			ARCH_IN_v_p
#define ARCH_IN_v_pup(a, b, c)		"D" (a), "S" (b), "d" (c)
#define ARCH_IN_q_pup			ARCH_IN_v_pup
#define ARCH_IN_v_puuu(a, b, c, d)	"D" (a), "S" (b), "d" (c), "c" (d)
#define ARCH_IN_v_pupq			ARCH_IN_v_puuu
#define ARCH_IN_v_pppp			ARCH_IN_v_puuu

#define ARCH_KEEP_V(insns, ...)						\
	asm volatile(insns : : __VA_ARGS__ : "memory", "cc")
#define ARCH_KEEP_U(insns, ret, ...)					\
	asm volatile(insns : "=a" (ret) : __VA_ARGS__ : "memory", "cc")
#define ARCH_KEEP_Q	ARCH_KEEP_U

#define ARCH_AX_V(insns, ...)						\
	asm volatile(insns : : __VA_ARGS__ : "rax", "memory", "cc")
#define ARCH_AX_U	ARCH_KEEP_U
#define ARCH_AX_Q	ARCH_KEEP_U

/* An input may not be named as clobbered, but may be in an output's register. */
#define ARCH_ALL_V(insns, ...) do {					\
	unsigned long di_, si_, dx_, cx_;				\
	asm volatile(insns : "=D" (di_), "=S" (si_), "=d" (dx_), "=c" (cx_) \
		     : __VA_ARGS__					\
		     : "rax", "r8", "r9", "r10", "r11", "memory", "cc"); \
} while (0)
#define ARCH_ALL_U(insns, ret, ...) do {				\
	unsigned long di_, si_, dx_, cx_;				\
	asm volatile(insns : "=a" (ret), "=D" (di_), "=S" (si_), "=d" (dx_), \
		     "=c" (cx_) : __VA_ARGS__				\
		     : "r8", "r9", "r10", "r11", "memory", "cc");	\
} while (0)
#define ARCH_ALL_Q	ARCH_ALL_U

/*
 * Those that ia32 passes words of on the stack; here they are as the others.
 * @own: the site in its convention; @ccall is for ia32.
 */
#define ARCH_STACK(style, own, ccall, shape, ...)			\
	ARCH_##style##_V(own, ARCH_IN_##shape(__VA_ARGS__))

/* Whether an op that is passed words on the stack there has a callee-save thunk. */
#define ARCH_STACK_THUNK(X, backend, shape, name)	X(backend, shape, name)

#endif
