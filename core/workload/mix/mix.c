/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What bodies of mixes are made of: one function with every op of mix_op.def once, and a
 * label before each.
 *
 * Parts are put together in any order, any of them as often as a mix has it.  So each has to
 * begin and end alike: at a label the work is in RBX (EBX), and no other register is what it
 * was.  Nothing that the compiler knows in one part is of use in another.
 */
#include "workload/mix_code.h"
#include "workload/run_op.h"

#define EDGE(name)	asm volatile(					\
	".globl " WL_STR(WL_SYMBOL(mix, name)) "\n"			\
	".hidden " WL_STR(WL_SYMBOL(mix, name)) "\n"			\
	WL_STR(WL_SYMBOL(mix, name)) ":" : "+b" (w) : : ARCH_CLOBBER_ALL_BUT_B)

#define MIX_NAME(recorded, op)

void WL_SYMBOL(mix, parts)(struct work *w);
ONE_COPY void WL_SYMBOL(mix, parts)(struct work *w)
{
	const bool checked = false;

#define MIX_PART(op, shape)	EDGE(at_##op); RUN_##shape(op);
#include "list/mix_op.def"
#undef MIX_PART
	EDGE(end);
}

#define MIX_PART(op, shape)	extern const uint8_t WL_SYMBOL(mix, at_##op)[];
#include "list/mix_op.def"
#undef MIX_PART
extern const uint8_t WL_SYMBOL(mix, end)[];

extern const struct mix_code WL_SYMBOL(mix, code);
const struct mix_code WL_SYMBOL(mix, code) = {
	WL_SYMBOL(mix, parts), {
#define MIX_PART(op, shape)	WL_SYMBOL(mix, at_##op),
#include "list/mix_op.def"
#undef MIX_PART
		WL_SYMBOL(mix, end),
	},
};
