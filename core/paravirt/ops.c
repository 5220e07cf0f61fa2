/* SPDX-License-Identifier: GPL-2.0-only */
/* The lists about ops, and the end of an op without meaning; see ops.h. */
#include "paravirt/ops.h"

/* By a shape, see shape.h: words that it returns, and that it is passed on ia32. */
#define WORDS_v_v	0, 0
#define WORDS_u_v	1, 0
#define WORDS_q_v	2, 0
#define WORDS_p_v	1, 0
#define WORDS_v_u	0, 1
#define WORDS_u_u	1, 1
#define WORDS_i_u	1, 1
#define WORDS_v_p	0, 1
#define WORDS_v_uu	0, 2
#define WORDS_v_pu	0, 2
#define WORDS_v_pp	0, 2
#define WORDS_v_pq	0, 3
#define WORDS_q_up	2, 2
#define WORDS_i_uq	1, 3
#define WORDS_v_pup	0, 3
#define WORDS_v_puuu	0, 4
#define WORDS_v_pupq	0, 5
#define WORDS_v_pppp	0, 4
#define WORDS_q_q	2, 2
#define WORDS_q_pup	2, 3
#define WORDS_patch	1, 3

const struct op_info op_info[OP_COUNT] = {
#define OP(name, shape, class, ring3, contract) \
	[OP_##name] = { #name, WORDS_##shape, OP_CLASS_##class, RING3_##ring3, contract },
#include "list/op.def"
#undef OP
};

const struct ring3_info ring3_info[RING3_COUNT] = {
#define RING3(name, may, what) { may, what },
#include "list/ring3.def"
#undef RING3
};

static void (*trap_handler)(enum op op);

void op_trap_install(void (*handler)(enum op op))
{
	trap_handler = handler;
}

/* Reached from a site, where the stack may be at any alignment; the handler is
 * the firmware's world, where it may not.  UD2, so that even without a handler the
 * stop is a #UD at a known place. */
__attribute__((force_align_arg_pointer)) void op_trap(enum op op)
{
	if (trap_handler)
		trap_handler(op);
	for (;;)
		asm volatile("ud2");
}
