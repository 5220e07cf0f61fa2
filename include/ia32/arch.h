/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between the two architectures, ia32's side. */
#ifndef ARCH_H
#define ARCH_H

#define ARCH_NAME	"ia32"
#define ARCH_ISA	ISA_IA32

/* Bytes of a slot of the ops table: a number assembly can read too. */
#define ARCH_WORD	4

/* What is for class x64 (op.def): here as for class trap. */
#define ARCH_X64(prefix)	prefix##_trap

/* A register's name, in assembly and in an asm statement with operands. */
#ifdef __ASSEMBLER__
#define R(reg)		%reg
#else
#define R(reg)		%%reg
#endif

/*
 * An op's slot as the operand of an indirect call: always 6 bytes, ff 15 abs32.
 * The address is absolute, so each site has a base relocation in the image.
 */
#define ARCH_SLOT(op)	paravirt_ops + PARAVIRT_##op
#define ARCH_SLOT_CALLEE(op) paravirt_callee + PARAVIRT_##op

/*
 * What a C call may change, other than the register it returns in, pushed and
 * popped in the seed's order.  Source: System V ABI, Intel386 supplement,
 * "Registers".
 */
#define ARCH_PUSH_REST	push R(ecx); push R(edx)
#define ARCH_POP_REST	pop R(edx); pop R(ecx)
#define ARCH_PUSH_AX	push R(eax)
#define ARCH_POP_AX	pop R(eax)

/* The same, where a call returns 64 bits, in EDX:EAX. */
#define ARCH_PUSH_REST_Q	push R(ecx)
#define ARCH_POP_REST_Q		pop R(ecx)

/* The same as bits of a record's clobbers: EAX ECX EDX. */
#define ARCH_CLOBBERS	0x7

#define ARCH_ENDBR	"endbr32"

#ifndef __ASSEMBLER__

/* Operands in a body's assembly, see backend.h; addresses are absolute. */
#define ARCH_PERCPU	"%fs:"
#define ARCH_RELATIVE	""
#define ARCH_FIX_MEM(behind)	"\n"
/* Values that workload live_regs keeps: with its argument and the result all
 * seven registers. */
#define ARCH_LIVE	5
#define ARCH_RESULT	"eax"
#define ARCH_ARG	"eax"
#define ARCH_ARG32	"eax"
#define ARCH_TEST_IF	"testb $2, %ah"

/* The first three words in EAX, EDX, ECX.  Source: GCC, "x86 Function
 * Attributes", regparm. */
#define FASTCALL	__attribute__((regparm(3)))

/* Constraints: the first and second argument, a 64-bit result. */
#define ARCH_AX		"eax"
#define ARCH_ARG1	"a"
#define ARCH_ARG2	"d"
#define ARCH_RET_Q	"=A"

/* Clobber lists for the operands an op of that shape does not use. */
#define ARCH_CLOBBER_v_v "eax", "ecx", "edx", "memory", "cc"
#define ARCH_CLOBBER_u_v "ecx", "edx", "memory", "cc"
#define ARCH_CLOBBER_q_v "ecx", "memory", "cc"
#define ARCH_CLOBBER_v_u "ecx", "edx", "memory", "cc"
#define ARCH_CLOBBER_v_uu "ecx", "memory", "cc"

/* All but EBX, the stack's and the frame's. */
#define ARCH_CLOBBER_ALL_BUT_B "eax", "ecx", "edx", "esi", "edi", "memory", "cc"

/* Likewise where the call changes EAX alone: convention callee. */
#define ARCH_CALLEE_v_v(insns)						\
	asm volatile(insns : : : "eax", "memory", "cc")
#define ARCH_CALLEE_u_u(insns, ret, a)					\
	asm volatile(insns : "=a" (ret) : "0" ((unsigned long)(a)) :	\
		     "memory", "cc")
#define ARCH_CALLEE_v_u(insns, a) do {					\
	unsigned long arg_ = (a);					\
	asm volatile(insns : "+a" (arg_) : : "memory", "cc");		\
} while (0)
#define ARCH_CALLEE_v_uu(insns, a, b) do {				\
	unsigned long arg_ = (a);					\
	asm volatile(insns : "+a" (arg_) : "d" ((unsigned long)(b)) :	\
		     "memory", "cc");					\
} while (0)

/* A call whose result is where its argument was. */
#define ARCH_ASM_u_u(insns, ret, a)					\
	asm volatile(insns : "=a" (ret) : "0" ((unsigned long)(a)) :	\
		     "ecx", "edx", "memory", "cc")

#endif
#endif
