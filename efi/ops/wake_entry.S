/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the interrupt lands that ends HLT, see loan_halt.c: on the stack of what it
 * interrupts, which has no red zone.
 */
#include "arch.h"

	.hidden	wake_entry, woken
	.globl	wake_entry

	.section .text.wake, "ax", @progbits
	.balign 16
	.type	wake_entry, @function
wake_entry:
#if ARCH_WORD == 8
	push	%rax; push %rcx; push %rdx; push %rsi; push %rdi
	push	%r8; push %r9; push %r10; push %r11
	call	woken
	pop	%r11; pop %r10; pop %r9; pop %r8
	pop	%rdi; pop %rsi; pop %rdx; pop %rcx; pop %rax
	iretq
#else
	push	%eax; push %ecx; push %edx
	call	woken
	pop	%edx; pop %ecx; pop %eax
	iretl
#endif
	.size	wake_entry, . - wake_entry

	.section .note.GNU-stack, "", @progbits
