/* SPDX-License-Identifier: GPL-2.0-only */
/* Convention "native": no site at all, the instruction compiled inline. */
#ifndef CONVENTION_H
#define CONVENTION_H

#ifdef __ASSEMBLER__

#define CLI	cli
#define STI	sti

#else

#include "paravirt/native.h"

#define CALL_v_v(op)		native_##op()
#define CALL_u_v(op)		native_##op()
#define CALL_q_v(op)		native_##op()
#define CALL_v_u(op, a)		native_##op(a)
#define CALL_u_u(op, a)		native_##op(a)
#define CALL_v_uu(op, a, b)	native_##op(a, b)

#define CALL_V(op, shape, ...)	native_##op(__VA_ARGS__)
#define CALL_I			CALL_V
#define CALL_Q			CALL_V
#define CALL_STACK		CALL_V

/* An op whose native code cannot be copied to elsewhere, for it branches or has data of
 * its own: a call of the function, where struct work has its address. */
#define CALLED(op)		((__typeof__(&native_##op))w->call)

#define CLI_STRING	"cli"
#define STI_STRING	"sti"
#define STRING_CLOBBERS	"memory"

#include "convention/call.h"

#endif
#endif
