/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From one task's kernel stack to another's, x86-64; and a task's first way to ring 3.
 *
 * Source: Linux 5.10, arch/x86/entry/entry_64.S, __switch_to_asm, ret_from_fork; System V ABI,
 * AMD64 supplement, "Registers".
 */
#ifndef KERNEL_SWITCH_H
#define KERNEL_SWITCH_H

/* Words that kernel_switch() finds on a stack above the frame of IRET: registers, where it
 * returns to. */
#define SWITCH_REGISTERS	6

/*
 * kernel_switch:	void (struct kernel_task *from, struct kernel_task *to)
 * kernel_first:	where a task that never ran goes on: calls kernel_begins(k); then ring 3.
 */
asm(".text 1\n"
    ".balign 16\n"
    "kernel_switch:\n"
    "	push	%rbp; push %rbx; push %r12; push %r13; push %r14; push %r15\n"
    "	mov	%rsp, (%rdi)\n"
    "	mov	(%rsi), %rsp\n"
    "	pop	%r15; pop %r14; pop %r13; pop %r12; pop %rbx; pop %rbp\n"
    "	ret\n"
    "\n"
    "kernel_first:\n"
    "	mov	" ENTRY_PV(KERNEL) ", %rdi\n"
    "	call	kernel_begins\n"
    "	xor	%eax, %eax\n"
    "	xor	%ecx, %ecx\n"
    "	xor	%edx, %edx\n"
    "	xor	%esi, %esi\n"
    "	xor	%edi, %edi\n"
    "	xor	%r8d, %r8d; xor %r9d, %r9d; xor %r10d, %r10d; xor %r11d, %r11d\n"
    "	swapgs\n"
    "	iretq\n"
    ".text\n");

#endif
