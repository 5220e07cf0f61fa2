/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The image's entry, around efi_main: control-flow enforcement is off for as long
 * as the application runs.
 *
 * CR0.WP cannot be cleared while CR4.CET is set; a fault that goes on elsewhere
 * (guard_entry.S) and a RET that jumps (a retpoline) are what a shadow stack is
 * there to stop; and only ops begin with ENDBR, for it would be in what is timed.
 * So CR4.CET is cleared here and set again here, in one frame: the calls and
 * returns in between are in balance, and SSP is what it was when the firmware's
 * return address is looked for on the shadow stack.  Indirect branch tracking
 * goes and comes back with the same bit.
 *
 * Source: Intel SDM Vol. 3A, "Control Registers"; Vol. 1, "Control-flow
 * Enforcement Technology (CET)", "Shadow Stacks".
 */
#include "arch.h"

#define CR4_CET	(1 << 23)

	.hidden	efi_main, cet_before
	.globl	efi_entry

	.section .text.entry, "ax", @progbits
efi_entry:
#if ARCH_WORD == 8
	endbr64
	sub	$40, %rsp		/* the callee's 32 bytes, and its alignment */
	mov	%cr4, %rax
	mov	%eax, %r10d
	and	$CR4_CET, %r10d
	mov	%r10d, cet_before(%rip)
	jz	1f
	xor	%r10, %rax
	mov	%rax, %cr4
1:	call	efi_main
	mov	cet_before(%rip), %ecx
	test	%ecx, %ecx
	jz	2f
	mov	%cr4, %rdx
	or	%rcx, %rdx
	mov	%rdx, %cr4
2:	add	$40, %rsp
	ret
#else
	endbr32
	push	8(%esp)		/* both arguments once more */
	push	8(%esp)
	mov	%cr4, %eax
	mov	%eax, %ecx
	and	$CR4_CET, %ecx
	mov	%ecx, cet_before
	jz	1f
	xor	%ecx, %eax
	mov	%eax, %cr4
1:	call	efi_main
	mov	cet_before, %ecx
	test	%ecx, %ecx
	jz	2f
	mov	%cr4, %edx
	or	%ecx, %edx
	mov	%edx, %cr4
2:	add	$8, %esp
	ret
#endif

	.section .note.GNU-stack, "", @progbits
