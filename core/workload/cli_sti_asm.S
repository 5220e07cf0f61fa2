/* SPDX-License-Identifier: GPL-2.0-only */
/* Workload "cli_sti_asm": interrupts off and on again, as an assembly file. */
#include "arch.h"
#include "workload.h"

/* LOOK: leaves the flags in work.seen, the second word of the argument. */
#if ARCH_WORD == 8
#define LOOK	pushf; pop 8(%rbx)
#define ENTER	push %rbx; mov %rdi, %rbx
#define LEAVE	pop %rbx
#else
#define LOOK	pushf; pop 4(%ebx)
#define ENTER	push %ebx; mov 8(%esp), %ebx
#define LEAVE	pop %ebx
#endif

WORKLOAD_ONE(cli_sti_asm, ENTER, LEAVE, CLI; LOOK; STI)
WORKLOAD_THREE(cli_sti_asm, CLI; STI)

	.section .note.GNU-stack, "", @progbits
