/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Convention "callee": the site is the 6-byte call alone, and the compiler is told
 * that it changes RAX (EAX) alone.  It is Linux's since 2009.  What is called is an
 * op in assembly that keeps to that (__PV_IS_CALLEE_SAVE: native's, Xen's, PVM's, two of
 * lguest's), or a thunk that saves what a C function may change
 * (PV_CALLEE_SAVE_REGS_THUNK): what an op costs in registers is paid where it is
 * called, by those who need a C function for it.
 *
 * Source: Linux, arch/x86/include/asm/paravirt_types.h, 2.6.30 and later.
 */
#ifndef CONVENTION_H
#define CONVENTION_H

#include "site/site.h"

#ifdef __ASSEMBLER__

#define CALLEE_ASM(op)	PARA_PATCH(op, 1, call *ARCH_SLOT_CALLEE(op))

#define CLI	CALLEE_ASM(irq_disable)
#define STI	CALLEE_ASM(irq_enable)

#else

#include "operands_arch.h"
#include "paravirt/ops.h"

/* 1 is CLOBBER_AX. */
#define CALLEE_SITE(op)	SITE(op, 1, SITE_CALL_CALLEE(op))

#define CALL_v_v(op)	ARCH_CALLEE_v_v(CALLEE_SITE(op))
#define CALL_u_v(op) ({							\
	unsigned long ret_;						\
	asm volatile(CALLEE_SITE(op) : "=a" (ret_) : : "memory", "cc");	\
	ret_; })
#define CALL_q_v(op) ({							\
	uint64_t ret_;							\
	asm volatile(CALLEE_SITE(op) : ARCH_RET_Q (ret_) : : "memory", "cc"); \
	ret_; })
#define CALL_v_u(op, a)	ARCH_CALLEE_v_u(CALLEE_SITE(op), a)
#define CALL_u_u(op, a) ({						\
	unsigned long ret_;						\
	ARCH_CALLEE_u_u(CALLEE_SITE(op), ret_, a);			\
	ret_; })
#define CALL_v_uu(op, a, b) ARCH_CALLEE_v_uu(CALLEE_SITE(op), a, b)

/* Pointers and 64-bit values. */
#define CALL_V(op, shape, ...)						\
	ARCH_AX_V(CALLEE_SITE(op), ARCH_IN_##shape(__VA_ARGS__))
#define CALL_I(op, shape, ...) ({					\
	int ret_;							\
	ARCH_AX_U(CALLEE_SITE(op), ret_, ARCH_IN_##shape(__VA_ARGS__));	\
	ret_; })
#define CALL_Q(op, shape, ...) ({					\
	uint64_t ret_;							\
	ARCH_AX_Q(CALLEE_SITE(op), ret_, ARCH_IN_##shape(__VA_ARGS__));	\
	ret_; })
#define CALL_STACK(op, shape, ...)					\
	ARCH_STACK(AX, CALLEE_SITE(op), SITE_CCALL(op), shape, __VA_ARGS__)

/* For an asm statement with operands, which must name STRING_CLOBBERS. */
#define CLI_STRING	CALLEE_SITE(irq_disable)
#define STI_STRING	CALLEE_SITE(irq_enable)
#define STRING_CLOBBERS	ARCH_AX, "memory", "cc"

#include "convention/call.h"

#endif
#endif
