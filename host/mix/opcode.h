/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an instruction is to the recorder, from its bytes: an opcode that it counts or none,
 * where control may go from it, whether it repeats, whether it is a mark.
 */
#ifndef MIX_OPCODE_H
#define MIX_OPCODE_H

#include <stdbool.h>
#include <stdint.h>

enum opcode {
#define OPCODE(name, in_pairs) OPCODE_##name,
#include "list/mix_opcode.def"
#undef OPCODE
	OPCODE_COUNT,
	OPCODE_NONE = OPCODE_COUNT
};

extern const char *const opcode_names[OPCODE_COUNT];
extern const bool opcode_in_pairs[OPCODE_COUNT];

/* Where control goes from an instruction that completes. */
enum flow {
	FLOW_NEXT,	/* to the next one */
	FLOW_EITHER,	/* to the next one, or to its target: Jcc, LOOP */
	FLOW_TARGET,	/* to its target: JMP, CALL */
	FLOW_ANY,	/* anywhere: RET, IRET, SYSCALL, indirect and far ones */
	FLOW_SOFT	/* to a handler, on purpose: INT n, INT3, INTO, INT1 */
};

enum mark { MARK_NONE, MARK_BEGIN, MARK_UNIT, MARK_END };

struct insn {
	enum opcode opcode;
	enum flow flow;
	int64_t distance;	/* of the target from the next one: FLOW_EITHER, FLOW_TARGET */
	uint8_t accesses;	/* of memory, that end an iteration; 0: does not repeat */
	bool stores;		/* of them, only stores count; else only loads */
	enum mark mark;		/* by its bytes (marker.h) */
};

/**
 * insn_read - what an instruction is.
 * @bytes, @len: the whole instruction, as the emulator has decoded it.
 *
 * Whether it is 16-, 32- or 64-bit code is not asked: the length says what depends on it
 * (40 to 4F is REX if something follows; a displacement is what is left).
 *
 * Source: Intel SDM Vol. 2, "Opcode Map"; of INS, which stores twice, QEMU 7.2's translator.
 */
struct insn insn_read(const uint8_t *bytes, unsigned len);

#endif
