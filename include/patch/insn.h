/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where an instruction ends, and what in it depends on where it lies.
 *
 * Enough to walk a text instruction by instruction and to copy instructions to
 * another address: lengths of every encoding (legacy, VEX, EVEX, XOP), and where
 * the displacements are that count from the end of the instruction.
 */
#ifndef INSN_H
#define INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lib/bytes.h"
#include "site/sited_op.h"

/* Source: Intel SDM Vol. 2A, "Instruction Format" (an instruction longer than 15
 * bytes is a general-protection exception). */
#define INSN_LEN_MAX	15

/* What the engine wants to tell apart.  LOOP, JCXZ and XBEGIN are INSN_OTHER with a
 * branch displacement. */
enum insn_kind {
	INSN_OTHER,
	INSN_CALL_REL,		/* e8 */
	INSN_JMP_REL,		/* eb, e9 */
	INSN_JCC,		/* 70-7f, 0f 80-8f */
	INSN_CALL_MEM,		/* ff /2 through memory */
	INSN_NOP,		/* 90 but PAUSE and XCHG, 0f 1f /0; any prefixes */
	INSN_INT3,		/* cc */
};

/* Offsets are from the first byte, prefixes included. */
struct insn {
	enum insn_kind kind;
	uint8_t len;
	uint8_t opcode_at;	/* its last byte; of VEX, EVEX, XOP likewise */
	uint8_t modrm_at;	/* 0: it has none */
	uint8_t rel_at;		/* the branch displacement, of */
	uint8_t rel_bytes;	/* 1, 2 or 4 bytes; 0: it has none */
	uint8_t rip_at;		/* a displacement of 4 bytes from RIP; 0: none */
};

/**
 * insn_decode - one instruction.
 * @in:   filled on success only.
 * @isa:  whose; ia32 is 32-bit code.
 * @p:    its first byte.
 * @room: bytes that may be read.
 *
 * Return: false if it is longer than @room or than INSN_LEN_MAX, or if its opcode is
 * not defined in this mode: by the byte, and for opcodes that a ModRM field
 * completes by that field.  Two that are defined are refused on purpose: near
 * branches with an operand-size prefix in 64-bit mode, whose length differs between
 * Intel and AMD, and what only Knights Corner had (MVEX).  An encoding whose
 * operands are not defined (LOCK where there is none to be, a vector length, a
 * mandatory prefix) may be accepted: its length is no different.
 *
 * Source: Intel SDM Vol. 2A, "Instruction Format", Vol. 2D, "Opcode Map"; AMD64 APM
 * Vol. 3, "Instruction Encoding", Vol. 6 for XOP.
 */
bool insn_decode(struct insn *in, enum isa isa, const uint8_t *p, size_t room);

/* A displacement of 1, 2 or 4 bytes at @p. */
static inline int32_t insn_field(const uint8_t *p, unsigned bytes)
{
	if (bytes == 1)
		return (int8_t)p[0];
	if (bytes == 2)
		return (int16_t)(p[0] | p[1] << 8);
	return (int32_t)get_le32(p);
}

/* Where the displacement of @bytes at p[at] leads, of the instruction at @addr. */
static inline uint64_t insn_target(const struct insn *in, const uint8_t *p,
				   uint64_t addr, unsigned at, unsigned bytes)
{
	return addr + in->len + (uint64_t)(int64_t)insn_field(p + at, bytes);
}

#endif
