/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of the other CPUs' interrupt table, 16 bytes a vector, see mp_interrupt.h.
 *
 * All run on the stack of what they interrupt.  What may be interrupted has no red
 * zone.
 *
 * Source: Intel SDM Vol. 3A, "Exception and Interrupt Handling in Protected Mode",
 * "64-Bit Mode Stack Frame", "Error Code".
 */
#include "arch.h"
#include "cpu/attempt_enter.h"

#define NMI	2
#define BP	3

/* Is an attempt on here (cpu/attempt.h)?  Else on to @label. */
	.macro	if_attempt label
#if ARCH_WORD == 8
	cmpq	$0, attempt_elsewhere(%rip)
#else
	cmpl	$0, %cs:attempt_elsewhere
#endif
	je	\label
	.endm

#if ARCH_WORD == 8
#define AX	%rax
#define SP	%rsp
#define IRET	iretq
#define AT(symbol) symbol(%rip)
#define ROOM	16		/* an emulated call's, see mp_int3 */
	.macro	save
	push	%rax; push %rcx; push %rdx; push %rsi; push %rdi
	push	%r8; push %r9; push %r10; push %r11
	.endm
	.macro	restore
	pop	%r11; pop %r10; pop %r9; pop %r8
	pop	%rdi; pop %rsi; pop %rdx; pop %rcx; pop %rax
	.endm
	.macro	handler function
	cld
	mov	%rsp, %rdi
	call	\function
	.endm
#else
#define AX	%eax
#define SP	%esp
#define IRET	iretl
#define AT(symbol) symbol
#define ROOM	4
	.macro	save
	push	%eax; push %ecx; push %edx
	.endm
	.macro	restore
	pop	%edx; pop %ecx; pop %eax
	.endm
	.macro	handler function
	cld
	push	%esp
	call	\function
	lea	4(%esp), %esp
	.endm
#endif

	.hidden	mp_entries, mp_nmis, mp_on_interrupt, mp_on_int3, mp_on_exception
	.hidden	mp_landing, mp_landed, attempt_elsewhere, attempt_fault_elsewhere
	.globl	mp_entries

	.section .text.mp, "ax", @progbits
	.balign 16
mp_entries:
	.set	vector, 0
	.rept	256
	.balign 16
	.if	vector == NMI
	lock incl AT(mp_nmis)
	IRET
	.elseif	vector == BP
	jmp	mp_int3
	.elseif	vector >= 32
	push	$0
	.byte	0x6a, vector	/* PUSH imm8, sign-extended: C takes the byte */
	jmp	mp_interrupt
	.else
	/* 8, 10 to 14, 17, 21, 29, 30 push an error code themselves. */
	.if	!((1 << vector) & 0x60227d00)
	push	$0
	.endif
	.byte	0x6a, vector
	jmp	mp_exception
	.endif
	.set	vector, vector + 1
	.endr
	.balign 16

mp_interrupt:
	save
	handler	mp_on_interrupt
	restore
	lea	(2 * ARCH_WORD)(SP), SP
	IRET

/*
 * The frame may have to move down by what an emulated call pushes: x86-64 takes the
 * stack pointer from the frame, but the frame may lie where the return address is to
 * be; ia32 has the stack pointer behind the frame.  So room is made below it; C moves
 * it and returns true, or leaves it.
 */
mp_int3:
	if_attempt 1f
	push	$0
	push	$BP
	jmp	attempt_fault_elsewhere
1:	lea	-ROOM(SP), SP
	push	$0
	push	$BP
	save
	handler	mp_on_int3
	cmp	$1, %eax
	ja	2f
	je	1f
	restore
	lea	(2 * ARCH_WORD + ROOM)(SP), SP
	IRET
1:	restore
	lea	(2 * ARCH_WORD)(SP), SP
	IRET
2:	call	mp_landing
	mov	AX, SP
	jmp	mp_landed

/* C returns the stack that mp_run() noted; what runs above it is given up.  0: back, to
 * where C has put in the frame.  1: to where an attempt began. */
mp_exception:
#if ARCH_WORD == 4
	if_attempt 1f
	push	%eax
	push	%ecx
	mov	%ds, %eax
	mov	%ss, %ecx
	cmp	%ax, %cx		/* another DS than when it began: C cannot look */
	je	2f
	mov	$ATTEMPT_NOT_BY, %eax
	mov	8(%esp), %ecx		/* the vector */
	bt	%ecx, %eax
	jnc	3f
	mov	%ss, %eax		/* it is the end of the visit: DS is not gone back to */
	mov	%eax, %ds
	mov	%eax, %es
2:	pop	%ecx
	pop	%eax
	jmp	1f
3:	pop	%ecx
	pop	%eax
	jmp	attempt_fault_elsewhere
1:
#endif
	save
	handler	mp_on_exception
	test	AX, AX
	jz	3f
	cmp	$1, AX
	je	4f
	mov	AX, SP
	jmp	mp_landed
3:	restore
	lea	(2 * ARCH_WORD)(SP), SP
	IRET
4:	restore
	jmp	attempt_fault_elsewhere

	.section .note.GNU-stack, "", @progbits
