/* SPDX-License-Identifier: GPL-2.0-only */
/* CLI_STRING within an asm statement that has operands: with the seed's single
 * percent signs the compiler looks for operands of those names.
 * FAILS: invalid 'asm' */
#include "convention/seed.h"

#ifdef FAIL
#undef CLI_STRING
#define CLI_STRING "push %ecx; call *paravirt_ops+92; pop %ecx\n"
#endif

unsigned long copy(unsigned long from);

unsigned long copy(unsigned long from)
{
	unsigned long to;

	asm volatile(CLI_STRING "mov %1, %0\n" STI_STRING
		     : "=r" (to) : "r" (from) : STRING_CLOBBERS);
	return to;
}
