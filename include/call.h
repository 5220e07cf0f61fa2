/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Call-site wrappers: irq_disable(), save_fl(), ..., one for each op that may
 * be called, expanded from op.def.
 *
 * Included by a convention's header, which has defined CALL_<shape>() for the
 * shapes whose calls leave a record and CALL_TABLE() for the others (pointers
 * and 64-bit arguments: called through the table, as in the seed).
 */
#ifndef CALL_H
#define CALL_H

#include "paravirt.h"

#define WRAP_v_v(op)	static inline void op(void) { CALL_v_v(op); }
#define WRAP_u_v(op)	static inline unsigned long op(void) { return CALL_u_v(op); }
#define WRAP_q_v(op)	static inline uint64_t op(void) { return CALL_q_v(op); }
#define WRAP_v_u(op)	static inline void op(unsigned long a) { CALL_v_u(op, a); }
#define WRAP_u_u(op)	\
	static inline unsigned long op(unsigned long a) { return CALL_u_u(op, a); }
#define WRAP_v_uu(op)	\
	static inline void op(unsigned long a, unsigned long b) { CALL_v_uu(op, a, b); }

#define WRAP_v_p(op)	\
	static inline void op(void *a) { CALL_TABLE(op)(a); }
#define WRAP_v_pu(op)	\
	static inline void op(void *a, unsigned long b) { CALL_TABLE(op)(a, b); }
#define WRAP_v_pp(op)	\
	static inline void op(void *a, void *b) { CALL_TABLE(op)(a, b); }
#define WRAP_v_pq(op)	\
	static inline void op(void *a, uint64_t b) { CALL_TABLE(op)(a, b); }
#define WRAP_q_up(op)	\
	static inline uint64_t op(unsigned long a, int *b) { return CALL_TABLE(op)(a, b); }
#define WRAP_i_uq(op)	\
	static inline int op(unsigned long a, uint64_t b) { return CALL_TABLE(op)(a, b); }
#define WRAP_v_pup(op)	\
	static inline void op(void *a, unsigned long b, void *c) { CALL_TABLE(op)(a, b, c); }
#define WRAP_v_puuu(op)	\
	static inline void op(void *a, unsigned long b, unsigned long c, unsigned long d) \
	{ CALL_TABLE(op)(a, b, c, d); }
#define WRAP_v_pupq(op)	\
	static inline void op(void *a, unsigned long b, void *c, uint64_t d) \
	{ CALL_TABLE(op)(a, b, c, d); }
#define WRAP_v_pppp(op)	\
	static inline void op(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d) \
	{ CALL_TABLE(op)(a, b, c, d); }

/* The hook belongs to the engine, which calls it for a backend by name. */
#define WRAP_patch(op)

#define WRAP_timed(shape, op)	WRAP_##shape(op)
#define WRAP_setup(shape, op)	WRAP_##shape(op)
/* Not to be called: jumped to, or without meaning. */
#define WRAP_jump(shape, op)
#define WRAP_trap(shape, op)

#define OP(name, shape, class, contract) WRAP_##class(shape, name)
#include "op.def"
#undef OP

#endif
