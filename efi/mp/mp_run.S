/* SPDX-License-Identifier: GPL-2.0-only */
/* A call that an exception may end: it goes on behind it, on the stack that is noted, with
 * the data segments as they were.  (x86-64 leaves GS alone: loading it clears its base.) */
#include "arch.h"

	.hidden	mp_run, mp_landed
	.globl	mp_run, mp_landed

	.section .text.mp_run, "ax", @progbits

/* void mp_run(void (*fn)(void *), void *arg, uintptr_t *landing) */
	.type	mp_run, @function
mp_run:
#if ARCH_WORD == 8
	push	%rbx; push %rbp; push %r12; push %r13; push %r14; push %r15
	mov	%ds, %eax
	mov	%es, %ecx
	push	%rax; push %rcx
	mov	%rsp, (%rdx)
	mov	%rdi, %rax
	mov	%rsi, %rdi
	lea	-8(%rsp), %rsp		/* aligned, for the sake of it */
	call	*%rax
	lea	8(%rsp), %rsp
mp_landed:
	pop	%rcx; pop %rax
	mov	%ecx, %es
	mov	%eax, %ds
	pop	%r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx
#else
	push	%ebx; push %ebp; push %esi; push %edi
	push	%ds; push %es; push %gs
	mov	40(%esp), %eax		/* landing */
	mov	%esp, (%eax)
	push	36(%esp)		/* arg */
	call	*36(%esp)		/* fn */
	lea	4(%esp), %esp
mp_landed:
	pop	%gs; pop %es; pop %ds
	pop	%edi; pop %esi; pop %ebp; pop %ebx
#endif
	ret
	.size	mp_run, . - mp_run

	.section .note.GNU-stack, "", @progbits
