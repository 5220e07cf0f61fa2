/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A module that is made up: one site, every relocation that a module may have, all
 * parts.  run-module.c knows where its words are, and what they must be.
 */
#include "site/site.h"

#if ARCH_WORD == 8
#define WORD	.quad
#else
#define WORD	.long
#endif

	.text
	.globl	entry
entry:	.skip	16, 0x90
	PARA_PATCH(irq_disable, ARCH_CLOBBERS, call *ARCH_SLOT(irq_disable))
	ret
	.balign	16, 0xcc
code:				/* 32 */
	call	memcpy		/* 33: PLT32 (ia32: PC32 or PLT32) */
	call	entry@PLT	/* 38 */

	.section .rodata, "a"
	.balign	16
	WORD	datum + 4	/* 0: 64; ia32 (0): 32 */
	.long	zeroes - .	/* word: PC32 */
	.long	ro - .		/* word + 4 */
#if ARCH_WORD == 8
	.quad	datum - .	/* 16: PC64 */
#endif

	.section .data.rel.ro, "aw"
ro:	WORD	code

	.data
	.skip	8
	.globl	datum
datum:	WORD	paravirt_callee + 8

	.bss
	.balign	64
zeroes:	.skip	5000

#if ARCH_WORD == 8
	/* Those that depend on where a module is: below 4 GiB and 2 GiB. */
	.section .rodata.low, "a"
	.long	datum		/* R_X86_64_32 */
	.section .text.low, "ax"
	mov	$datum, %rax	/* R_X86_64_32S at 3 */
#endif

	.section .module_info, "a"
	.skip	8
