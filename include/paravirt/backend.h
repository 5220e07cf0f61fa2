/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writing a backend: bodies of ops, their callee-save thunks and their forms.
 *
 * A body is written once, in assembly, and is all three things an op is:
 *
 *	BODY(xen, irq_disable,
 *		"movb $1, " PERCPU(PV_VCPU_MASK) "\n")
 *
 * makes the function xen_irq_disable (ENDBR, these instructions, RET), its thunk,
 * and the form that a site gets: a copy of the instructions, as Linux's xen_patch()
 * made one of xen_irq_disable_direct until 4.19.  What is relative to where it is
 * is said by FIX, and put right in the copy.
 *
 * A body finds its operands as shape.h says and leaves its result in RAX (EAX); it
 * may change RAX and the flags, and what its line in the table of forms allows.  A
 * hypervisor is called by DELIVER, which changes nothing.
 */
#ifndef BACKEND_H
#define BACKEND_H

#include <stddef.h>
#include "arch.h"
#include "paravirt/ops.h"
#include "paravirt/pv_memory.h"
#include "site/site.h"

/* Operands: the CPU's own data, and the rest of pv_memory.  The latter's
 * instruction is followed by FIX_MEM(bytes), with the bytes of its immediate. */
#define PERCPU(at)	ARCH_PERCPU SITE_STR(at)
#define MEM(at)		"pv_memory + " SITE_STR(at) ARCH_RELATIVE

/* The four bytes that end so many bytes before here are relative to here. */
#define FIX(behind)							\
	"\n991:\t.pushsection .rodata\n"				\
	"\t.byte 991b - 4 - " #behind " - 990b\n"			\
	"\t.popsection\n"
#define FIX_MEM(behind)	ARCH_FIX_MEM(behind)

/* Events that are pending are delivered: what a hypervisor would do. */
#define DELIVER	"call pv_deliver" FIX(0)

#define BODY(backend, op, ...)						\
	asm(".pushsection .text." #backend "_" #op ", \"ax\", @progbits\n" \
	    "\t.pushsection .rodata\n"					\
	    #backend "_" #op "_fix:\n"					\
	    "\t.popsection\n"						\
	    "\t.balign 16\n"						\
	    "\t.globl " #backend "_" #op "\n"				\
	    "\t.hidden " #backend "_" #op "\n"				\
	    "\t.type " #backend "_" #op ", @function\n"			\
	    #backend "_" #op ":\n"					\
	    "\t" ARCH_ENDBR "\n"					\
	    #backend "_" #op "_form:\n990:\n\t"				\
	    __VA_ARGS__ "\n"						\
	    #backend "_" #op "_form_end:\n"				\
	    "\tret\n"							\
	    "\t.size " #backend "_" #op ", . - " #backend "_" #op "\n"	\
	    "\t.pushsection .rodata\n"					\
	    #backend "_" #op "_fix_end:\n"				\
	    "\t.popsection\n"						\
	    "\t.popsection\n");						\
	extern const uint8_t backend##_##op##_form[],			\
		backend##_##op##_form_end[], backend##_##op##_fix[],	\
		backend##_##op##_fix_end[]

/* What a backend may override (irq_save, which Linux had for native alone, is made of
 * the backend's save_fl and irq_disable): the interrupt ops, io_delay, or both. */
#define IRQ_OPS(X, backend)						\
	X(backend, v_v, irq_disable) X(backend, v_v, irq_enable)	\
	X(backend, u_v, save_fl) X(backend, v_u, restore_fl)		\
	X(backend, u_v, irq_save)
#define IO_DELAY(X, backend)	X(backend, v_v, io_delay)
#define IRQ_OPS_AND_IO_DELAY(X, backend) IRQ_OPS(X, backend) IO_DELAY(X, backend)
#define NO_OPS(X, backend)

/* Hidden, as BODY() says: so that a thunk may name it where code is position
 * independent. */
#define DECLARE(backend, shape, op)					\
	extern FN_##shape(backend##_##op) __attribute__((visibility("hidden")));
#define SLOT_OF(backend, shape, op)	.op = backend##_##op,
#define THUNK_SLOT(backend, shape, op)	.op = backend##_##op##_thunk,

/*
 * A callee-save thunk, for ops that are C functions: what a C function may change but
 * for RAX (EAX) is pushed, the op called, and popped.  The stack is as the site left
 * it; ops are built -mgeneral-regs-only and do not care.
 */
