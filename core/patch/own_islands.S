/* SPDX-License-Identifier: GPL-2.0-only */
/* Room for the islands of this image's sites, in its text: see own_islands.h. */
#include "patch/own_islands.h"

	.section .text.own_islands, "ax", @progbits

	.globl	own_islands
	.hidden	own_islands
	.balign	64
own_islands:
	.fill	OWN_ISLANDS * 16, 1, 0xcc

	.section .note.GNU-stack, "", @progbits
