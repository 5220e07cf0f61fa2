/* SPDX-License-Identifier: GPL-2.0-only */
/* Room in the text for the islands of the loops' sites, INT3s. */
#include "torture_loop.h"

	.section .text.torture_islands, "ax", @progbits
	.globl	torture_islands
	.hidden	torture_islands
	.balign	64
torture_islands:
	.fill	TORTURE_SITES * 16, 1, 0xcc

	.section .note.GNU-stack, "", @progbits
