/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which ops have callee-save thunks: those that may be called, but for those that ia32
 * passes words of on the stack.
 *
 * THUNKED_<class>(X, backend, shape, name), with an op's line of op.def, is
 * X(backend, shape, name) where it has one, and nothing where it has none.
 */
#ifndef THUNKED_H
#define THUNKED_H

#include "arch.h"
#include "operands_arch.h"

#define SITED(X, backend, shape, name)	X(backend, shape, name)
#define SITED_v_v	SITED
#define SITED_u_v	SITED
#define SITED_q_v	SITED
#define SITED_v_u	SITED
#define SITED_u_u	SITED
#define SITED_v_uu	SITED
#define SITED_v_p	SITED
#define SITED_v_pu	SITED
#define SITED_v_pp	SITED
#define SITED_v_pq	SITED
#define SITED_q_up	SITED
#define SITED_i_uq	SITED
#define SITED_q_q	SITED
#define SITED_v_pup	SITED
#define SITED_q_pup	SITED
#define SITED_v_puuu	ARCH_STACK_THUNK
#define SITED_v_pupq	ARCH_STACK_THUNK
#define SITED_v_pppp	ARCH_STACK_THUNK
#define SITED_patch(X, backend, shape, name)
#define THUNKED_timed(X, backend, shape, name)	SITED_##shape(X, backend, shape, name)
#define THUNKED_setup(X, backend, shape, name)	SITED_##shape(X, backend, shape, name)
#define THUNKED_jump(X, backend, shape, name)
#define THUNKED_trap(X, backend, shape, name)
#define THUNKED_x64	ARCH_X64(THUNKED)

#endif
