/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers before and after, see clobber.h. */
#include <stddef.h>
#include "check/clobber.h"

_Static_assert(offsetof(struct clobber_frame, in) == CLOBBER_IN
	       && offsetof(struct clobber_frame, out) == CLOBBER_OUT
	       && offsetof(struct clobber_frame, code) == CLOBBER_CODE
	       && offsetof(struct clobber_frame, saved) == CLOBBER_SAVED
	       && offsetof(struct clobber_frame, stack) == CLOBBER_STACK,
	       "assembly knows the frame by these");

struct clobber_frame clobber_frame;

static unsigned registers_of(enum isa isa)
{
	return isa == ISA_X86_64 ? REGISTERS : REGISTERS / 2;
}

/* May the site leave another value in it? */
static bool may_change(enum isa isa, enum op op, unsigned clobbers, unsigned reg)
{
	unsigned words = op_info[op].words;

	if (reg == 0 && words)
		return true;
	if (reg == 2 && words == 2 && isa == ISA_IA32)
		return true;
	return clobbers & clobber_bit(reg);
}

int clobber_judge(enum isa isa, enum op op, unsigned clobbers,
		  const struct registers *before, const struct registers *after)
{
	for (unsigned reg = 0; reg < registers_of(isa); reg++)
		if (before->r[reg] != after->r[reg]
		    && !may_change(isa, op, clobbers, reg))
			return (int)reg;
	return -1;
}

void registers_pattern(struct registers *r)
{
	for (unsigned reg = 0; reg < REGISTERS; reg++)
		r->r[reg] = (unsigned long)0x0101010101010101 * (0xa1 + reg);
}
