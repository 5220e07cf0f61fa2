/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Convention "seed": registers that a C call may change are pushed and popped
 * around it, so the site clobbers nothing.  On ia32 that is the seed's 10 bytes
 * where a value comes back and 12 where none does; on x86-64 30 and 32.
 *
 * The pushes leave the stack at whatever alignment they leave it: the ops are
 * built -mgeneral-regs-only and do not care.  They would overwrite a red zone:
 * everything here is built without one.
 */
#ifndef CONVENTION_H
#define CONVENTION_H

#include "site/site.h"

#ifdef __ASSEMBLER__

#define SEED_ASM(op)							\
	PARA_PATCH(op, 0, ARCH_PUSH_AX; ARCH_PUSH_REST;			\
		   call *ARCH_SLOT(op); ARCH_POP_REST; ARCH_POP_AX)

#define CLI	SEED_ASM(irq_disable)
#define STI	SEED_ASM(irq_enable)

#else

#include "operands_arch.h"
#include "paravirt/ops.h"

#define SEED_SITE(op)							\
	SITE(op, 0, SITE_STR(ARCH_PUSH_REST; ARCH_PUSH_AX) "; "		\
	     SITE_CALL(op) "; " SITE_STR(ARCH_POP_AX; ARCH_POP_REST))
#define SEED_SITE_U(op)							\
	SITE(op, 0, SITE_STR(ARCH_PUSH_REST) "; "			\
	     SITE_CALL(op) "; " SITE_STR(ARCH_POP_REST))
#define SEED_SITE_Q(op)							\
	SITE(op, 0, SITE_STR(ARCH_PUSH_REST_Q) "; "			\
	     SITE_CALL(op) "; " SITE_STR(ARCH_POP_REST_Q))

#define CALL_v_v(op)							\
	asm volatile(SEED_SITE(op) : : : "memory", "cc")
#define CALL_u_v(op) ({							\
	unsigned long ret_;						\
	asm volatile(SEED_SITE_U(op) : "=a" (ret_) : : "memory", "cc");	\
	ret_; })
#define CALL_q_v(op) ({							\
	uint64_t ret_;							\
	asm volatile(SEED_SITE_Q(op) : ARCH_RET_Q (ret_) : : "memory", "cc"); \
	ret_; })
#define CALL_v_u(op, a)							\
	asm volatile(SEED_SITE(op) : : ARCH_ARG1 (a) : "memory", "cc")
#define CALL_u_u(op, a) ({						\
	unsigned long ret_;						\
	asm volatile(SEED_SITE_U(op) : "=a" (ret_) : ARCH_ARG1 (a)	\
		     : "memory", "cc");					\
	ret_; })
#define CALL_v_uu(op, a, b)						\
	asm volatile(SEED_SITE(op) : : ARCH_ARG1 (a), ARCH_ARG2 (b)	\
		     : "memory", "cc")

/* Pointers and 64-bit values. */
#define CALL_V(op, shape, ...)						\
	ARCH_KEEP_V(SEED_SITE(op), ARCH_IN_##shape(__VA_ARGS__))
#define CALL_I(op, shape, ...) ({					\
	int ret_;							\
	ARCH_KEEP_U(SEED_SITE_U(op), ret_, ARCH_IN_##shape(__VA_ARGS__));	\
	ret_; })
#define CALL_Q(op, shape, ...) ({					\
	uint64_t ret_;							\
	ARCH_KEEP_Q(SEED_SITE_Q(op), ret_, ARCH_IN_##shape(__VA_ARGS__));	\
	ret_; })
#define CALL_STACK(op, shape, ...)					\
	ARCH_STACK(KEEP, SEED_SITE(op), SITE_CCALL(op), shape, __VA_ARGS__)

#define SEED_STRING(op)							\
	SITE(op, 0, SITE_STR(ARCH_PUSH_AX; ARCH_PUSH_REST) "; "		\
	     SITE_CALL(op) "; " SITE_STR(ARCH_POP_REST; ARCH_POP_AX))

/* For an asm statement with operands; clobbers nothing but the flags. */
#define CLI_STRING	SEED_STRING(irq_disable)
#define STI_STRING	SEED_STRING(irq_enable)
#define STRING_CLOBBERS	"memory", "cc"

#include "convention/call.h"

#endif
#endif