#define THUNK_ASM(backend, op, push, pop)				\
	asm volatile(push "; call %P0; " pop "; ret" : : "i" (backend##_##op))
#define THUNK_WORD(backend, op)						\
	THUNK_ASM(backend, op, SITE_STR(ARCH_PUSH_REST), SITE_STR(ARCH_POP_REST))
#define THUNK_BODY_v_v	THUNK_WORD
#define THUNK_BODY_u_v	THUNK_WORD
#define THUNK_BODY_v_u	THUNK_WORD
#define THUNK_BODY_u_u	THUNK_WORD
#define THUNK_BODY_v_uu	THUNK_WORD
#define THUNK_BODY_v_p	THUNK_WORD
#define THUNK_BODY_v_pu	THUNK_WORD
#define THUNK_BODY_v_pp	THUNK_WORD
#define THUNK_BODY_v_pq	THUNK_WORD
#define THUNK_BODY_i_uq	THUNK_WORD
#define THUNK_BODY_v_pup	THUNK_WORD
#define THUNK_BODY_v_puuu	THUNK_WORD
#define THUNK_BODY_v_pupq	THUNK_WORD
#define THUNK_BODY_v_pppp	THUNK_WORD
#define THUNK_QUAD(backend, op)						\
	THUNK_ASM(backend, op, SITE_STR(ARCH_PUSH_REST_Q), SITE_STR(ARCH_POP_REST_Q))
#define THUNK_BODY_q_v	THUNK_QUAD
#define THUNK_BODY_q_up	THUNK_QUAD
#define THUNK_BODY_q_q	THUNK_QUAD
#define THUNK_BODY_q_pup	THUNK_QUAD
#define THUNK(backend, shape, op)					\
	_Pragma("GCC diagnostic push")					\
	_Pragma("GCC diagnostic ignored \"-Wunused-parameter\"")	\
	__attribute__((naked)) static FN_##shape(backend##_##op##_thunk) \
	{								\
		THUNK_BODY_##shape(backend, op);			\
	}								\
	_Pragma("GCC diagnostic pop")

/* A form that is a copy of a body. */
struct body_form {
	const uint8_t *begin, *end;	/* of its instructions */
	const uint8_t *fix, *fix_end;	/* offsets of what is relative */
	unsigned scratch;		/* enum clobber bits it needs from the site */
};

#define BODY_FORM(backend, op, scratch)					\
	[OP_##op] = { backend##_##op##_form, backend##_##op##_form_end,	\
		      backend##_##op##_fix, backend##_##op##_fix_end, scratch }

/**
 * body_patch - a patch hook for ops that have bodies.
 * @forms: OP_COUNT of them; an op without one has the native backend's form.
 *
 * Return: as a patch hook; for the other architecture KEPT_NO_FORM.
 */
enum patched body_patch(const struct body_form *forms, const struct sited_op *so,
			uint8_t *buf, unsigned *used);

/*
 * BACKEND_OF_BODIES(backend, C_OPS, KEEPING, vif) - the whole backend.
 * @C_OPS:   a list of ops that it has bodies of, as those above: those that are C
 *           functions in the real one, which get a thunk for callee-save sites
 *           (PV_CALLEE_SAVE).
 * @KEEPING: those written in assembly to change RAX (EAX) alone, which need none
 *           (__PV_IS_CALLEE_SAVE).
 * @vif:     a struct virtual_if *, or NULL.
 *
 * Uses forms[], OP_COUNT of them, which are of the same ops.
 */
#define BACKEND_OF_BODIES(backend_, C_OPS, KEEPING, vif_)		\
	C_OPS(DECLARE, backend_)					\
	KEEPING(DECLARE, backend_)					\
	C_OPS(THUNK, backend_)						\
	static FN_patch(backend_##_patch)				\
	{								\
		return body_patch(forms, so, buf, used);		\
	}								\
	const struct backend backend_##_backend = {			\
		.name = #backend_,					\
		.ops = {						\
			.patch = backend_##_patch,			\
			C_OPS(SLOT_OF, backend_) KEEPING(SLOT_OF, backend_) \
		},							\
		.callee = {						\
			C_OPS(THUNK_SLOT, backend_) KEEPING(SLOT_OF, backend_) \
		},							\
		.vif = vif_,						\
	}

#endif
