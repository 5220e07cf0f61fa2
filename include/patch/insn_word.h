/* SPDX-License-Identifier: GPL-2.0-only */
/* What instructions are called, and how many of each there are; insn_words.h tells. */
#ifndef INSN_WORD_H
#define INSN_WORD_H

#include <stdint.h>

enum insn_word {
#define INSN_WORD(name, text) INSN_WORD_##name,
#include "list/insn_word.def"
#undef INSN_WORD
	INSN_WORD_COUNT
};
extern const char *const insn_word_texts[INSN_WORD_COUNT];

/* How many of each. */
struct insn_words {
	uint16_t of[INSN_WORD_COUNT];
};

#endif
