/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One pass over sites, compiled once for each convention, its header in front.
 *
 * Every op is called where it makes a difference, and looked at behind it: IF has to be
 * what the op makes it, and what it returns the flags.  The result's register is cleared
 * before, so that no older result passes for it.
 *
 * Interrupts are on when it begins and when it ends.  Between the two labels there is
 * nothing but this function's code, and it calls nothing but by sites: so an interrupted
 * instruction between them, not inside a site, is quiet (live_batch.h).
 */
#include "lib/compiler.h"
#include "measure/platform.h"
#include "torture_loop.h"

#define PASTE_(name, conv)	torture_##name##_##conv
#define PASTE(name, conv)	PASTE_(name, conv)
#define STR_(x)			#x
#define STR(x)			STR_(x)
#define LABEL(name)		asm volatile(				\
	".globl " STR(PASTE(name, SITES)) "\n"				\
	".hidden " STR(PASTE(name, SITES)) "\n"				\
	STR(PASTE(name, SITES)) ":")

#define FLAGS_ALWAYS	2u

static inline __attribute__((always_inline)) unsigned long flags(void)
{
	unsigned long v;

	asm volatile("pushf; pop %0" : "=r" (v) : : "memory");
	return v;
}

#define CLEAR()		asm volatile("xor %%eax, %%eax" : : : ARCH_AX, "cc")
#define WANT(op, good)	do {						\
	if (!(good))							\
		w->wrong[OP_##op]++;					\
} while (0)

static inline __attribute__((always_inline)) bool has_if(unsigned long v, bool on)
{
	return (v & FLAGS_ALWAYS) && !!(v & FLAGS_IF) == on;
}

ONE_COPY void PASTE(pass, SITES)(struct torture_worker *w)
{
	unsigned long v;

	LABEL(begin);
	irq_disable();
	WANT(irq_disable, has_if(flags(), false));
	CLEAR();
	v = save_fl();
	WANT(save_fl, has_if(v, false));
	irq_enable();
	WANT(irq_enable, has_if(flags(), true));
	CLEAR();
	v = save_fl();
	WANT(save_fl, has_if(v, true));
	CLEAR();
	v = irq_save();
	WANT(irq_save, has_if(v, true) && has_if(flags(), false));
	restore_fl(v);
	WANT(restore_fl, has_if(flags(), true));
	asm volatile("cli" : : : "memory");
	restore_fl(v);
	WANT(restore_fl, has_if(flags(), true));
	w->passes++;
	LABEL(end);
}
