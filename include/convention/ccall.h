/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Convention "ccall": the site is the 6-byte call alone, and the compiler is
 * told that it changes what a C call changes.  The seed's mail: "we can shave
 * more bytes off by telling GCC we clobber regs".
 *
 * The call is hidden from the compiler, so the stack may be misaligned in the
 * op: the ops are built -mgeneral-regs-only and do not care.
 */
#ifndef CONVENTION_H
#define CONVENTION_H

#include "site/site.h"

/* Instructions behind the call, with a semicolon in front: see wide16.h. */
#ifndef CCALL_PAD
#define CCALL_PAD
#endif

#ifdef __ASSEMBLER__

/* Changes every register that a C call may change. */
#define CCALL_ASM(op)							\
	PARA_PATCH(op, ARCH_CLOBBERS, call *ARCH_SLOT(op) CCALL_PAD)

#define CLI	CCALL_ASM(irq_disable)
#define STI	CCALL_ASM(irq_enable)

#else

#include "operands_arch.h"
#include "paravirt/ops.h"

#define CCALL_SITE(op)							\
	SITE(op, ARCH_CLOBBERS, SITE_CALL(op) SITE_STR(CCALL_PAD))

#define CALL_v_v(op)							\
	asm volatile(CCALL_SITE(op) : : : ARCH_CLOBBER_v_v)
#define CALL_u_v(op) ({							\
	unsigned long ret_;						\
	asm volatile(CCALL_SITE(op) : "=a" (ret_) : : ARCH_CLOBBER_u_v); \
	ret_; })
#define CALL_q_v(op) ({							\
	uint64_t ret_;							\
	asm volatile(CCALL_SITE(op) : ARCH_RET_Q (ret_) : : ARCH_CLOBBER_q_v); \
	ret_; })
#define CALL_v_u(op, a) do {						\
	unsigned long a_ = (a);						\
	asm volatile(CCALL_SITE(op) : "+" ARCH_ARG1 (a_) : : ARCH_CLOBBER_v_u); \
} while (0)
#define CALL_u_u(op, a) ({						\
	unsigned long ret_;						\
	ARCH_ASM_u_u(CCALL_SITE(op), ret_, a);				\
	ret_; })
#define CALL_v_uu(op, a, b) do {					\
	unsigned long a_ = (a), b_ = (b);				\
	asm volatile(CCALL_SITE(op) : "+" ARCH_ARG1 (a_), "+" ARCH_ARG2 (b_) \
		     : : ARCH_CLOBBER_v_uu);				\
} while (0)

/* Pointers and 64-bit values. */
#define CALL_V(op, shape, ...)						\
	ARCH_ALL_V(CCALL_SITE(op), ARCH_IN_##shape(__VA_ARGS__))
#define CALL_I(op, shape, ...) ({					\
	int ret_;							\
	ARCH_ALL_U(CCALL_SITE(op), ret_, ARCH_IN_##shape(__VA_ARGS__));	\
	ret_; })
#define CALL_Q(op, shape, ...) ({					\
	uint64_t ret_;							\
	ARCH_ALL_Q(CCALL_SITE(op), ret_, ARCH_IN_##shape(__VA_ARGS__));	\
	ret_; })
#define CALL_STACK(op, shape, ...)					\
	ARCH_STACK(ALL, CCALL_SITE(op), CCALL_SITE(op), shape, __VA_ARGS__)

/* For an asm statement with operands, which must name STRING_CLOBBERS. */
#define CLI_STRING	CCALL_SITE(irq_disable)
#define STI_STRING	CCALL_SITE(irq_enable)
#define STRING_CLOBBERS	ARCH_CLOBBER_v_v

#include "convention/call.h"

#endif
#endif
