/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A call on another stack, see on_stack.h.
 *
 * The stack pointer is changed by one instruction, from one good stack to another:
 * an NMI in between finds one or the other.  It is a multiple of 16 at the call.
 * Source: System V ABI, AMD64 supplement, "The Stack Frame"; GCC, "x86 Options",
 * -mpreferred-stack-boundary, for ia32.
 */
#include "arch.h"

	.globl	on_stack
	.hidden	on_stack

	.section .text.on_stack, "ax", @progbits
	.type	on_stack, @function
on_stack:
#if ARCH_WORD == 8
	push	%rbp
	mov	%rsp, %rbp
	test	%rdi, %rdi		/* top */
	cmovz	%rsp, %rdi
	and	$-16, %rdi
	mov	%rdi, %rsp
	mov	%rdx, %rdi		/* arg */
	call	*%rsi			/* fn */
#else
	push	%ebp
	mov	%esp, %ebp
	mov	8(%ebp), %eax		/* top */
	test	%eax, %eax
	cmovz	%esp, %eax
	and	$-16, %eax
	sub	$12, %eax		/* with the argument, 16 */
	mov	%eax, %esp
	push	16(%ebp)		/* arg */
	call	*12(%ebp)		/* fn */
#endif
	leave
	ret
	.size	on_stack, . - on_stack

	.section .note.GNU-stack, "", @progbits
