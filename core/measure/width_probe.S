/* SPDX-License-Identifier: GPL-2.0-only */
/* The width probe's code, see width_probe.h: it changes what a call may change. */
#include "arch.h"
#include "measure/width_probe.h"

	.globl	width_probe, width_chain
	.hidden	width_probe, width_chain

	.section .text.width_probe, "ax", @progbits
	.type	width_probe, @function
	.balign	64
width_probe:
#if ARCH_WORD == 8
	.rept	PROBE_ADDS / 8
	add	%eax, %eax
	add	%ecx, %ecx
	add	%edx, %edx
	add	%esi, %esi
	add	%edi, %edi
	add	%r8d, %r8d
	add	%r9d, %r9d
	add	%r10d, %r10d
	.endr
#else
	push	%ebx
	push	%esi
	push	%edi
	push	%ebp
	.rept	PROBE_ADDS / 7
	add	%eax, %eax
	add	%ecx, %ecx
	add	%edx, %edx
	add	%ebx, %ebx
	add	%esi, %esi
	add	%edi, %edi
	add	%ebp, %ebp
	.endr
	.rept	PROBE_ADDS % 7
	add	%eax, %eax
	.endr
	pop	%ebp
	pop	%edi
	pop	%esi
	pop	%ebx
#endif
	ret
	.size	width_probe, . - width_probe

	.type	width_chain, @function
	.balign	64
width_chain:
	.rept	PROBE_LINKS
	add	%eax, %eax
	.endr
	ret
	.size	width_chain, . - width_chain

	.section .note.GNU-stack, "", @progbits
