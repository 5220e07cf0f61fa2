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

WORKLOAD_BODY(cli_sti_asm, one, 1, ENTER; CLI; LOOK; STI; LEAVE)
WORKLOAD_BODY(cli_sti_asm, n, WORKLOAD_N, CLI; STI)
WORKLOAD_BODY(cli_sti_asm, n2, 2 * WORKLOAD_N, CLI; STI)

	.section .note.GNU-stack, "", @progbits
