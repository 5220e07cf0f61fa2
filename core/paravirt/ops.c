/* SPDX-License-Identifier: GPL-2.0-only */
/* The lists about ops and backends, and the end of an op without meaning. */
#include <stddef.h>
#include "lib/mem.h"
#include "machine/feature.h"
#include "paravirt/ops.h"

/* By a shape, see shape.h: what it returns, and whether it has arguments. */
#define WORDS_v_v	0, false
#define WORDS_u_v	1, false
#define WORDS_q_v	2, false
#define WORDS_p_v	1, false
#define WORDS_v_u	0, true
#define WORDS_u_u	1, true
#define WORDS_i_u	1, true
#define WORDS_v_p	0, true
#define WORDS_v_uu	0, true
#define WORDS_v_pu	0, true
#define WORDS_v_pp	0, true
#define WORDS_v_pq	0, true
#define WORDS_q_up	2, true
#define WORDS_i_uq	1, true
#define WORDS_v_pup	0, true
#define WORDS_v_puuu	0, true
#define WORDS_v_pupq	0, true
#define WORDS_v_pppp	0, true
#define WORDS_patch	1, true

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

const struct backend *const backends[BACKEND_COUNT] = {
#define BACKEND(name, isas, ring, needs, what) [BACKEND_##name] = &name##_backend,
#include "list/backend.def"
#undef BACKEND
};

const struct backend_info backend_info[BACKEND_COUNT] = {
#define NEEDS_none	FEATURE_COUNT, { false }
#define NEEDS_msr64	FEATURE_msr, { [ISA_X86_64] = true }
#define ISAS_both	{ true, true }
#define ISAS_x86_64	{ [ISA_X86_64] = true }
#define BACKEND(name, isas, ring, needs, what) [BACKEND_##name] = { ISAS_##isas, ring, NEEDS_##needs, what },
#include "list/backend.def"
#undef BACKEND
};

static uintptr_t slot(const struct paravirt_ops *t, unsigned op)
{
	uintptr_t at;

	memcpy(&at, (const char *)t + op * sizeof(at), sizeof(at));
	return at;
}

uintptr_t backend_op(const struct backend *b, unsigned op, bool callee)
{
	uintptr_t own = slot(callee ? &b->callee : &b->ops, op);
	const struct backend *n = backends[BACKEND_native];

	return own ? own : slot(callee ? &n->callee : &n->ops, op);
}

static void install(struct paravirt_ops *t, const struct backend *b, bool callee)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		uintptr_t at = backend_op(b, op, callee);

		memcpy((char *)t + op * sizeof(at), &at, sizeof(at));
	}
}

void backend_install(const struct backend *b)
{
	install(&paravirt_ops, b, false);
	install(&paravirt_callee, b, true);
}

static void (*trap_handler)(enum op op);

void op_trap_install(void (*handler)(enum op op))
{
	trap_handler = handler;
}

/* Reached from a site, where the stack may be at any alignment; the handler is
 * the firmware's world, where it may not.  UD2, so that even without a handler the stop is a #UD at a known place. */
__attribute__((force_align_arg_pointer)) void op_trap(enum op op)
{
	if (trap_handler)
		trap_handler(op);
	for (;;)
		asm volatile("ud2");
}
