/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An application's text that is made up: every workload in every convention, with
 * true sites, but ops that only move the made-up machine's clock and IF.  Where
 * the real one has the instruction itself this one calls through mu_native: at an
 * absolute address, so that it may be moved.  Workloads that are no ops call it
 * too, each its own slot.
 */
#include "site/site.h"
#include "workload/workload.h"

#if ARCH_WORD == 8
#define WORK	%rbx
#define ENTER	push %rbx; mov %rdi, %rbx
#define LEAVE	pop %rbx
#define ARG	mov (%rbx), %rdi
#define RESULT	mov %rax, 8(%rbx)
#define RESULT_FLAGS	mov %rax, (%rbx)
#else
#define WORK	%ebx
#define ENTER	push %ebx; mov 8(%esp), %ebx
#define LEAVE	pop %ebx
#define ARG	mov (%ebx), %eax
#define RESULT	mov %eax, 4(%ebx)
#define RESULT_FLAGS	mov %eax, (%ebx)
#endif

/* As WORKLOAD_THREE, but with the way in and out that a compiler makes. */
#define THREE(name, ...)						\
	.balign 16;							\
WL_LABEL(WL_SYMBOL(SITES, name, three))					\
	ENTER; __VA_ARGS__;						\
WL_LABEL(WL_SYMBOL(SITES, name, three_copy))				\
	__VA_ARGS__;							\
WL_LABEL(WL_SYMBOL(SITES, name, three_copy_end))			\
	__VA_ARGS__;							\
WL_LABEL(WL_SYMBOL(SITES, name, three_end))				\
	LEAVE; ret
#define ONE(name, ...)							\
	.balign 16;							\
WL_LABEL(WL_SYMBOL(SITES, name, one))					\
	ENTER; __VA_ARGS__;						\
WL_LABEL(WL_SYMBOL(SITES, name, one_end))				\
	LEAVE; ret

/* The flags, whatever the convention, without a site. */
#define LOOK	call *mu_look; RESULT
#define CALL(op)	call *mu_native + PARAVIRT_##op

#define OPS								\
	ONE(irq_disable, DO(irq_disable));				\
	THREE(irq_disable, DO(irq_disable));				\
	ONE(irq_enable, DO(irq_enable));				\
	THREE(irq_enable, DO(irq_enable));				\
	ONE(save_fl, DO(save_fl); RESULT);				\
	THREE(save_fl, DO(save_fl));					\
	ONE(restore_fl, ARG; DO(restore_fl));				\
	THREE(restore_fl, ARG; DO(restore_fl));				\
	ONE(save_restore_fl, DO(save_fl); RESULT_FLAGS; RESULT; ARG; DO(restore_fl)); \
	THREE(save_restore_fl, DO(save_fl); RESULT_FLAGS; ARG; DO(restore_fl)); \
	ONE(irq_save_restore, DO(save_fl); RESULT_FLAGS; DO(irq_disable); \
	    LOOK; ARG; DO(restore_fl)); \
	THREE(irq_save_restore, DO(save_fl); RESULT_FLAGS; DO(irq_disable); ARG; DO(restore_fl)); \
	PAIR(cli_sti);							\
	PAIR(cli_sti_string);						\
	PAIR(cli_sti_asm);						\
	ONE(fused_save_restore, DO(irq_save); RESULT_FLAGS; LOOK; ARG; DO(restore_fl)); \
	THREE(fused_save_restore, DO(irq_save); RESULT_FLAGS; ARG; DO(restore_fl)); \
	ONE(live_regs, DO(save_fl); RESULT);				\
	THREE(live_regs, DO(save_fl));					\
	ONE(io_delay, DO(io_delay));					\
	THREE(io_delay, DO(io_delay))
#define PAIR(name)							\
	ONE(name, DO(irq_disable); LOOK; DO(irq_enable));		\
	THREE(name, DO(irq_disable); DO(irq_enable))
#define OTHER(name, k)							\
	ONE(name, call *mu_others + k * ARCH_WORD);			\
	THREE(name, call *mu_others + k * ARCH_WORD)

/* Ops of the table by themselves: those of MU_TABLE in made_up_ops.h.  They find what they
 * work on by themselves; of the others there is nothing. */
#define OF_TABLE(name, ...)						\
	.set mu_is_timed, 0;						\
	.irp one, set_pte, store_gdt, read_cr0;				\
	.ifc name, \one;						\
	.set mu_is_timed, 1;						\
	.endif;								\
	.endr;								\
	ONE(name, .if mu_is_timed; DO(name); .endif);			\
	THREE(name, .if mu_is_timed; DO(name); .endif)
#define TABLE(name, ...)	OF_TABLE(name)
#define TABLE_TOO(name, ...)

	.section mu_text, "ax", @progbits
	.balign 4096
	.globl mu_text_begin, mu_text_end, mu_sites, mu_sites_end
mu_text_begin:

	.pushsection .parainstructions, "a"
mu_sites:
	.popsection

#define SITES	native
#define DO(op)	CALL(op)
#define INSTRUCTION(name, ...)	ONE(name, ); THREE(name, )
	OPS
#include "list/table.def"
#undef INSTRUCTION
#define INSTRUCTION(name, ...)
	OTHER(imul_chain, 0)
	OTHER(add_chain, 1)
	OTHER(nop, 2)
	OTHER(lfence, 3)
	OTHER(rdtsc, 4)
	OTHER(lfence_rdtsc, 5)
	OTHER(rdtsc_ordered, 6)
	OTHER(pushf_popf, 7)
	OTHER(cpuid_0, 8)
	ONE(empty, )
	THREE(empty, )
#undef SITES
#undef DO

#define SITES	ccall
#define DO(op)	PARA_PATCH(op, ARCH_CLOBBERS, call *ARCH_SLOT(op))
	OPS
#include "list/table.def"
#undef SITES
#undef DO

#define SITES	seed
#define DO(op)	PARA_PATCH(op, 0, ARCH_PUSH_REST; call *ARCH_SLOT(op); ARCH_POP_REST)
	OPS
#include "list/table.def"
#undef SITES
#undef DO

#define SITES	callee
#define DO(op)	PARA_PATCH(op, 1, call *ARCH_SLOT_CALLEE(op))
	OPS
#include "list/table.def"
#undef SITES
#undef DO

#define SITES	wide16
#define DO(op)	PARA_PATCH(op, ARCH_CLOBBERS, call *ARCH_SLOT(op); SITE_NOP8; SITE_NOP2)
	OPS
#include "list/table.def"
#undef SITES
#undef DO

#define SITES	wide32
#define DO(op)	PARA_PATCH(op, ARCH_CLOBBERS, call *ARCH_SLOT(op);		\
			   SITE_NOP8; SITE_NOP8; SITE_NOP8; SITE_NOP2)
	OPS
#include "list/table.def"

	.pushsection .parainstructions, "a"
mu_sites_end:
	.popsection

	.balign 4096
mu_text_end:

	.section .note.GNU-stack, "", @progbits
