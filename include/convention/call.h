/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Call-site wrappers: irq_disable(), save_fl(), ..., one for each op that may
 * be called, expanded from op.def.
 *
 * Included by a convention's header, which has defined CALL_<shape>() for the shapes
 * of words, and for those with pointers and 64-bit values, by what comes back,
 *
 *	CALL_V, CALL_I, CALL_Q	(op, shape, arguments ...): nothing, an int, 64 bits
 *	CALL_STACK		the same as CALL_V, of the shapes of which ia32 passes
 *				words on the stack
 */
#ifndef CALL_H
#define CALL_H

#include "paravirt/ops.h"

/* Always: a wrapper left out of line would hide one site behind all its uses.
 * (To GCC's size estimate every line of an asm statement is an instruction.) */
#define SITED_INLINE	static inline __attribute__((always_inline))

#define WRAP_v_v(op)	SITED_INLINE void op(void) { CALL_v_v(op); }
#define WRAP_u_v(op)	SITED_INLINE unsigned long op(void) { return CALL_u_v(op); }
#define WRAP_q_v(op)	SITED_INLINE uint64_t op(void) { return CALL_q_v(op); }
#define WRAP_v_u(op)	SITED_INLINE void op(unsigned long a) { CALL_v_u(op, a); }
#define WRAP_u_u(op)	\
	SITED_INLINE unsigned long op(unsigned long a) { return CALL_u_u(op, a); }
#define WRAP_v_uu(op)	\
	SITED_INLINE void op(unsigned long a, unsigned long b) { CALL_v_uu(op, a, b); }

#define WRAP_v_p(op)	\
	SITED_INLINE void op(void *a) { CALL_V(op, v_p, a); }
#define WRAP_v_pu(op)	\
	SITED_INLINE void op(void *a, unsigned long b) { CALL_V(op, v_pu, a, b); }
#define WRAP_v_pp(op)	\
	SITED_INLINE void op(void *a, void *b) { CALL_V(op, v_pp, a, b); }
#define WRAP_v_pq(op)	\
	SITED_INLINE void op(void *a, uint64_t b) { CALL_V(op, v_pq, a, b); }
#define WRAP_q_up(op)	\
	SITED_INLINE uint64_t op(unsigned long a, int *b) { return CALL_Q(op, q_up, a, b); }
#define WRAP_i_uq(op)	\
	SITED_INLINE int op(unsigned long a, uint64_t b) { return CALL_I(op, i_uq, a, b); }
#define WRAP_q_q(op)	\
	SITED_INLINE uint64_t op(uint64_t a) { return CALL_Q(op, q_q, a); }
#define WRAP_v_pup(op)	\
	SITED_INLINE void op(void *a, unsigned long b, void *c) { CALL_V(op, v_pup, a, b, c); }
#define WRAP_q_pup(op)	\
	SITED_INLINE uint64_t op(void *a, unsigned long b, void *c) \
	{ return CALL_Q(op, q_pup, a, b, c); }

#define WRAP_v_puuu(op)	\
	SITED_INLINE void op(void *a, unsigned long b, unsigned long c, unsigned long d) \
	{ CALL_STACK(op, v_puuu, a, b, c, d); }
#define WRAP_v_pupq(op)	\
	SITED_INLINE void op(void *a, unsigned long b, void *c, uint64_t d) \
	{ CALL_STACK(op, v_pupq, a, b, c, d); }
#define WRAP_v_pppp(op)	\
	SITED_INLINE void op(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d) \
	{ CALL_STACK(op, v_pppp, a, b, c, d); }

/* Of an op that native code calls too, see native.h: the wrapper. */
#ifndef CALLED
#define CALLED(op)	op
#endif

/* The hook belongs to the engine, which calls it for a backend by name. */
#define WRAP_patch(op)

#define WRAP_timed(shape, op)	WRAP_##shape(op)
#define WRAP_setup(shape, op)	WRAP_##shape(op)
/* Not to be called: jumped to, or without meaning. */
#define WRAP_jump(shape, op)
#define WRAP_trap(shape, op)
#define WRAP_x64		ARCH_X64(WRAP)

#define OP(name, shape, class, ring3, contract) WRAP_##class(shape, name)
#include "list/op.def"
#undef OP

#endif
