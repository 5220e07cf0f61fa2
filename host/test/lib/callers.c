/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The callers of one convention, CONVENTION, compiled so: HOW.  They are in a section
 * of their own, for who wants to patch them.
 */
#include <stddef.h>
#include "callers.h"

/* The arguments of a shape, in order: DO(letter, name, number). */
#define EACH_v(DO)
#define EACH_u(DO)	DO(u, a, 0)
#define EACH_p(DO)	DO(p, a, 0)
#define EACH_q(DO)	DO(q, a, 0)
#define EACH_uu(DO)	DO(u, a, 0) DO(u, b, 1)
#define EACH_pu(DO)	DO(p, a, 0) DO(u, b, 1)
#define EACH_pp(DO)	DO(p, a, 0) DO(p, b, 1)
#define EACH_pq(DO)	DO(p, a, 0) DO(q, b, 1)
#define EACH_up(DO)	DO(u, a, 0) DO(p, b, 1)
#define EACH_uq(DO)	DO(u, a, 0) DO(q, b, 1)
#define EACH_pup(DO)	EACH_pu(DO) DO(p, c, 2)
#define EACH_puuu(DO)	EACH_pu(DO) DO(u, c, 2) DO(u, d, 3)
#define EACH_pppp(DO)	EACH_pp(DO) DO(p, c, 2) DO(p, d, 3)
#define EACH_pupq(DO)	EACH_pup(DO) DO(q, d, 3)

/* As a word, so that a compiler has no reason to keep it as two. */
#define WORD(q)			(*(volatile unsigned long *)&(q))
#define LOAD(type, name, k)	LOAD_##type(name, k)
#define LOAD_u(name, k)		unsigned long name = WORD(w->in[k]);
#define LOAD_p(name, k)		void *name = (void *)WORD(w->in[k]);
#define LOAD_q(name, k)		uint64_t name = w->in[k];
#define AGAIN(type, name, k)	AGAIN_##type(name, k)
#define AGAIN_u(name, k)	WORD(w->again[k]) = name;
#define AGAIN_p(name, k)	WORD(w->again[k]) = (unsigned long)name;
#define AGAIN_q(name, k)	w->again[k] = name;

#if ARCH_WORD == 8
#define LIVE(DO)	DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7) DO(8) DO(9) \
			DO(10) DO(11)
#else
#define LIVE(DO)	DO(0) DO(1) DO(2) DO(3) DO(4)
#endif
#define HOLD(k)		unsigned long live##k = w->live[k];
#define STILL(k)	w->still[k] = live##k;

#define JOIN_(a, b, c)	a##_##b##_##c
#define JOIN(a, b, c)	JOIN_(a, b, c)

#define CALLER(op, got, each, arguments)				\
	__attribute__((section("callers"), noinline))			\
	static void JOIN(call, op, HOW)(struct caller_work *w)		\
	{								\
		each(LOAD)						\
		LIVE(HOLD)						\
		got op arguments;					\
		LIVE(STILL)						\
		each(AGAIN)						\
	}
#define GOT			w->got =
#define CALLER_v_v(op)		CALLER(op, , EACH_v, ())
#define CALLER_u_v(op)		CALLER(op, GOT, EACH_v, ())
#define CALLER_q_v(op)		CALLER(op, GOT, EACH_v, ())
#define CALLER_v_u(op)		CALLER(op, , EACH_u, (a))
#define CALLER_u_u(op)		CALLER(op, GOT, EACH_u, (a))
#define CALLER_v_p(op)		CALLER(op, , EACH_p, (a))
#define CALLER_q_q(op)		CALLER(op, GOT, EACH_q, (a))
#define CALLER_v_uu(op)		CALLER(op, , EACH_uu, (a, b))
#define CALLER_v_pu(op)		CALLER(op, , EACH_pu, (a, b))
#define CALLER_v_pp(op)		CALLER(op, , EACH_pp, (a, b))
#define CALLER_v_pq(op)		CALLER(op, , EACH_pq, (a, b))
#define CALLER_q_up(op)		CALLER(op, GOT, EACH_up, (a, b))
#define CALLER_i_uq(op)		CALLER(op, GOT, EACH_uq, (a, b))
#define CALLER_v_pup(op)	CALLER(op, , EACH_pup, (a, b, c))
#define CALLER_q_pup(op)	CALLER(op, GOT, EACH_pup, (a, b, c))
#define CALLER_v_puuu(op)	CALLER(op, , EACH_puuu, (a, b, c, d))
#define CALLER_v_pppp(op)	CALLER(op, , EACH_pppp, (a, b, c, d))
#define CALLER_v_pupq(op)	CALLER(op, , EACH_pupq, (a, b, c, d))
#define CALLER_patch(op)

/* Where call.h has a wrapper there is a caller. */
#define CALLED_timed(shape, name)	CALLER_##shape(name)
#define CALLED_setup(shape, name)	CALLER_##shape(name)
#define CALLED_jump(shape, name)
#define CALLED_trap(shape, name)
#define CALLED_x64		ARCH_X64(CALLED)
#define OP(name, shape, class, ring3, contract) CALLED_##class(shape, name)
#include "list/op.def"
#undef OP

#define LISTED_timed(name)	[OP_##name] = JOIN(call, name, HOW),
#define LISTED_setup		LISTED_timed
#define LISTED_jump(name)
#define LISTED_trap(name)
#define LISTED_x64		ARCH_X64(LISTED)
#define call_patch_fast		NULL
#define call_patch_slow		NULL
#define OP(name, shape, class, ring3, contract) LISTED_##class(name)
const caller JOIN(callers, CONVENTION, HOW)[OP_COUNT] = {
#include "list/op.def"
};
