/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which registers code changes: every general register is given a value of its own,
 * the code is run, and they are looked at again.
 *
 * Poison (padding.def) shows that compiled code relies on no register that a site
 * lets be changed.  This is the other half: that what a site reaches changes no
 * register that the site does not let be changed.
 */
#ifndef CLOBBER_H
#define CLOBBER_H

#include "arch.h"
#include "site/registers.h"

/* Offsets in struct clobber_frame, for assembly. */
#define CLOBBER_IN	0
#define CLOBBER_OUT	(REGISTERS * ARCH_WORD)
#define CLOBBER_CODE	(2 * REGISTERS * ARCH_WORD)
#define CLOBBER_SAVED	((2 * REGISTERS + 1) * ARCH_WORD)
#define CLOBBER_STACK	((2 * REGISTERS + 2) * ARCH_WORD)
#define CLOBBER_STACK_WORDS	4

#ifndef __ASSEMBLER__

#include "paravirt/ops.h"

/* The general registers. */
struct registers {
	unsigned long r[REGISTERS];
};

/**
 * clobber_judge - did an op's site change a register that it may not?
 * @clobbers: enum clobber bits, as the site's record has them.
 *
 * What may be changed is those, and what the op returns in.  The stack pointer may
 * not.  Pure.
 *
 * Return: the first that did, or -1.
 */
int clobber_judge(enum isa isa, enum op op, unsigned clobbers,
		  const struct registers *before, const struct registers *after);

/* Values, each register's own; they look like no address and like no flags. */
void registers_pattern(struct registers *r);

/* What clobber_call() works on: there is one.  On ia32 the code finds the words of .stack
 * at its stack pointer. */
struct clobber_frame {
	struct registers in, out;
	unsigned long code, saved;
	unsigned long stack[CLOBBER_STACK_WORDS];
};
extern struct clobber_frame clobber_frame;

/**
 * clobber_call - run clobber_frame.code with the registers that .in has.
 *
 * The code ends in a jump to clobber_back.  What it left is in .out, the stack
 * pointer too; what that was before is put in .in.
 */
void clobber_call(void);
extern const uint8_t clobber_back[];

#endif
#endif
