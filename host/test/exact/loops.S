/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where loops.c begins, and its loops.  What QEMU's -kernel wants is a multiboot header;
 * it begins in protected mode, without paging.
 *
 * A copy finds struct work by one register, whichever the compiler took, and keeps that
 * one; its words below ESP's place are its own.
 */
#define MAGIC	0x1badb002

	.section .multiboot, "a", @progbits
	.balign	4
	.long	MAGIC, 0, -MAGIC

	.text
	.globl	_start
_start:
	mov	$stack_end, %esp
	mov	$0xff, %al	# no interrupt comes
	out	%al, $0x21
	out	%al, $0xa1
	call	kernel
1:	cli
	hlt
	jmp	1b

.macro put_loop name
	.globl	loop_\name
loop_\name:
	mov	4(%esp), %eax
	mov	%eax, times
	pusha
	sub	$64, %esp
	mov	$work, %eax
	mov	%eax, %ebx
	mov	%eax, %ecx
	mov	%eax, %edx
	mov	%eax, %esi
	mov	%eax, %edi
	mov	%eax, %ebp
1:	.incbin "\name\().bin"
	decl	times
	jnz	1b
	add	$64, %esp
	popa
	ret
.endm

	put_loop nothing
#define COPY(name, prepare) put_loop name
#include "ops.h"

	.bss
	.balign	16
	.skip	8192
stack_end:
times:	.skip	4

	.section .note.GNU-stack, "", @progbits
