/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An attempt: code that an exception may end; it then goes on behind it.
 *
 * The guard's entries (guard_entry.S) ask attempt_on before they hand an exception on.
 * Another CPU has a table of its own (mp_entry.S), which asks attempt_elsewhere: of those no
 * more than one is in an attempt at a time.
 */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>
#include "measure/fault.h"

/**
 * attempt - run @fn(@arg), which an exception may end: platform.h's contract.
 *
 * Vectors 0 to 31, but those of ATTEMPT_NOT_BY (NMI, double fault, 15, which is none, and
 * machine check): those are what they are without, and no fault of @fn's.
 * Behind it the stack, the registers a function keeps, the flags, the segments, GDTR and
 * IDTR are as they were at the beginning, and so are CR2, behind a #DB DR6 and, on x86-64,
 * the base of %gs.  What else @fn changed is the caller's: control and debug registers,
 * MSRs.
 *
 * An exception is taken on the stack of @fn, unless the firmware's gate names another
 * (guard.c): code that has broken its stack pointer is out of reach, the CPU makes a double
 * fault of it, and so is code that loads an IDT, or maps the guard's out of sight.  An
 * exception of a handler of the firmware's that came in between ends the attempt too: in a
 * quiet window none comes.
 *
 * The guard is open meanwhile; one that @fn opened and an exception left open is closed.
 * Nests.
 */
bool attempt(void *ctx, void (*fn)(void *arg), void *arg, struct fault *f);

/* How many an exception has ended, since the start: on all CPUs together. */
uint32_t attempts_ended(void);

/* Is one on, on a CPU with a table of its own?  Does a vector end it? */
bool attempt_is_elsewhere(void);
bool attempt_ends_by(unsigned vector);

/**
 * attempts_forget - none is on any more, on the CPU that calls: the next exception ends more.
 *
 * For ways out from anywhere.  Guards that were opened since the outermost began are closed.
 */
void attempts_forget(void);

#endif
