/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An attempt's beginning and its end, see attempt.h.
 *
 * What was interrupted is not gone back to: so an end needs no register of it, and no frame,
 * but what the CPU pushed of where it was.  It comes by a gate, which has cleared TF, RF and
 * NT, and has left ring 3 where that was interrupted.  IRET would do nothing more: the
 * privilege is what it was at the beginning, and NMIs are not held off, as an NMI's own handler
 * ends by itself.
 *
 * ia32 reads by CS until DS is what it was: it may be what broke.
 *
 * Source: Intel SDM Vol. 3A, "Exception and Interrupt Handling in Protected Mode", "64-Bit
 * Mode Stack Frame", "Flag Usage By Exception- or Interrupt-Handler Procedure".
 */
#include "attempt_enter.h"

	.hidden	attempt_on, attempt_elsewhere, attempt_enter
	.hidden	attempt_fault, attempt_fault_elsewhere
	.globl	attempt_on, attempt_elsewhere, attempt_enter
	.globl	attempt_fault, attempt_fault_elsewhere

#define SS_AT	(ATTEMPT_SEGMENT + 0)
#define DS_AT	(ATTEMPT_SEGMENT + 2)
#define ES_AT	(ATTEMPT_SEGMENT + 4)
#define GS_AT	(ATTEMPT_SEGMENT + 6)

#if ARCH_WORD == 8
#define AT(symbol)	symbol(%rip)
#define AX		%rax
#define BX		%rbx
#define SP		%rsp
#define CS
#define STORE0		movq $0,
#else
#define AT(symbol)	symbol
#define AX		%eax
#define BX		%ebx
#define SP		%esp
#define CS		%cs:
#define STORE0		movl $0,
#endif

	.section .text.attempt, "ax", @progbits

/* int attempt_enter(struct attempt *a, void (*fn)(void *), void *arg): 1; 0: it was ended */
	.type	attempt_enter, @function
attempt_enter:
#if ARCH_WORD == 8
	push	%rbx; push %rbp; push %r12; push %r13; push %r14; push %r15
	pushf
	mov	%rdi, %rbx
#else
	push	%ebx; push %ebp; push %esi; push %edi
	pushf
	mov	24(%esp), %ebx
#endif
	mov	SP, ATTEMPT_SP(BX)
	mov	%ss, SS_AT(BX)
	mov	%ds, DS_AT(BX)
	mov	%es, ES_AT(BX)
	mov	%gs, GS_AT(BX)
	sgdt	ATTEMPT_GDTR(BX)
	sidt	ATTEMPT_IDTR(BX)
	mov	ATTEMPT_IS_ON(BX), AX
	mov	BX, (AX)
#if ARCH_WORD == 8
	mov	%rsi, %rax
	mov	%rdx, %rdi
	call	*%rax			/* the stack is aligned: 8 words */
#else
	push	32(%esp)		/* arg; the stack need not be aligned */
	call	*32(%esp)		/* fn, a word further up */
	lea	4(%esp), %esp
#endif
	mov	ATTEMPT_IS_ON(BX), AX
	STORE0	(AX)
	mov	$1, %eax
	lea	ARCH_WORD(SP), SP	/* the flags are as @fn left them */
attempt_out:
#if ARCH_WORD == 8
	pop	%r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx
#else
	pop	%edi; pop %esi; pop %ebp; pop %ebx
#endif
	ret

/*
 * From the guard's entries, or from another table's; with IF off or not; on the stack: the
 * vector, the error code, and what the CPU pushed.  A second exception is nobody's that came
 * here before.
 */
attempt_fault_elsewhere:
	cli
	mov	CS AT(attempt_elsewhere), BX
	jmp	1f
attempt_fault:
	cli
	mov	CS AT(attempt_on), BX
1:	mov	CS DS_AT(BX), %ds
	mov	ATTEMPT_IS_ON(BX), AX
	STORE0	(AX)
	pop	ATTEMPT_VECTOR(BX)
	pop	ATTEMPT_ERROR(BX)
	pop	ATTEMPT_AT(BX)
	mov	SS_AT(BX), %ss		/* an NMI's IRET loads what is there from the GDT */
	lgdt	ATTEMPT_GDTR(BX)
	lidt	ATTEMPT_IDTR(BX)
	mov	SS_AT(BX), %ss
	mov	ATTEMPT_SP(BX), SP
	mov	DS_AT(BX), %ds
	mov	ES_AT(BX), %es
#if ARCH_WORD == 4
	mov	GS_AT(BX), %gs
#endif
	xor	%eax, %eax
	popf
	jmp	attempt_out
	.size	attempt_enter, . - attempt_enter

	.section .bss.attempt, "aw", @nobits
	.balign ARCH_WORD
attempt_on:
	.zero	ARCH_WORD
attempt_elsewhere:
	.zero	ARCH_WORD

	.section .note.GNU-stack, "", @progbits
