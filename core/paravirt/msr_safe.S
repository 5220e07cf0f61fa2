/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * read_msr_safe and write_msr_safe, natively: RDMSR and WRMSR that may fault.
 *
 * In assembly, so that the one instruction has an address that can be listed.  Operands
 * are where shape.h says.
 */
#include "arch.h"
#include "paravirt/msr_safe.h"

/* The instruction that follows goes on at @landing if it faults. */
.macro may_fault landing
771:	.pushsection .rodata.native_fixups, "a"
	.long	771b - .
	.long	\landing - .
	.popsection
.endm

.macro begin name
	.balign	16
	.globl	\name
	.hidden	\name
	.type	\name, @function
\name:
#if ARCH_WORD == 8
	endbr64
#else
	endbr32
#endif
.endm

.macro end name
	.size	\name, . - \name
.endm

	.section .rodata.native_fixups, "a"
	.balign	4
	.globl	native_fixups, native_fixups_end
	.hidden	native_fixups, native_fixups_end
native_fixups:

	.section .text.msr_safe, "ax", @progbits

#if ARCH_WORD == 8

	begin	native_read_msr_safe		/* EDI, int *RSI */
	mov	%edi, %ecx
	may_fault .Lread_faulted
	rdmsr
	movl	$0, (%rsi)
	shl	$32, %rdx
	or	%rdx, %rax
	ret
.Lread_faulted:
	movl	$NATIVE_MSR_ERROR, (%rsi)
	xor	%eax, %eax
	ret
	end	native_read_msr_safe

	begin	native_write_msr_safe		/* EDI, RSI */
	mov	%edi, %ecx
	mov	%esi, %eax
	mov	%rsi, %rdx
	shr	$32, %rdx
	may_fault .Lwrite_faulted
	wrmsr
	xor	%eax, %eax
	ret
.Lwrite_faulted:
	mov	$NATIVE_MSR_ERROR, %eax
	ret
	end	native_write_msr_safe

#else

	begin	native_read_msr_safe		/* EAX, int *EDX */
	push	%ebx
	mov	%eax, %ecx
	mov	%edx, %ebx
	may_fault .Lread_faulted
	rdmsr
	movl	$0, (%ebx)
	pop	%ebx
	ret
.Lread_faulted:
	movl	$NATIVE_MSR_ERROR, (%ebx)
	xor	%eax, %eax
	xor	%edx, %edx
	pop	%ebx
	ret
	end	native_read_msr_safe

	begin	native_write_msr_safe		/* EAX, ECX:EDX */
	xchg	%eax, %ecx
	xchg	%eax, %edx
	may_fault .Lwrite_faulted
	wrmsr
	xor	%eax, %eax
	ret
.Lwrite_faulted:
	mov	$NATIVE_MSR_ERROR, %eax
	ret
	end	native_write_msr_safe

#endif

	.section .rodata.native_fixups, "a"
native_fixups_end:

	.section .note.GNU-stack, "", @progbits
