/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The small kernel's ways from ring 3 and to it, x86-64: SYSCALL, SYSRET, and IRET for the first
 * time.  Assembly of a path's block (path_ring3.h).
 *
 * The shape is that of Linux 5.10: SWAPGS, the stack of the task, all registers saved, one call
 * of C with them, all restored, SWAPGS, SYSRET.  Left out of it: the scrubbing of registers, the
 * checks of whether SYSRET may be used, page tables of ring 3's own, the stack on the way out, and
 * all that mitigates.  No site is in it: SWAPGS and SYSRET stand there as instructions.  At the
 * entry Linux has SWAPGS so too; its way out in 5.10 is an op that is not in the table.
 *
 * Source: Linux 5.10, arch/x86/entry/entry_64.S, entry_SYSCALL_64; Intel SDM Vol. 2B, "SYSCALL",
 * "SYSRET", "SWAPGS", "IRET".
 */
#ifndef KERNEL_ENTRY_H
#define KERNEL_ENTRY_H

#include "kernel/ring3.h"
#include "paravirt/pv_memory.h"

#define ENTRY_STR_(x)	#x
#define ENTRY_STR(x)	ENTRY_STR_(x)
#define ENTRY_PV(name)	"%gs:" ENTRY_STR(PV_##name)

/* What the entry saves, in order of address: Linux's struct pt_regs. */
struct kernel_regs {
	unsigned long r15, r14, r13, r12, bp, bx;
	unsigned long r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};

/* Arguments of a call, as ring 3 passes them. */
#define CALL_NUMBER(regs)	((regs)->orig_ax)
#define CALL_ARG1(regs)		((regs)->di)
#define CALL_ARG2(regs)		((regs)->si)
#define CALL_ARG3(regs)		((regs)->dx)
#define CALL_RESULT(regs)	((regs)->ax)

/* The same in ring 3's programs. */
#define USER_CALL	"syscall"
#define USER_ARG1	"%rdi"
#define USER_ARG2	"%rsi"
#define USER_ARG3	"%rdx"
#define USER_RESULT	"%rax"
#define USER_UNITS	"%rbx"
#define USER_SUM	"%r12"
#define USER_BUFFER	"%r13"
#define USER_STACK	"%rsp"

#define KERNEL_TASK_SIZE	0x00007ffffffff000ul

/* Where something of the block is now: never where it was linked. */
#define KERNEL_ADDRESS(symbol) ({					\
	void *at_;							\
	asm("lea " #symbol "(%%rip), %0" : "=r" (at_));			\
	at_; })

/* Words above a stack of ring 0 that the entry looks at: none. */
#define KERNEL_STACK_WORDS	0
#define KERNEL_STACK_FILL(sp0, k)	((void)(sp0), (void)(k))

#define MSR_LSTAR	"0xc0000082"

/*
 * kernel_entry:	where SYSCALL enters; calls kernel_call(regs, k).
 * kernel_to_ring3:	void (struct kernel_ring3 *, unsigned long units): returns when ring 3 has
 *			ended, by
 * kernel_from_ring3:	void (struct kernel_ring3 *), noreturn: on the kernel's stack.
 *
 * Callers' registers, flags, CS and SS are as they were (DS, ES, FS and GS are the lender's to put
 * back), but that IF is set if the kernel had it set when ring 3 ended, and AC is what it was
 * then: a backend may keep its IF there.  %gs is the kernel's.
 */
