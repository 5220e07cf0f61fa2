/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "cli_sti_asm": interrupts off and on again, as an assembly file. */
#include "arch.h"
#include "workload/workload.h"

/* LOOK: leaves in work.seen, the argument's second word, what work.look, its third,
 * returns. */
#if ARCH_WORD == 8
#define LOOK	call *16(%rbx); mov %rax, 8(%rbx)
#define ENTER	push %rbx; mov %rdi, %rbx
#define LEAVE	pop %rbx
#else
#define LOOK	call *8(%ebx); mov %eax, 4(%ebx)
#define ENTER	push %ebx; mov 8(%esp), %ebx
#define LEAVE	pop %ebx
#endif

WORKLOAD_ONE(cli_sti_asm, ENTER, LEAVE, CLI; LOOK; STI)
WORKLOAD_THREE(cli_sti_asm, CLI; STI)

	.section .note.GNU-stack, "", @progbits
