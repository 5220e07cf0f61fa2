/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the two architectures, x86-64's side. */
#ifndef ARCH_H
#define ARCH_H

#define ARCH_NAME	"x86_64"
#define ARCH_ISA	ISA_X86_64

/* Bytes of a slot of the ops table: a number assembly can read too. */
#define ARCH_WORD	8

/* What is for class x64 (op.def): here as for class timed. */
#define ARCH_X64(prefix)	prefix##_timed

/* A register's name, in assembly and in an asm statement with operands. */
#ifdef __ASSEMBLER__
#define R(reg)		%reg
#else
#define R(reg)		%%reg
#endif

/* An op's slot as the operand of an indirect call: always 6 bytes, ff 15 d32. */
#define ARCH_SLOT(op)	paravirt_ops + PARAVIRT_##op(R(rip))
#define ARCH_SLOT_CALLEE(op) paravirt_callee + PARAVIRT_##op(R(rip))

/*
 * What a C call may change, other than the register it returns in, pushed and
 * popped as the seed does it.  Source: System V ABI, AMD64 supplement,
 * "Registers".
 */
#define ARCH_PUSH_REST							\
	push R(rcx); push R(rdx); push R(rsi); push R(rdi);		\
	push R(r8); push R(r9); push R(r10); push R(r11)
#define ARCH_POP_REST							\
	pop R(r11); pop R(r10); pop R(r9); pop R(r8);			\
	pop R(rdi); pop R(rsi); pop R(rdx); pop R(rcx)
#define ARCH_PUSH_AX	push R(rax)
#define ARCH_POP_AX	pop R(rax)

/* The same, where a call returns 64 bits: in RAX, so nothing is different. */
#define ARCH_PUSH_REST_Q	ARCH_PUSH_REST
#define ARCH_POP_REST_Q		ARCH_POP_REST

/* The same as bits of a record's clobbers: RAX RCX RDX RDI RSI R8-R11. */
#define ARCH_CLOBBERS	0x1ff

#define ARCH_ENDBR	"endbr64"

#ifndef __ASSEMBLER__

/* Operands in a body's assembly, see backend.h. */
#define ARCH_PERCPU	"%gs:"
#define ARCH_RELATIVE	"(%rip)"
#define ARCH_FIX_MEM(behind)	FIX(behind)
/* Values that workload live_regs keeps: with its argument and the result 12 of 15
 * registers. */
#define ARCH_LIVE	10
#define ARCH_RESULT	"rax"
#define ARCH_ARG	"rdi"
#define ARCH_ARG32	"edi"
#define ARCH_TEST_IF	"testw $0x200, %di"

/* System V passes the first words in RDI, RSI, RDX as it is. */
#define FASTCALL

/* Constraints: the first and second argument, a 64-bit result. */
#define ARCH_AX		"rax"
#define ARCH_ARG1	"D"
#define ARCH_ARG2	"S"
#define ARCH_RET_Q	"=a"

/* Clobber lists for the operands an op of that shape does not use. */
#define ARCH_CLOBBER_TAIL "rcx", "rdx", "r8", "r9", "r10", "r11", "memory", "cc"
#define ARCH_CLOBBER_v_v "rax", "rdi", "rsi", ARCH_CLOBBER_TAIL
#define ARCH_CLOBBER_u_v "rdi", "rsi", ARCH_CLOBBER_TAIL
#define ARCH_CLOBBER_q_v ARCH_CLOBBER_u_v
#define ARCH_CLOBBER_v_u "rax", "rsi", ARCH_CLOBBER_TAIL
#define ARCH_CLOBBER_v_uu "rax", ARCH_CLOBBER_TAIL

/* All but RBX, the stack's and the frame's. */
#define ARCH_CLOBBER_ALL_BUT_B "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10",	\
	"r11", "r12", "r13", "r14", "r15", "memory", "cc"

/* Likewise where the call changes RAX alone: convention callee. */
#define ARCH_CALLEE_v_v(insns)						\
	asm volatile(insns : : : "rax", "memory", "cc")
#define ARCH_CALLEE_u_u(insns, ret, a)					\
	asm volatile(insns : "=a" (ret) : "D" (a) : "memory", "cc")
#define ARCH_CALLEE_v_u(insns, a)					\
	asm volatile(insns : : "D" (a) : "rax", "memory", "cc")
#define ARCH_CALLEE_v_uu(insns, a, b)					\
	asm volatile(insns : : "D" (a), "S" (b) : "rax", "memory", "cc")

/* A call that may change its argument's register; the result is in another. */
#define ARCH_ASM_u_u(insns, ret, a) do {				\
	unsigned long arg_ = (a);					\
	asm volatile(insns : "=a" (ret), "+D" (arg_) : :		\
		     "rsi", ARCH_CLOBBER_TAIL);				\
} while (0)

#endif
#endif
