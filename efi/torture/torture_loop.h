/* SPDX-License-Identifier: GPL-2.0-only */
/* What the other CPUs run while sites are patched under them. */
#ifndef TORTURE_LOOP_H
#define TORTURE_LOOP_H

#ifndef __ASSEMBLER__
#include <stdint.h>
#include "paravirt/ops.h"
#endif

/* Sites of one pass, which is compiled in every convention that has any. */
#define TORTURE_PASS_SITES	7
#define TORTURE_PASSES		5
#define TORTURE_SITES		(TORTURE_PASS_SITES * TORTURE_PASSES)

#ifndef __ASSEMBLER__

/* How often a pass calls each: TIMES(op, n). */
#define TORTURE_TIMES(TIMES)						\
	TIMES(irq_disable, 1) TIMES(irq_enable, 1) TIMES(save_fl, 2)	\
	TIMES(irq_save, 1) TIMES(restore_fl, 2)

/* One CPU's.  Its own cache lines: nobody else writes here. */
struct torture_worker {
	volatile uint32_t passes;
	volatile uint32_t wrong[OP_COUNT];	/* ops that did not what they are for */
	volatile uint32_t parked;		/* the last generation it stood still for */
} __attribute__((aligned(64)));

/* X(convention): each that has sites.  The Makefile compiles a loop for each of
 * convention.def's, and the assertion says where one is missing here. */
#define TORTURE_CONVENTIONS(X)	X(seed) X(ccall) X(callee) X(wide16) X(wide32)

enum {
#define TORTURE_ONE(conv)	+ 1
	TORTURE_LISTED = 0 TORTURE_CONVENTIONS(TORTURE_ONE),
#define CONVENTION(name, sites, what)	+ (sites)
	TORTURE_SITED = 0
#include "list/convention.def"
#undef CONVENTION
};
_Static_assert((int)TORTURE_LISTED == (int)TORTURE_SITED, "a convention is not tortured");

#define TORTURE_DECLARE(conv)						\
	void torture_pass_##conv(struct torture_worker *w);		\
	extern const uint8_t torture_begin_##conv[], torture_end_##conv[];
TORTURE_CONVENTIONS(TORTURE_DECLARE)

#endif
#endif
