/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * goes_back_by_iret() - to whoever called it: by IRET, with a frame that says the same
 * privilege, stack and flags.  Changes RAX and RCX (EAX).
 *
 * x86-64 has a stack pointer in every frame.  Source: Intel SDM Vol. 3A, "64-Bit Mode Stack
 * Frame"; Vol. 2A, "IRET/IRETD/IRETQ--Interrupt Return".
 */
#include "arch.h"

	.text
	.balign 16
	.globl	goes_back_by_iret
	.hidden	goes_back_by_iret
	.type	goes_back_by_iret, @function
goes_back_by_iret:
#if ARCH_WORD == 8
	pop	%rcx
	mov	%ss, %eax
	push	%rax
	lea	8(%rsp), %rax
	push	%rax
	pushf
	mov	%cs, %eax
	push	%rax
	push	%rcx
	iretq
#else
	pop	%eax
	pushf
	push	%cs
	push	%eax
	iretl
#endif
	.size	goes_back_by_iret, . - goes_back_by_iret

	.section .note.GNU-stack, "", @progbits
