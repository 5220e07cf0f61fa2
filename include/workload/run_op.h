/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An op by its shape, with arguments from a struct work * called w, as a statement; what it
 * returns stays in registers.  So native and paravirt differ in the site and nothing else.
 * RUN_<shape>(op), the shapes of table.def and mix_op.def; "checked" is in scope.
 */
#ifndef RUN_OP_H
#define RUN_OP_H

#include "arch.h"
#include "workload/workload.h"

#define ARG(i)		(w->arg[i])
#define PTR(i)		((void *)w->arg[i])

/* At the end the work is still asked for: there are so few registers on ia32 that the last
 * copy was another one without. */
#define STILL(w)	asm volatile("" : : "g" (w))

#define RUN_v_v(op)	op()
#define RUN_u_v(op)	TAKE_WORD(op())
#define RUN_q_v(op)	TAKE(op())
#define RUN_v_u(op)	op(ARG(0))
#define RUN_u_u(op)	TAKE_WORD(op(ARG(0)))
#define RUN_v_uu(op)	op(ARG(0), ARG(1))
#define RUN_v_p(op)	op(PTR(0))
#define RUN_v_pu(op)	op(PTR(0), ARG(1))
#define RUN_v_pp(op)	op(PTR(0), PTR(1))
#define RUN_q_q(op)	TAKE(op(w->arg_q[0]))
#define RUN_v_pq(op)	op(PTR(0), w->arg_q[0])
#define RUN_q_up(op)	TAKE(op(ARG(0), PTR(1)))
#define RUN_i_uq(op)	TAKE_WORD((unsigned long)op(ARG(0), w->arg_q[0]))
#define RUN_v_pup(op)	op(PTR(0), ARG(1), PTR(2))
#define RUN_q_pup(op)	do { TAKE(op(PTR(0), ARG(1), PTR(2))); STILL(w); } while (0)
#define RUN_v_puuu(op)	op(PTR(0), ARG(1), ARG(2), ARG(3))
#define RUN_v_pupq(op)	op(PTR(0), ARG(1), PTR(2), w->arg_q[0])

/* The leaf and the subleaf are where the answer comes. */
#define RUN_v_pppp(op) do {						\
	*(volatile uint32_t *)PTR(0) = 0;				\
	*(volatile uint32_t *)PTR(2) = 0;				\
	op(PTR(0), PTR(1), PTR(2), PTR(3));				\
	STILL(w);							\
} while (0)

/* LTR makes the descriptor busy, and refuses one that is: its type is made available
 * first.  (Of struct work: where that byte is, and what it is then.) */
#define RUN_v_v_tss(op) do {						\
	*(volatile uint8_t *)PTR(0) = (uint8_t)ARG(1);			\
	CALLED(op)();							\
} while (0)

/* What halts is woken by a timer, which is armed before.  (HLT behind STI: an interrupt that
 * is pending by then is taken behind HLT.) */
#define ARM()	((void FASTCALL (*)(unsigned long))ARG(0))(ARG(1))
#define RUN_v_v_armed(op) do {						\
	ARM();								\
	op();								\
} while (0)
#define RUN_v_v_armed_on(op) do {					\
	ARM();								\
	asm volatile("sti" : : : "memory");				\
	op();								\
} while (0)

/* Of x86-64 alone: on ia32 there is nothing to run. */
#define ONLY_timed(...)	__VA_ARGS__
#define ONLY_trap(...)
#define ONLY_X64	ARCH_X64(ONLY)
#define RUN_v_v_x64(op)	ONLY_X64(RUN_v_v(op))
#define RUN_u_v_x64(op)	ONLY_X64(RUN_u_v(op))
#define RUN_v_u_x64(op)	ONLY_X64(RUN_v_u(op))

/* DR0: a kernel says which one by a constant. */
#define RUN_u_u_0(op)	TAKE_WORD(op(0))
#define RUN_v_uu_0(op)	op(0, ARG(1))

/* Native code calls them too. */
#define RUN_v_v_called(op)	CALLED(op)()
#define RUN_v_u_called(op)	CALLED(op)(ARG(0))
#define RUN_u_u_called(op)	TAKE_WORD(CALLED(op)(ARG(0)))
#define RUN_v_uu_called(op)	CALLED(op)(ARG(0), ARG(1))
#define RUN_v_pu_called(op)	CALLED(op)(PTR(0), ARG(1))
#define RUN_q_up_called(op)	TAKE(CALLED(op)(ARG(0), PTR(1)))
#define RUN_i_uq_called(op)	\
	TAKE_WORD((unsigned long)CALLED(op)(ARG(0), w->arg_q[0]))
#define RUN_v_pq_called(op)	CALLED(op)(PTR(0), w->arg_q[0])

/* On ia32 alone: a loop there, where a word is half of an entry. */
#define CALLED_32_timed		RUN_v_pq
#define CALLED_32_trap		RUN_v_pq_called
#define RUN_v_pq_called_32(op)	ARCH_X64(CALLED_32)(op)

/* Of flags alone: asked for are those of the workload. */
#define RUN_v_flags(op)		op(w->flags)

#endif
