/* SPDX-License-Identifier: GPL-2.0-only */
/* The stubs, see stub.h. */
#include "arch.h"
#include "site/site.h"
#include "paravirt/stub.h"

#if ARCH_WORD == 8
#define SLOT(table, op)	table + PARAVIRT_##op(%rip)
#else
#define SLOT(table, op)	table + PARAVIRT_##op
#endif

/* Its RET is predicted to come back to the loop, and does not. */
.macro put_retpoline slot:vararg
	.balign	STUB_BYTES
#if ARCH_WORD == 8
	mov	\slot, %rax
#endif
	call	1f
2:	pause
	lfence
	jmp	2b
1:
#if ARCH_WORD == 8
	mov	%rax, (%rsp)
#else
	lea	4(%esp), %esp
	push	\slot
#endif
	ret
.endm

/* Nothing behind LFENCE begins before the slot is there; the jump may still be
 * guessed, which is why it was given up: CVE-2021-26401.  Of an op that is passed
 * words in all three registers there is none: no site calls it. */
.macro put_lfence reg slot:vararg
	.balign	STUB_BYTES
.ifc \reg, none
	ud2
.else
	mov	\slot, \reg
	lfence
	jmp	*\reg
.endif
.endm

.macro put_trampoline op clobbers slot:vararg
	.balign	STUB_BYTES
771:	jmp	*\slot
772:
	.pushsection .rodata.trampolines, "a"
	.long	771b - .
	.byte	\op
	.byte	772b - 771b
	.short	\clobbers
	.popsection
.endm

#if ARCH_WORD == 8
#define REG_v_v	%rax
#define REG_ARG	%rax
#define REG_CX	%rax
#else
#define REG_v_v	%eax
#define REG_ARG	%ecx
#define REG_CX	none
#endif
#define REG_u_v		REG_v_v
#define REG_q_v		REG_v_v
#define REG_p_v		REG_v_v
#define REG_v_u		REG_ARG
#define REG_u_u		REG_ARG
#define REG_i_u		REG_ARG
#define REG_v_p		REG_ARG
#define REG_v_uu	REG_ARG
#define REG_v_pu	REG_ARG
#define REG_v_pp	REG_ARG
#define REG_v_pq	REG_CX
#define REG_q_up	REG_ARG
#define REG_i_uq	REG_CX
#define REG_v_pup	REG_CX
#define REG_v_puuu	REG_CX
#define REG_v_pupq	REG_CX
#define REG_v_pppp	REG_CX
#define REG_q_q		REG_ARG
#define REG_q_pup	REG_CX
#define REG_patch	REG_CX

	.section .text.stubs, "ax", @progbits

	.balign	64
	.globl	stub_retpoline
	.hidden	stub_retpoline
stub_retpoline:
#define OP(name, shape, class, ring3, contract) put_retpoline SLOT(paravirt_ops, name);
#include "list/op.def"
#undef OP
#define OP(name, shape, class, ring3, contract) put_retpoline SLOT(paravirt_callee, name);
#include "list/op.def"
#undef OP

	.balign	64
	.globl	stub_lfence
	.hidden	stub_lfence
stub_lfence:
#define OP(name, shape, class, ring3, contract) \
	put_lfence REG_##shape, SLOT(paravirt_ops, name);
#include "list/op.def"
#undef OP
#define OP(name, shape, class, ring3, contract) \
	put_lfence REG_##shape, SLOT(paravirt_callee, name);
#include "list/op.def"
#undef OP

	.pushsection .rodata.trampolines, "a"
	.balign	4
	.globl	trampoline_sites, trampoline_sites_end
	.hidden	trampoline_sites, trampoline_sites_end
trampoline_sites:
	.popsection

	.balign	64
	.globl	stub_trampoline
	.hidden	stub_trampoline
stub_trampoline:
#define OP(name, shape, class, ring3, contract) \
	put_trampoline OP_##name, ARCH_CLOBBERS, SLOT(paravirt_ops, name);
#include "list/op.def"
#undef OP
/* 1: of a callee-save thunk, EAX alone. */
#define OP(name, shape, class, ring3, contract) \
	put_trampoline OP_##name, 1, SLOT(paravirt_callee, name);
#include "list/op.def"
#undef OP
	.balign	STUB_BYTES

	.pushsection .rodata.trampolines, "a"
trampoline_sites_end:
	.popsection

	.section .note.GNU-stack, "", @progbits
