/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guard's entries: one of 32 bytes for each vector, see guard.h; what they count and
 * go by, see guard_entry.h.
 *
 * An entry pushes nothing and uses no register, so that the firmware's handler
 * finds the stack and the registers as the CPU left them.  The arithmetic flags
 * it may change: the CPU has saved the interrupted code's, and no handler has a
 * use for those it is entered with.  No entry begins with ENDBR and one returns to
 * elsewhere: shadow stacks and IBT are off for the run, see entry.S.
 */
#include "arch.h"
#include "attempt_enter.h"

#define UD		6	/* vectors */
#define GP		13
#define PF		14
#define NMI		2
#define RESERVED	15	/* no exception: where EDK2 has the spurious one */
#define FIRST_INTERRUPT	32

#if ARCH_WORD == 8
#define AT(symbol)	symbol(%rip)
#define ADDRESS(symbol, reg) lea symbol(%rip), reg
#define AX		%rax
#define CX		%rcx
#define SP		%rsp
#define IRET		iretq
#define CMPW		cmpq
#define LOAD32(at, reg)	movslq at, reg
#else
#define AT(symbol)	symbol
#define ADDRESS(symbol, reg) mov $symbol, reg
#define AX		%eax
#define CX		%ecx
#define SP		%esp
#define IRET		iretl
#define CMPW		cmpl
#define LOAD32(at, reg)	mov %cs:at, reg		/* DS may be what broke */
#endif

#if ARCH_WORD == 8
#define ATTEMPT_ON	attempt_on(%rip)
#else
#define ATTEMPT_ON	%cs:attempt_on	/* DS may be what broke */
#endif

	.hidden	attempt_on, attempt_fault
	.hidden	native_fixups, native_fixups_end
	.hidden	guard_chain, guard_nmis, guard_interrupts, guard_last_vector, guard_fault
	.hidden	guard_entries, guard_end_here, guard_stop
	.hidden	guard_try_rdmsr, guard_try_wrmsr, guard_try_rdpmc
	.hidden	guard_try_segment, guard_try_fs, guard_try_ud, guard_try_store
	.globl	guard_chain, guard_nmis, guard_interrupts, guard_last_vector, guard_fault
	.globl	guard_entries, guard_end_here, guard_stop
	.globl	guard_try_rdmsr, guard_try_wrmsr, guard_try_rdpmc
	.globl	guard_try_segment, guard_try_fs, guard_try_ud, guard_try_store
	.hidden	guard_try, guard_tried, guard_landed_6, guard_landed_13, guard_landed_14
	.globl	guard_try, guard_tried, guard_landed_6, guard_landed_13, guard_landed_14

/* Where an attempt is on (attempt.h) it ends by this vector.  8, 10 to 14, 17, 21, 29, 30
 * push an error code themselves. */
	.macro	end_attempt vector
	CMPW	$0, ATTEMPT_ON
	je	9f
	.if	!((1 << \vector) & 0x60227d00)
	push	$0
	.endif
	push	$\vector
	jmp	attempt_fault
9:
	.endm

	.section .text.guard, "ax", @progbits
	.balign 32
guard_entries:
	.set	vector, 0
	.rept	256
	.balign 32
	.if	vector == NMI
	incl	AT(guard_nmis)
	IRET
	.elseif	vector == UD
	jmp	fault_ud
	.elseif	vector == GP
	jmp	fault_gp
	.elseif	vector == PF
	jmp	fault_pf
	.else
	.if	vector >= FIRST_INTERRUPT || vector == RESERVED
	incl	AT(guard_interrupts)
	movb	$vector, AT(guard_last_vector)
	.elseif	!((1 << vector) & ATTEMPT_NOT_BY)
	end_attempt vector
	.endif
	jmp	*AT(guard_chain + ARCH_WORD * vector)
	.endif
	.set	vector, vector + 1
	.endr
	.balign 32

/* Where a vector ends that goes to no one else. */
guard_end_here:
	IRET

/* An exception without a gate of the firmware's: its own table would have made
 * of it a shutdown, and so does this one. */
guard_stop:
	lidt	AT(no_table)
	ud2

/*
 * A fault between guard_try and guard_tried goes on at guard_landed_ and its vector; there
 * nothing is on the stack but the return address.  Any other is an attempt's, or the
 * firmware's.  An NMI may come
 * in between: it ends by an IRET of its own and comes back to here.  Nothing in
 * here can fault.
 */
	.macro	fault vector, code	/* code: words the CPU pushed after EIP */
	push	AX
	ADDRESS(guard_try, AX)
	CMPW	AX, (ARCH_WORD * (1 + \code))(SP)
	jb	1f
	ADDRESS(guard_tried, AX)
	CMPW	AX, (ARCH_WORD * (1 + \code))(SP)
	jae	1f
	ADDRESS(guard_landed_\vector, AX)
	mov	AX, (ARCH_WORD * (1 + \code))(SP)
	pop	AX
	.if	\code
	lea	(ARCH_WORD)(SP), SP
	.endif
	IRET
1:	pop	AX
	end_attempt \vector
	jmp	*AT(guard_chain + ARCH_WORD * \vector)
	.endm

/* A native op that may fault goes on where its table says: native_lands(), here. */
	.macro	land_native
	push	AX
	push	CX
	ADDRESS(native_fixups, AX)
1:	ADDRESS(native_fixups_end, CX)
	cmp	CX, AX
	jae	3f
	LOAD32((AX), CX)
	add	AX, CX
	CMPW	CX, (ARCH_WORD * 3)(SP)
	je	2f
	lea	8(AX), AX
	jmp	1b
2:	LOAD32(4(AX), CX)
	lea	4(AX, CX), CX
	mov	CX, (ARCH_WORD * 3)(SP)
	pop	CX
	pop	AX
	lea	(ARCH_WORD)(SP), SP
	IRET
3:	pop	CX
	pop	AX
	.endm

fault_ud:
	fault	6, 0
fault_gp:
	land_native
	fault	13, 1
fault_pf:
	fault	14, 1

/*
 * Instructions that may fault.  They take and return what the instruction does,
 * and set CF where it faulted.
 */
guard_try:
guard_try_rdmsr:
	rdmsr
	clc
	ret
guard_try_wrmsr:
	wrmsr
	clc
	ret
guard_try_rdpmc:
	rdpmc
	clc
	ret
guard_try_segment:
	mov	%eax, %es
	clc
	ret
guard_try_fs:
	mov	%eax, %fs
	clc
	ret
guard_try_store:		/* of the byte that is there */
	movb	(CX), %al
	movb	%al, (CX)
	clc
	ret
guard_try_ud:
	ud2
guard_tried:
	.macro	landed vector
guard_landed_\vector:
	movb	$\vector, AT(guard_fault)
	stc
	ret
	.endm
	landed	6
	landed	13
	landed	14

	.section .rodata.guard, "a", @progbits
no_table:
	.zero	2 + ARCH_WORD

	.section .bss.guard, "aw", @nobits
	.balign ARCH_WORD
guard_chain:
	.zero	256 * ARCH_WORD
guard_nmis:
	.zero	4
guard_interrupts:
	.zero	4
guard_last_vector:
	.zero	1
guard_fault:
	.zero	1

	.section .note.GNU-stack, "", @progbits
