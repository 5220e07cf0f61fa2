/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For attempt_check.c: everything but the stack pointer is made another, and then comes an
 * exception.  Nothing is put back here.
 *
 * x86-64 leaves FS and GS alone: loading them clears their bases.
 */
#include "arch.h"

	.hidden	attempt_spoil, attempt_spoilt
	.globl	attempt_spoil, attempt_spoilt

#define OTHER	(1 << 18 | 1 << 10)	/* AC, DF */
#define STEP	(1 << 8)		/* TF */

#if ARCH_WORD == 8
#define SP	%rsp
#else
#define SP	%esp
#endif

	.section .text.attempt_spoil, "ax", @progbits

/* void attempt_spoil(void *which): 0: #UD, 1: #DE, 2: #BP, 3: #DB, by a single step */
	.type	attempt_spoil, @function
attempt_spoil:
#if ARCH_WORD == 8
	mov	%rdi, %rdx
	cli
	pushf
	xorl	$OTHER, (%rsp)
	popf
	mov	$-2, %rbx
	mov	%rbx, %rbp
	mov	%rbx, %rsi
	mov	%rbx, %rdi
	.irp	n, 8, 9, 10, 11, 12, 13, 14, 15
	mov	%rbx, %r\n
	.endr
#else
	mov	4(%esp), %edx
	cli
	pushf
	xorl	$OTHER, (%esp)
	popf
	mov	$-2, %ebx
	mov	%ebx, %ebp
	mov	%ebx, %esi
	mov	%ebx, %edi
#endif
	xor	%ecx, %ecx
	mov	%ecx, %ds
	mov	%ecx, %es
#if ARCH_WORD == 4
	mov	%ecx, %fs
	mov	%ecx, %gs
#endif
	push	$0
	dec	%edx
	js	1f
	jz	2f
	dec	%edx
	jz	3f
	pushf
	orl	$STEP, (SP)
	popf
	nop
5:
1:	ud2
2:	div	%ecx
3:	int3
4:
	.size	attempt_spoil, . - attempt_spoil

/* Where each comes, from attempt_spoil on. */
	.section .rodata.attempt_spoil, "a", @progbits
	.balign 4
attempt_spoilt:
	.long	1b - attempt_spoil, 2b - attempt_spoil, 4b - attempt_spoil
	.long	5b - attempt_spoil

	.section .note.GNU-stack, "", @progbits
