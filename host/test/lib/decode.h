/* SPDX-License-Identifier: GPL-2.0-only */
/* An independent decoder (Zydis), for tests of what the engine writes. */
#ifndef DECODE_H
#define DECODE_H

#include <Zydis/Zydis.h>
#include <string.h>
#include "patch/nop.h"
#include "site/sited_op.h"

#define M(name) ZYDIS_MNEMONIC_##name

static ZydisDecoder decoder[ISA_COUNT];

static inline void decoders_init(void)
{
	ZydisDecoderInit(&decoder[ISA_IA32], ZYDIS_MACHINE_MODE_LEGACY_32,
			 ZYDIS_STACK_WIDTH_32);
	ZydisDecoderInit(&decoder[ISA_X86_64], ZYDIS_MACHINE_MODE_LONG_64,
			 ZYDIS_STACK_WIDTH_64);
}

struct insn {
	ZydisDecodedInstruction in;
	ZydisDecodedOperand op[ZYDIS_MAX_OPERAND_COUNT];
};

static inline bool decode(enum isa isa, const uint8_t *at, unsigned len, struct insn *i)
{
	return ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder[isa], at, len,
						   &i->in, i->op));
}

/* "mov %esi, %esi". */
static inline bool is_mov_same(const struct insn *i)
{
	return i->in.mnemonic == M(MOV)
		&& i->op[0].type == ZYDIS_OPERAND_TYPE_REGISTER
		&& i->op[1].type == ZYDIS_OPERAND_TYPE_REGISTER
		&& i->op[0].reg.value == i->op[1].reg.value;
}

/* "lea 0(%esi), %esi", with or without a scaled no-index. */
static inline bool is_lea_same(const struct insn *i)
{
	return i->in.mnemonic == M(LEA)
		&& i->op[1].mem.base == i->op[0].reg.value
		&& i->op[1].mem.index == ZYDIS_REGISTER_NONE
		&& !i->op[1].mem.disp.value;
}

/* In 64-bit mode those two clear the upper half: no NOPs there. */
static inline bool is_nop(enum isa isa, const struct insn *i)
{
	return i->in.mnemonic == M(NOP)
		|| (isa == ISA_IA32 && (is_mov_same(i) || is_lea_same(i)));
}

/* Exactly @nops NOPs, and not a byte more. */
static inline bool decodes_as_nops(enum isa isa, const uint8_t *at, unsigned len,
			    unsigned nops)
{
	struct insn i;
	unsigned n = 0;

	for (; len; at += i.in.length, len -= i.in.length, n++)
		if (!decode(isa, at, len, &i) || !is_nop(isa, &i))
			return false;
	return n == nops;
}

/* A table whose NOPs are none in 64-bit mode is not for x86-64. */
static inline bool suits(enum isa isa, const struct nop_table *t)
{
	return isa == ISA_IA32 || strcmp(t->name, "i386");
}

/* Where a CALL or JMP of the instruction at @addr goes, or what address its memory
 * operand is relative to RIP or absolute; 0: neither. */
static inline uint64_t target_of(const struct insn *i, uint64_t addr)
{
	uint64_t to = 0;

	for (unsigned k = 0; k < i->in.operand_count_visible; k++)
		if (ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&i->in, &i->op[k], addr,
							  &to)))
			return to;
	return 0;
}

#endif
