/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls, counted; see count_ops.h.  A thunk changes no register but the arithmetic flags, which
 * no op is passed. */
#include "arch.h"
#include "count_ops_thunk.h"
#include "site/site.h"

#if ARCH_WORD == 8
#define AT(symbol, op, scale)	symbol + PARAVIRT_##op / ARCH_WORD * scale(%rip)
#else
#define AT(symbol, op, scale)	symbol + PARAVIRT_##op / ARCH_WORD * scale
#endif

	.hidden	counted_calls, counted_ops, count_ops_thunks
	.globl	counted_calls, counted_ops, count_ops_thunks
	.section .text.count_ops, "ax", @progbits
	.balign	COUNT_OPS_THUNK_BYTES
count_ops_thunks:
#define OP(name, shape, class, ring3, contract)				\
	.balign	COUNT_OPS_THUNK_BYTES;					\
	incl	AT(counted_calls, name, 4);				\
	jmp	*AT(counted_ops, name, ARCH_WORD);
#include "list/op.def"
#undef OP

	.section .bss.count_ops, "aw", @nobits
	.balign	64
counted_calls:
	.skip	op_counter * 4
	.balign	64
counted_ops:
	.skip	op_counter * ARCH_WORD

	.section .note.GNU-stack, "", @progbits
