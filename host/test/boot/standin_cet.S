/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * void call_with_cet(entry, image, table, shadow_stack, struct after *after)
 *
 * Sets CR4.CET, calls an image's entry, clears CR4.CET; and keeps what the entry
 * returned, what CR4 was then, and how far the shadow stack had moved.
 */
#include "arch.h"

#define CR4_CET	(1 << 23)

	.globl	call_with_cet
	.section .text.call_with_cet, "ax", @progbits
call_with_cet:
#if ARCH_WORD == 8
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	sub	$40, %rsp
	mov	%r8, %rbx
	mov	%rdi, %r13
	mov	%cr4, %rax
	or	$CR4_CET, %rax
	mov	%rax, %cr4
	test	%ecx, %ecx
	jz	1f
	setssbsy
1:	xor	%ebp, %ebp
	rdsspq	%rbp
	mov	%rsi, %rcx
	call	*%r13
	mov	%rax, (%rbx)
	mov	%cr4, %rax
	mov	%rax, 8(%rbx)
	xor	%r12d, %r12d
	rdsspq	%r12
	sub	%rbp, %r12
	mov	%r12, 16(%rbx)
	and	$~CR4_CET, %rax
	mov	%rax, %cr4
	add	$40, %rsp
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret
#else
	push	%ebx
	push	%ebp
	mov	28(%esp), %ebx
	mov	12(%esp), %ecx
	push	20(%esp)		/* table, image: where they are has moved */
	push	20(%esp)
	mov	%cr4, %eax
	or	$CR4_CET, %eax
	mov	%eax, %cr4
	call	*%ecx
	mov	%eax, (%ebx)
	mov	%cr4, %eax
	mov	%eax, 4(%ebx)
	movl	$0, 8(%ebx)
	and	$~CR4_CET, %eax
	mov	%eax, %cr4
	add	$8, %esp
	pop	%ebp
	pop	%ebx
	ret
#endif

	.section .note.GNU-stack, "", @progbits