asm(".text 1\n"
    ".balign 16\n"
    "kernel_entry:\n"
    "	swapgs\n"
    "	mov	%rsp, " ENTRY_PV(USER_SP) "\n"
    "	mov	" ENTRY_PV(KERNEL_SP) ", %rsp\n"
    "	push	" ENTRY_PV(USER_SS) "\n"
    "	push	" ENTRY_PV(USER_SP) "\n"
    "	push	%r11\n"
    "	push	" ENTRY_PV(USER_CS) "\n"
    "	push	%rcx\n"
    "	push	%rax\n"
    "	push	%rdi; push %rsi; push %rdx; push %rcx\n"
    "	push	$-38\n"			/* -ENOSYS */
    "	push	%r8; push %r9; push %r10; push %r11\n"
    "	push	%rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "	mov	%rsp, %rdi\n"
    "	mov	" ENTRY_PV(KERNEL) ", %rsi\n"
    "	call	kernel_call\n"
    "	pop	%r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
    "	pop	%rsi\n"			/* R11 is SYSRET's */
    "	pop	%r10; pop %r9; pop %r8; pop %rax\n"
    "	pop	%rcx\n"			/* so is RCX */
    "	pop	%rdx; pop %rsi; pop %rdi\n"
    "	mov	8(%rsp), %rcx\n"	/* where ring 3 goes on */
    "	mov	24(%rsp), %r11\n"	/* its flags */
    "	mov	32(%rsp), %rsp\n"
    "	swapgs\n"
    "	sysretq\n"
    "\n"
    ".balign 16\n"
    "kernel_to_ring3:\n"
    "	push	%rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "	pushf\n"
    "	cli\n"
    "	mov	%ss, %eax\n"
    "	mov	%rax, " ENTRY_STR(RING3_KERNEL_SS) "(%rdi)\n"
    "	mov	%cs, %eax\n"
    "	push	%rax\n"
    "	lea	1f(%rip), %rax\n"
    "	push	%rax\n"
    "	mov	%rsp, " ENTRY_STR(RING3_RETURN_SP) "(%rdi)\n"
    "	mov	" ENTRY_STR(RING3_SP0) "(%rdi), %rdx\n"
    "	mov	%rdx, " ENTRY_PV(KERNEL_SP) "\n"
    "	mov	" ENTRY_STR(RING3_TSS_SP0) "(%rdi), %rax\n"
    "	mov	%rdx, (%rax)\n"
    "	lea	kernel_entry(%rip), %rax\n"
    "	mov	%rax, %rdx\n"
    "	shr	$32, %rdx\n"
    "	mov	$" MSR_LSTAR ", %ecx\n"
    "	wrmsr\n"
    "	mov	%rsi, %rbx\n"
    "	push	" ENTRY_STR(RING3_SS) "(%rdi)\n"
    "	push	" ENTRY_STR(RING3_SP) "(%rdi)\n"
    "	push	$0x202\n"		/* IF */
    "	push	" ENTRY_STR(RING3_CS) "(%rdi)\n"
    "	push	" ENTRY_STR(RING3_IP) "(%rdi)\n"
    "	xor	%eax, %eax\n"
    "	xor	%ecx, %ecx\n"
    "	xor	%edx, %edx\n"
    "	xor	%esi, %esi\n"
    "	xor	%edi, %edi\n"
    "	xor	%ebp, %ebp\n"
    "	xor	%r8d, %r8d; xor %r9d, %r9d; xor %r10d, %r10d; xor %r11d, %r11d\n"
    "	xor	%r12d, %r12d; xor %r13d, %r13d; xor %r14d, %r14d; xor %r15d, %r15d\n"
    "	swapgs\n"
    "	iretq\n"
    "1:	andl	$~0x40000, (%rsp)\n"
    "	and	$0x40200, %ecx\n"	/* AC, IF */
    "	or	%rcx, (%rsp)\n"
    "	popf\n"
    "	pop	%r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
    "	ret\n"
    "\n"
    "kernel_from_ring3:\n"
    "	pushf\n"
    "	pop	%rcx\n"
    "	cli\n"
    "	mov	" ENTRY_STR(RING3_KERNEL_SS) "(%rdi), %rax\n"
    "	mov	" ENTRY_STR(RING3_RETURN_SP) "(%rdi), %rsp\n"
    "	mov	%eax, %ss\n"
    "	lretq\n"
    ".text\n");

#endif
