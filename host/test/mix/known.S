/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel whose every count is known, for known.t: 32-bit, no paging, started by QEMU
 * (Multiboot).  Comments have the instructions of each unit; marks are none.
 *
 * .user lies below what the recorder is told is the kernel, and runs in ring 3.
 */
#include "marker.h"

#define CODE0	0x08
#define CODE3	0x1b
#define DATA3	0x23	/* of both rings */
#define TSS	0x28

#define PIT_VECTOR	0x20
#define TICKS		40

	.code32
	.section .multiboot, "a"
	.balign	4
	.long	0x1badb002, 0, -0x1badb002

	.section .user, "ax"
	.globl	user_code
user_code:				/* unit 8: 9, and 9 of the kernel */
	.rept	5
	nop
	.endr
	pushf				/* no ops: they are not the kernel's */
	popf
	xorl	%eax, %eax
	int	$0x80
	mix_mark MIX_TAG_UNIT
	cli				/* behind the last unit: 3, #GP is skipped */
	movl	$1, %eax
	int	$0x80

	.text
	.globl	_start
_start:
	cld
	lgdt	gdt_at
	ljmp	$CODE0, $1f
1:	movw	$DATA3, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	$0x10, %ax
	movw	%ax, %ss
	movl	$stack, %esp
	call	set_gates
	lidt	idt_at
	movl	$stack, tss + 4
	movl	$0x10, tss + 8
	movl	$tss, %eax
	movw	%ax, gdt + TSS + 2
	shrl	$16, %eax
	movb	%al, gdt + TSS + 4
	movw	$TSS, %ax
	ltr	%ax
	call	set_pic

	/* Region 1: nothing comes from outside. */
	cli
	mix_mark MIX_TAG_BEGIN
	mix_mark MIX_TAG_UNIT		/* unit 1: nothing */

	cli				/* unit 2: 9 */
	sti
	cli
	pushf
	popf
	nop
	nop
	nop
	cli
#ifdef PLANT
	PLANT
#endif
	mix_mark MIX_TAG_UNIT

	movl	$source, %esi		/* unit 3: 23, 7 of them REP */
	movl	$target, %edi
	movl	$1000, %ecx
	rep movsb			/* 1000 of 1 byte */
	xorl	%ecx, %ecx
	rep stosl			/* none */
	movl	$17, %ecx
	rep stosl			/* 17 of 4 */
	movl	$target, %edi
	movb	$5, target + 4
	movl	$100, %ecx
	movb	$5, %al
	repne scasb			/* 5 of 1: found */
	movl	$zeros, %esi
	movl	$zeros + 8, %edi
	movl	$8, %ecx
	repe cmpsb			/* 8 of 1: all equal */
	movl	$3, %ecx
	rep lodsw			/* 3 of 2 */
	movl	$0xe9, %edx
	movl	$2, %ecx
	rep outsb			/* 2 of 1 */
	movsb				/* without a prefix: no repeat */
	mix_mark MIX_TAG_UNIT

	pushf				/* unit 4: 21 with its handlers' */
	pushl	$CODE0
	pushl	$1f
	iret
1:	int	$0x30			/* handler: 2 */
	ud2				/* handler: 2, returns behind */
	xorl	%edx, %edx
	movl	$6, %eax
	xorl	%ecx, %ecx
	divl	%ecx			/* handler: 2, sets ECX; then once more */
	int3				/* handler: 2 */
	nop
	mix_mark MIX_TAG_UNIT

	movl	$100, %ecx		/* unit 5: 1 + 100 + 1 + 2 * 50 + 5 = 207 */
1:	loop	1b			/* a branch to itself is no restart */
	movl	$50, %ecx
1:	nop
	loop	1b
	call	returns			/* and RET */
	movl	$returns, %eax
	call	*%eax			/* and RET */
	mix_mark MIX_TAG_UNIT

	movl	$10, %ecx		/* unit 6: 1 + 10 * 8 = 81; 20 of them a site's rest */
1:
	.globl	site_disable, site_disable_end
site_disable:
	cli
	nop
site_disable_end:
	nop
	nop
	.globl	site_restore, site_restore_end
site_restore:
	pushl	$2
	popf
site_restore_end:
	nop
	loop	1b
	mix_mark MIX_TAG_UNIT

	movb	$0x90, 1f		/* unit 7: 4; code of its own block is written to */
	.globl	stored_to
