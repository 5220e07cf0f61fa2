/* SPDX-License-Identifier: GPL-2.0-only */
/* What an exception was that ended an attempt: see attempt() of struct platform. */
#ifndef FAULT_H
#define FAULT_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct fault - an exception.
 * @vector: its number.
 * @error:  the error code that came with it; 0 where none does.
 * @at:     the instruction pointer that was saved: of a fault that of the instruction, of a
 *          trap (#BP, #OF, #DB of a single step) that of the next.
 *
 * Source: Intel SDM Vol. 3A, "Exception Classifications", "Error Code".
 */
struct fault {
	unsigned vector;
	uint64_t error;
	uint64_t at;
};

/* Where a struct fault may be of none: its vector. */
#define NO_FAULT	32

/* Code that may have faulted: [begin, end); and what it is called. */
struct fault_code {
	const char *name;
	uint64_t begin, end;
};

/* "#GP"; "-" where the manual has no name for it. */
const char *fault_mnemonic(unsigned vector);

/**
 * fault_text - "exception 13 (#GP) at byte 0x12 of body of one copy (0x7e123456)".
 * @run:  what was run; where it faulted elsewhere: "in ..., at 0x7e123456"; in a program of
 *        ring 3 that a path has just run: "at byte 0x2 of ring 3's program".
 * @to:   at least 120 bytes, where the name has at most 60.
 *
 * Return: @to.
 */
const char *fault_text(char *to, size_t room, const struct fault *f,
		       const struct fault_code *run);

#endif
