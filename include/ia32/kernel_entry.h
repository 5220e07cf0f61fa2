/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The small kernel's ways from ring 3 and to it, ia32: INT 80h, and IRET.  Assembly of a path's
 * block (path_ring3.h).
 *
 * The shape is that of Linux 5.10 on a 32-bit kernel: an interrupt gate, all registers saved,
 * one call of C with them, all restored, IRET.  (Linux 2.6.17 has a trap gate there: interrupts
 * stay on, and it has no STI.)  Left out of it: what mitigates, stacks of 16 bits, page tables of
 * ring 3's own and the stack of the entry, %gs.  No site is in it: IRET stands there as an
 * instruction.
 *
 * The CPU's own stack of ring 0 (the TSS's) has two words above it: the selector by which the
 * kernel reaches what is its CPU's, and the pointer to struct kernel.
 *
 * Source: Linux 5.10, arch/x86/entry/entry_32.S, entry_INT80_32; Intel SDM Vol. 2A, "INT n",
 * "IRET".
 */
#ifndef KERNEL_ENTRY_H
#define KERNEL_ENTRY_H

#include "kernel/ring3.h"
#include "paravirt/pv_memory.h"

#define ENTRY_STR_(x)	#x
#define ENTRY_STR(x)	ENTRY_STR_(x)
#define ENTRY_PV(name)	"%fs:" ENTRY_STR(PV_##name)

/* What the entry saves, in order of address: Linux's struct pt_regs, but for %gs. */
struct kernel_regs {
	unsigned long bx, cx, dx, si, di, bp, ax;
	unsigned long ds, es, fs;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};

/* Arguments of a call, as ring 3 passes them. */
#define CALL_NUMBER(regs)	((regs)->orig_ax)
#define CALL_ARG1(regs)		((regs)->bx)
#define CALL_ARG2(regs)		((regs)->cx)
#define CALL_ARG3(regs)		((regs)->dx)
#define CALL_RESULT(regs)	((regs)->ax)

/* The same in ring 3's programs. */
#define USER_CALL	"int $0x80"
#define USER_ARG1	"%ebx"
#define USER_ARG2	"%ecx"
#define USER_ARG3	"%edx"
#define USER_RESULT	"%eax"
#define USER_UNITS	"%ebp"
#define USER_SUM	"%edi"
#define USER_BUFFER	"%esi"
#define USER_STACK	"%esp"

/* Where something of the block is now: never where it was linked. */
#define KERNEL_ADDRESS(symbol) ({					\
	void *at_;							\
	asm("call 1f\n1: pop %0\n\tlea " #symbol " - 1b(%0), %0" : "=r" (at_)); \
	at_; })

/* Words above a stack of ring 0 that the entry looks at. */
#define KERNEL_STACK_WORDS	2
#define KERNEL_STACK_FILL(sp0, k) do {					\
	uint32_t fs_;							\
	asm volatile("mov %%fs, %0" : "=r" (fs_));			\
	((unsigned long *)(sp0))[0] = fs_;				\
	((unsigned long *)(sp0))[1] = (unsigned long)(k);		\
} while (0)

#define KERNEL_TASK_SIZE	0xfffff000ul

/* See x86_64/kernel_entry.h.  What is called from here takes its arguments in EAX and EDX. */
asm(".text 1\n"
    ".balign 16\n"
    "kernel_entry:\n"
    "	cld\n"
    "	push	%eax\n"
    "	push	%fs; push %es; push %ds\n"
    "	push	$-38\n"			/* -ENOSYS */
    "	push	%ebp; push %edi; push %esi; push %edx; push %ecx; push %ebx\n"
    "	mov	60(%esp), %edx\n"	/* ring 3's own, usable in ring 0 */
    "	mov	%edx, %ds\n"
    "	mov	%edx, %es\n"
    "	mov	64(%esp), %fs\n"
    "	mov	68(%esp), %edx\n"
    "	mov	%esp, %eax\n"
    "	call	kernel_call\n"
    "	pop	%ebx; pop %ecx; pop %edx; pop %esi; pop %edi; pop %ebp; pop %eax\n"
    "	pop	%ds; pop %es; pop %fs\n"
    "	lea	4(%esp), %esp\n"
    "	iret\n"
    "\n"
    ".balign 16\n"
    "kernel_to_ring3:\n"
    "	push	%ebx; push %ebp; push %esi; push %edi\n"
    "	pushf\n"
    "	cli\n"
    "	push	%ds; push %es; push %fs; push %gs\n"
    "	mov	%ss, %ecx\n"
    "	mov	%ecx, " ENTRY_STR(RING3_KERNEL_SS) "(%eax)\n"
    "	mov	%cs, %ecx\n"
    "	push	%ecx\n"
    "	call	1f\n"
    "1:	pop	%ecx\n"
    "	lea	2f - 1b(%ecx), %ebx\n"
    "	push	%ebx\n"
    "	mov	%esp, " ENTRY_STR(RING3_RETURN_SP) "(%eax)\n"
    "	lea	kernel_entry - 1b(%ecx), %ecx\n"
    "	mov	" ENTRY_STR(RING3_GATE) "(%eax), %ebx\n"
    "	mov	%cx, (%ebx)\n"
    "	shr	$16, %ecx\n"
    "	mov	%cx, 6(%ebx)\n"
    "	mov	" ENTRY_STR(RING3_SP0) "(%eax), %ecx\n"
    "	mov	" ENTRY_STR(RING3_TSS_SP0) "(%eax), %ebx\n"
    "	mov	%ecx, (%ebx)\n"
    "	mov	%edx, %ebp\n"
    "	mov	" ENTRY_STR(RING3_SS) "(%eax), %ecx\n"
    "	push	%ecx\n"
    "	push	" ENTRY_STR(RING3_SP) "(%eax)\n"
    "	push	$0x202\n"		/* IF */
    "	push	" ENTRY_STR(RING3_CS) "(%eax)\n"
    "	push	" ENTRY_STR(RING3_IP) "(%eax)\n"
    "	mov	%ecx, %ds\n"
    "	mov	%ecx, %es\n"
    "	xor	%eax, %eax\n"
    "	xor	%ebx, %ebx\n"
    "	xor	%ecx, %ecx\n"
    "	xor	%edx, %edx\n"
    "	xor	%esi, %esi\n"
    "	xor	%edi, %edi\n"
    "	iret\n"
    "2:	pop	%gs; pop %fs; pop %es; pop %ds\n"
    "	andl	$~0x40000, (%esp)\n"
    "	and	$0x40200, %eax\n"	/* AC, IF */
    "	or	%eax, (%esp)\n"
    "	popf\n"
    "	pop	%edi; pop %esi; pop %ebp; pop %ebx\n"
    "	ret\n"
    "\n"
    "kernel_from_ring3:\n"
    "	mov	" ENTRY_STR(RING3_KERNEL_SS) "(%eax), %ecx\n"
    "	mov	" ENTRY_STR(RING3_RETURN_SP) "(%eax), %edx\n"
    "	pushf\n"
    "	pop	%eax\n"
    "	cli\n"
    "	mov	%ecx, %ss\n"
    "	mov	%edx, %esp\n"
    "	lret\n"
    ".text\n");

#endif
