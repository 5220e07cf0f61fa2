/* SPDX-License-Identifier: GPL-2.0-only */
/* The lists about ops and backends, and the end of an op without meaning. */
#include <stddef.h>
#include "paravirt.h"

const struct op_info op_info[OP_COUNT] = {
#define OP(name, shape, class, ring3, contract) \
	[OP_##name] = { #name, OP_CLASS_##class, RING3_##ring3, contract },
#include "op.def"
#undef OP
};

const struct ring3_info ring3_info[RING3_COUNT] = {
#define RING3(name, may, what) { may, what },
#include "ring3.def"
#undef RING3
};

const struct backend *const backends[BACKEND_COUNT] = {
#define BACKEND(name, what) [BACKEND_##name] = &name##_backend,
#include "backend.def"
#undef BACKEND
};

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