stored_to:
1:	cli				/* a NOP when it is executed */
	nop
	nop
	mix_mark MIX_TAG_UNIT

	pushl	$DATA3			/* 6 of the kernel, then user_code */
	pushl	$user_stack
	pushl	$2
	pushl	$CODE3
	pushl	$user_code
	iret
	.globl	behind_user
behind_user:				/* behind the last unit: 2, with handlers' 10 */
	nop
	nop
	mix_mark MIX_TAG_END

	/* Region 2: interrupts, at places that are not known, and how many is not either: the
	 * handler counts them. */
	movl	$0, ticks
	mix_mark MIX_TAG_BEGIN
	sti				/* unit 1: HLT until there were some */
1:	hlt
	cmpl	$TICKS / 4, ticks
	jb	1b
	mix_mark MIX_TAG_UNIT
1:	call	returns			/* unit 2: behind CALL, RET, JMP or CMP */
	cmpl	$TICKS / 2, ticks
	jb	1b
	mix_mark MIX_TAG_UNIT
	xorl	%ebx, %ebx		/* unit 3: within a REP, 50000 each time */
1:	movl	$50000, %ecx
	movl	$target, %edi
	rep stosb
	incl	%ebx
	cmpl	$TICKS, ticks
	jb	1b
	cli
	mix_mark MIX_TAG_UNIT
	mix_mark MIX_TAG_END

	movl	ticks, %eax		/* said behind it: interrupts, and how often REP */
	call	say
	movl	%ebx, %eax
	call	say
	.globl	leave
leave:
	xorl	%eax, %eax
	outl	%eax, $0xf4
1:	hlt
	jmp	1b

returns:
	ret

say:					/* EAX, as it lies in memory */
	movl	$4, %ecx
1:	outb	%al, $0xe9
	shrl	$8, %eax
	loop	1b
	ret

.macro	handler name
	.globl	handle_\name
handle_\name:
.endm

handler de
	movl	$1, %ecx
	iret
handler ud
	addl	$2, (%esp)
	iret
handler gp				/* 3 */
	addl	$4, %esp
	incl	(%esp)
	iret
handler bp
	nop
	iret
handler soft
	nop
	iret
handler call				/* 3; the second time 5 */
	cmpl	$0, %eax
	jne	1f
	iret
1:	movl	$stack, %esp
	movl	$0, %eax
	jmp	behind_user
handler pit				/* 6 */
	incl	ticks
	pushl	%eax
	movb	$0x20, %al
	outb	%al, $0x20
	popl	%eax
	iret

.macro	gate vector, name, dpl
	movl	$handle_\name, %eax
	movw	%ax, idt + 8 * \vector
	movw	$CODE0, idt + 8 * \vector + 2
	movw	$(0x8e00 | \dpl << 13), idt + 8 * \vector + 4
	shrl	$16, %eax
	movw	%ax, idt + 8 * \vector + 6
.endm

set_gates:
	gate	0, de, 0
	gate	3, bp, 0
	gate	6, ud, 0
	gate	13, gp, 0
	gate	PIT_VECTOR, pit, 0
	gate	0x30, soft, 0
	gate	0x80, call, 3
	ret

.macro	out_byte value, port
	movb	$\value, %al
	outb	%al, $\port
.endm

/* Vectors from 0x20 on, the PIT's alone, about 1 kHz. */
set_pic:
	out_byte 0x11, 0x20
	out_byte 0x11, 0xa0
	out_byte PIT_VECTOR, 0x21
	out_byte 0x28, 0xa1
	out_byte 4, 0x21
	out_byte 2, 0xa1
	out_byte 1, 0x21
	out_byte 1, 0xa1
	out_byte 0xfe, 0x21
	out_byte 0xff, 0xa1
	out_byte 0x34, 0x43
	out_byte 0xa9, 0x40
	out_byte 0x04, 0x40
	ret

	.data
	.balign	8
gdt:	.quad	0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00cffa000000ffff
	.quad	0x00cff2000000ffff, 0x0000890000000067
gdt_at:	.word	. - gdt - 1
	.long	gdt
idt_at:	.word	0x81 * 8 - 1
	.long	idt

	.bss
	.balign	16
idt:	.skip	0x81 * 8
tss:	.skip	104
ticks:	.skip	4
source:	.skip	1024
zeros:	.skip	64
target:	.skip	65536
	.skip	4096
stack:	.skip	4096
user_stack:
