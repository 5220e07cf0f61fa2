/* SPDX-License-Identifier: GPL-2.0-only */
/* What attempt.c shares with attempt_enter.S, which has no C of its own. */
#ifndef ATTEMPT_ENTER_H
#define ATTEMPT_ENTER_H

#include "arch.h"

/* Of struct attempt, in bytes. */
#define ATTEMPT_SP	0
#define ATTEMPT_VECTOR	(1 * ARCH_WORD)
#define ATTEMPT_ERROR	(2 * ARCH_WORD)
#define ATTEMPT_AT	(3 * ARCH_WORD)
#define ATTEMPT_SEGMENT	(4 * ARCH_WORD)		/* SS, DS, ES, GS; 16 bits each */
#define ATTEMPT_GDTR	(4 * ARCH_WORD + 8)
#define ATTEMPT_IDTR	(4 * ARCH_WORD + 24)
#define ATTEMPT_IS_ON	(4 * ARCH_WORD + 40)

/* Vectors that end none, as bits: NMI, double fault, 15, which is none, machine check. */
#define ATTEMPT_NOT_BY	(1 << 2 | 1 << 8 | 1 << 15 | 1 << 18)

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>
#include "paravirt/native.h"

/* Where it began, what ended it, and what is put back then. */
struct attempt {
	uintptr_t sp, vector, error, at;
	uint16_t segment[4];
	struct native_dtr gdtr;
	uint8_t behind_gdtr[16 - sizeof(struct native_dtr)];
	struct native_dtr idtr;
	uint8_t behind_idtr[16 - sizeof(struct native_dtr)];
	struct attempt *volatile *on;
	struct attempt *outer;
	unsigned guards;		/* that were open before */
};

_Static_assert(offsetof(struct attempt, vector) == ATTEMPT_VECTOR
	       && offsetof(struct attempt, error) == ATTEMPT_ERROR
	       && offsetof(struct attempt, at) == ATTEMPT_AT
	       && offsetof(struct attempt, segment) == ATTEMPT_SEGMENT
	       && offsetof(struct attempt, gdtr) == ATTEMPT_GDTR
	       && offsetof(struct attempt, idtr) == ATTEMPT_IDTR
	       && offsetof(struct attempt, on) == ATTEMPT_IS_ON,
	       "assembly knows it by these");

/* The one that is on, or NULL: where the guard's table is in force, and on a CPU that has
 * another, which asks for itself. */
extern struct attempt *volatile attempt_on, *volatile attempt_elsewhere;

/* Runs @fn(@arg), with @a on: *@a->on is @a meanwhile.  Return: 1; 0: an exception ended
 * it. */
int attempt_enter(struct attempt *a, void (*fn)(void *arg), void *arg);

#endif
#endif
