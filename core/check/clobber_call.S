/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code run with every register set, see clobber.h.
 *
 * The code jumps back, and need not leave the stack pointer as it was: on x86-64
 * nothing is pushed before it is looked at, on ia32 one word, below wherever it
 * points.  ia32 finds the frame from where it is: no address is in the text; and puts
 * words where code finds arguments that are on the stack.
 */
#include "check/clobber.h"

	.globl	clobber_call, clobber_back
	.hidden	clobber_call, clobber_back, clobber_frame

	.section .text.clobber_call, "ax", @progbits
	.type	clobber_call, @function
	.type	clobber_back, @function

#if ARCH_WORD == 8

#define AT(part, reg)	clobber_frame + part + reg * ARCH_WORD(%rip)

.macro	set reg number
	mov	AT(CLOBBER_IN, \number), \reg
.endm
.macro	get reg number
	mov	\reg, AT(CLOBBER_OUT, \number)
.endm
.macro	each do
	\do	%rax, 0
	\do	%rcx, 1
	\do	%rdx, 2
	\do	%rbx, 3
	\do	%rbp, 5
	\do	%rsi, 6
	\do	%rdi, 7
	\do	%r8, 8
	\do	%r9, 9
	\do	%r10, 10
	\do	%r11, 11
	\do	%r12, 12
	\do	%r13, 13
	\do	%r14, 14
	\do	%r15, 15
.endm

clobber_call:
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rsp, AT(CLOBBER_SAVED, 0)
	mov	%rsp, AT(CLOBBER_IN, REGISTER_SP)
	each	set
	jmp	*AT(CLOBBER_CODE, 0)
clobber_back:
	mov	%rsp, AT(CLOBBER_OUT, REGISTER_SP)
	each	get
	mov	AT(CLOBBER_SAVED, 0), %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret

#else

#define AT(part, reg)	part + reg * ARCH_WORD(%eax)

/* EAX is the frame's address. */
.macro	find_frame
	call	1f
1:	pop	%eax
	lea	clobber_frame - 1b(%eax), %eax
.endm
.macro	set reg number
	mov	AT(CLOBBER_IN, \number), \reg
.endm
.macro	get reg number
	mov	\reg, AT(CLOBBER_OUT, \number)
.endm
.macro	each do
	\do	%ecx, 1
	\do	%edx, 2
	\do	%ebx, 3
	\do	%ebp, 5
	\do	%esi, 6
	\do	%edi, 7
.endm

clobber_call:
	push	%ebp
	push	%ebx
	push	%esi
	push	%edi
	find_frame
	mov	%esp, AT(CLOBBER_SAVED, 0)
	push	AT(CLOBBER_STACK, 3)
	push	AT(CLOBBER_STACK, 2)
	push	AT(CLOBBER_STACK, 1)
	push	AT(CLOBBER_STACK, 0)
	mov	%esp, AT(CLOBBER_IN, REGISTER_SP)
	push	AT(CLOBBER_CODE, 0)
	each	set
	set	%eax, 0
	ret				/* to the code */
clobber_back:
	push	%eax
	find_frame
	each	get
	pop	AT(CLOBBER_OUT, 0)
	mov	%esp, AT(CLOBBER_OUT, REGISTER_SP)
	mov	AT(CLOBBER_SAVED, 0), %esp
	pop	%edi
	pop	%esi
	pop	%ebx
	pop	%ebp
	ret

#endif
	.size	clobber_call, . - clobber_call

	.section .note.GNU-stack, "", @progbits
