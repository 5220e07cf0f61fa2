/* SPDX-License-Identifier: GPL-2.0-only */
/* A backend whose table is made from the list, and which forgot an op.
 * FAILS: 'shadow_clts' undeclared */
#include "paravirt/ops.h"

#ifdef FAIL
#define shadow_clts	shadow_something_else
#endif
#define OP(name, shape, class, ring3, contract) FN_##shape(shadow_##name);
#include "list/op.def"
#undef OP
#undef shadow_clts

const struct backend shadow_backend = {
	.name = "shadow",
	.ops = {
#define OP(name, shape, class, ring3, contract) .name = shadow_##name,
#include "list/op.def"
#undef OP
	},
};
