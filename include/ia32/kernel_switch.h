/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From one task's kernel stack to another's, ia32; and a task's first way to ring 3.  See
 * x86_64/kernel_switch.h.
 *
 * Source: Linux 5.10, arch/x86/entry/entry_32.S, __switch_to_asm, ret_from_fork.
 */
#ifndef KERNEL_SWITCH_H
#define KERNEL_SWITCH_H

#define SWITCH_REGISTERS	4

asm(".text 1\n"
    ".balign 16\n"
    "kernel_switch:\n"
    "	push	%ebp; push %ebx; push %edi; push %esi\n"
    "	mov	%esp, (%eax)\n"
    "	mov	(%edx), %esp\n"
    "	pop	%esi; pop %edi; pop %ebx; pop %ebp\n"
    "	ret\n"
    "\n"
    "kernel_first:\n"
    "	mov	24(%esp), %eax\n"	/* above the frame, see KERNEL_STACK_FILL() */
    "	call	kernel_begins\n"
    "	mov	16(%esp), %eax\n"
    "	mov	%eax, %ds\n"
    "	mov	%eax, %es\n"
    "	xor	%eax, %eax\n"
    "	xor	%ecx, %ecx\n"
    "	xor	%edx, %edx\n"
    "	iret\n"
    ".text\n");

#endif
