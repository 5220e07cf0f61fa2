/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers: their numbers in instructions, their names, and which a C call may change. */
#ifndef REGISTERS_H
#define REGISTERS_H

/* General registers, by their numbers in an instruction; ia32 has the first eight. */
#define REGISTERS	16
#define REGISTER_SP	4

#ifndef __ASSEMBLER__

#include <stdint.h>
#include "site/isa.h"

/* Registers a C call may change, as bits of a record's clobbers. */
enum clobber {
	CLOBBER_AX = 1, CLOBBER_CX = 2, CLOBBER_DX = 4, CLOBBER_DI = 8,
	CLOBBER_SI = 16, CLOBBER_R8 = 32, CLOBBER_R9 = 64, CLOBBER_R10 = 128,
	CLOBBER_R11 = 256,
	/* All there are. */
	CLOBBER_IA32 = 0x7, CLOBBER_X86_64 = 0x1ff,
};

/* A register's bit of them, by its number in an instruction, 0 to 15; 0 for those
 * that a call keeps. */
static inline unsigned clobber_bit(unsigned reg)
{
	static const uint16_t bits[16] = {
		[0] = CLOBBER_AX, [1] = CLOBBER_CX, [2] = CLOBBER_DX,
		[6] = CLOBBER_SI, [7] = CLOBBER_DI, [8] = CLOBBER_R8,
		[9] = CLOBBER_R9, [10] = CLOBBER_R10, [11] = CLOBBER_R11,
	};

	return bits[reg];
}

/* "RCX", "ECX". */
const char *register_name(enum isa isa, unsigned reg);

#endif
#endif
