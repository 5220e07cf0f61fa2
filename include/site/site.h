/* SPDX-License-Identifier: GPL-2.0-only */
/* A call site: the bytes, and the record that says where they are. */
#ifndef SITE_H
#define SITE_H

#include "arch.h"

#define SITE_STR_(...)	#__VA_ARGS__
#define SITE_STR(...)	SITE_STR_(__VA_ARGS__)

/* NOPs that a site may be built with; text_open() knows them, and no others.
 * Source: Intel SDM Vol. 2B, "NOP--No Operation". */
#define SITE_NOP8_BYTES	0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0
#define SITE_NOP2_BYTES	0x66, 0x90
#define SITE_NOP8	.byte SITE_NOP8_BYTES
#define SITE_NOP2	.byte SITE_NOP2_BYTES

/*
 * An op's number and its slot's offset as assembler symbols, from op.def: one
 * home for C, for assembly and for strings.  OP_x is the type in a record,
 * PARAVIRT_x the slot's offset in bytes, as the seed's assembly named it.
 */
#ifdef __ASSEMBLER__

.set op_counter, 0
.macro op_symbol name
	.set	OP_\name, op_counter
	.set	PARAVIRT_\name, op_counter * ARCH_WORD
	.set	op_counter, op_counter + 1
.endm
#define OP(name, shape, class, ring3, contract) op_symbol name;
#include "list/op.def"
#undef OP

/*
 * PARA_PATCH(op, clobbers, insns...) - a site in assembly.
 * @op:       name in op.def.
 * @clobbers: enum clobber bits, as a number.
 * @insns:    the bytes of the site: an indirect call of the op, and what the
 *            convention puts around it.
 *
 * Uses the local label 771 and 772.
 */
#define PARA_PATCH(op, clobbers, ...)			\
	771: __VA_ARGS__; 772:;				\
	.pushsection .parainstructions, "a";		\
	.balign 4;					\
	.long 771b - .;					\
	.byte OP_##op;					\
	.byte 772b - 771b;				\
	.short clobbers;				\
	.popsection

#else /* C */

#include <stdint.h>

asm(".set op_counter, 0\n"
#define OP(name, shape, class, ring3, contract)			\
    ".set OP_" #name ", op_counter\n"				\
    ".set PARAVIRT_" #name ", op_counter * " SITE_STR(ARCH_WORD) "\n" \
    ".set op_counter, op_counter + 1\n"
#include "list/op.def"
#undef OP
    );

/*
 * SITE(op, clobbers, insns) - a site as a string, for an asm statement.
 * @op:       name in op.def.
 * @clobbers: enum clobber bits, as a number.
 * @insns:    string: the bytes of the site.
 *
 * The site is safe in an asm statement with operands: nothing in it needs
 * percent signs doubled beyond what @insns has.  A site longer than 255 bytes
 * does not assemble (warnings are errors).
 */
#define SITE(op, clobbers, insns)				\
	"771:\n\t" insns "\n772:\n"				\
	".pushsection .parainstructions,\"a\"\n"		\
	"\t.balign 4\n"						\
	"\t.long 771b - .\n"					\
	"\t.byte OP_" #op "\n"					\
	"\t.byte 772b - 771b\n"					\
	"\t.short " SITE_STR(clobbers) "\n"			\
	".popsection\n"

/* The call alone, which may change what a C call changes: a site whatever the
 * convention, where nothing may be between the stack and the op. */
#define SITE_CCALL(op)	SITE(op, ARCH_CLOBBERS, SITE_CALL(op))

/* The call itself, in an asm statement with operands (percent signs doubled). */
#define SITE_CALL(op)	"call *" SITE_STR(ARCH_SLOT(op))

/* Likewise, of the op's callee-save thunk. */
#define SITE_CALL_CALLEE(op) "call *" SITE_STR(ARCH_SLOT_CALLEE(op))

/*
 * The record.  Self-relative, so the table needs no relocation and is
 * read-only; eight bytes, so the last one is as long as the others.
 */
struct site {
	int32_t site;		/* from this field to the site's first byte */
	uint8_t type;		/* enum op */
	uint8_t len;		/* bytes, at most SITE_LEN_MAX */
	uint16_t clobbers;	/* enum clobber bits */
};

_Static_assert(sizeof(struct site) == 8, "SITE and PARA_PATCH emit 8 bytes");

/* The records of this image, [begin, end), placed by the linker script. */
extern const struct site __start_parainstructions[];
extern const struct site __stop_parainstructions[];

#endif /* C */
#endif
