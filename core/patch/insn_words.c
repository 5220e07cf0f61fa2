/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions by name, followed through calls; see insn_words.h. */
#include "lib/mem.h"
#include "patch/insn_words.h"

const char *const insn_word_texts[INSN_WORD_COUNT] = {
#define INSN_WORD(name, text) text,
#include "list/insn_word.def"
#undef INSN_WORD
};

#define ANY	8	/* whatever the ModRM field reg says, or there is none */

/*
 * Opcodes of one byte, and of two that begin with 0f; the first line that fits counts.
 * Source: Intel SDM Vol. 2D, "Opcode Map".
 */
struct opcodes {
	bool two;
	uint8_t first, last, reg;
	enum insn_word word;
};

static const struct opcodes opcodes[] = {
	{ false, 0x50, 0x57, ANY, INSN_WORD_push },
	{ false, 0x68, 0x68, ANY, INSN_WORD_push },
	{ false, 0x6a, 0x6a, ANY, INSN_WORD_push },
	{ false, 0xff, 0xff, 6, INSN_WORD_push },
	{ false, 0x58, 0x5f, ANY, INSN_WORD_pop },
	{ false, 0x8f, 0x8f, 0, INSN_WORD_pop },
	{ false, 0xff, 0xff, 2, INSN_WORD_call },
	{ false, 0xff, 0xff, 4, INSN_WORD_jmp },
	{ false, 0xc2, 0xc3, ANY, INSN_WORD_ret },
	{ false, 0x9c, 0x9c, ANY, INSN_WORD_pushf },
	{ false, 0x9d, 0x9d, ANY, INSN_WORD_popf },
	{ false, 0xfa, 0xfa, ANY, INSN_WORD_cli },
	{ false, 0xfb, 0xfb, ANY, INSN_WORD_sti },
	{ false, 0xe6, 0xe7, ANY, INSN_WORD_out },
	{ false, 0xee, 0xef, ANY, INSN_WORD_out },
	{ false, 0x88, 0x8b, ANY, INSN_WORD_mov },
	{ false, 0xa0, 0xa3, ANY, INSN_WORD_mov },
	{ false, 0xb0, 0xbf, ANY, INSN_WORD_mov },
	{ false, 0xc6, 0xc7, 0, INSN_WORD_mov },
	{ false, 0x8d, 0x8d, ANY, INSN_WORD_lea },
	{ false, 0x84, 0x85, ANY, INSN_WORD_test },
	{ false, 0xa8, 0xa9, ANY, INSN_WORD_test },
	{ false, 0xf6, 0xf7, 0, INSN_WORD_test },
	{ false, 0x38, 0x3d, ANY, INSN_WORD_cmp },
	{ false, 0x80, 0x83, 7, INSN_WORD_cmp },
	{ false, 0x80, 0x83, ANY, INSN_WORD_logic },
	{ false, 0x00, 0x05, ANY, INSN_WORD_logic },
	{ false, 0x08, 0x0d, ANY, INSN_WORD_logic },
	{ false, 0x20, 0x25, ANY, INSN_WORD_logic },
	{ false, 0x28, 0x2d, ANY, INSN_WORD_logic },
	{ false, 0x30, 0x35, ANY, INSN_WORD_logic },
	{ false, 0xc0, 0xc1, ANY, INSN_WORD_shift },
	{ false, 0xd0, 0xd3, ANY, INSN_WORD_shift },
	{ true, 0x90, 0x9f, ANY, INSN_WORD_set },
	{ true, 0xb6, 0xb7, ANY, INSN_WORD_mov },
	{ true, 0xbe, 0xbf, ANY, INSN_WORD_mov },
	{ true, 0xa3, 0xa3, ANY, INSN_WORD_bt },
	{ true, 0xab, 0xab, ANY, INSN_WORD_bt },
	{ true, 0xb3, 0xb3, ANY, INSN_WORD_bt },
	{ true, 0xba, 0xba, ANY, INSN_WORD_bt },
};

/* ENDBR64, ENDBR32; LFENCE.  Source: Intel SDM Vol. 2A, "ENDBR64", "LFENCE". */
static bool is_endbr(const struct insn *in, const uint8_t *p)
{
	return in->len == 4 && p[0] == 0xf3 && p[1] == 0x0f && p[2] == 0x1e
		&& (p[3] == 0xfa || p[3] == 0xfb);
}

static bool is_lfence(const struct insn *in, const uint8_t *p)
{
	return in->len == 3 && p[0] == 0x0f && p[1] == 0xae && p[2] == 0xe8;
}

static enum insn_word by_opcode(const struct insn *in, const uint8_t *p)
{
	uint8_t op = p[in->opcode_at];
	bool two = in->opcode_at && p[in->opcode_at - 1] == 0x0f;
	unsigned reg = in->modrm_at ? p[in->modrm_at] >> 3 & 7 : 0;

	for (size_t i = 0; i < sizeof(opcodes) / sizeof(opcodes[0]); i++) {
		const struct opcodes *o = &opcodes[i];

		if (o->two == two && op >= o->first && op <= o->last
		    && (o->reg == ANY || o->reg == reg))
			return o->word;
	}
	return INSN_WORD_other;
}

/* What an instruction is called: what is in no list is INSN_WORD_other. */
static enum insn_word insn_word_of(const struct insn *in, const uint8_t *p)
{
	switch (in->kind) {
	case INSN_CALL_REL:
	case INSN_CALL_MEM:
		return INSN_WORD_call;
	case INSN_JMP_REL:
		return INSN_WORD_jmp;
	case INSN_JCC:
		return INSN_WORD_jcc;
	case INSN_NOP:
		return INSN_WORD_nop;
	case INSN_INT3:
	case INSN_OTHER:
		break;
	}
	if (is_endbr(in, p))
		return INSN_WORD_endbr;
	return is_lfence(in, p) ? INSN_WORD_lfence : by_opcode(in, p);
}

#define DEPTH		8	/* calls within calls */
#define STEPS		512	/* instructions of one op */
#define FORKS		6	/* conditional jumps of which both ways are tried */

/* One path through the code; bit k of @path: jump k is taken. */
struct walk {
	enum isa isa;
	const uint8_t *at, *to;
	const uint8_t *back[DEPTH];
	unsigned depth, forks, path, steps;
	struct insn_words words;
};

/* Where a branch through memory leads, its slot being at an address of its own.
 * NULL: it is not.  Source: Intel SDM Vol. 2A, "ModR/M and SIB Bytes". */
static const uint8_t *slot_target(const struct walk *w, const struct insn *in)
{
	const uint8_t *p = w->at;
	uintptr_t slot;

	if (!in->modrm_at || (p[in->modrm_at] & 0xc7) != 0x05)
		return NULL;
	slot = (uintptr_t)(intptr_t)insn_field(p + in->modrm_at + 1, 4);
	if (w->isa == ISA_X86_64)
		slot += (uintptr_t)p + in->len;
	return *(const uint8_t *const *)slot;
}

static const uint8_t *rel_target(const struct walk *w, const struct insn *in)
{
	return (const uint8_t *)(uintptr_t)insn_target(in, w->at, (uintptr_t)w->at,
						       in->rel_at, in->rel_bytes);
}

static bool call(struct walk *w, const struct insn *in, const uint8_t *target)
{
	if (w->depth == DEPTH)
		return false;
	w->back[w->depth++] = w->at + in->len;
	w->at = target;
	return target;
}

/* Both ways are tried, by the path. */
static bool take_jump(struct walk *w, const struct insn *in)
{
	bool taken = w->path >> w->forks & 1;

	if (in->rel_bytes == 0 || w->forks++ == FORKS)
		return false;
	w->at = taken ? rel_target(w, in) : w->at + in->len;
	return true;
}

/* What is no branch of struct insn's, or one by a slot or a return. */
static bool go_on(struct walk *w, const struct insn *in, enum insn_word word)
{
	if (word == INSN_WORD_ret) {
		if (!w->depth)
			return false;
		w->at = w->back[--w->depth];
		return true;
	}
	if (word == INSN_WORD_jmp || word == INSN_WORD_call) {
		const uint8_t *target = slot_target(w, in);

		if (word == INSN_WORD_call)
			return call(w, in, target);
		w->at = target;
		return target;
	}
	if (in->rel_bytes)		/* LOOP, JCXZ */
		return false;
	w->at += in->len;
	return true;
}

static bool step(struct walk *w)
{
	enum insn_word word;
	struct insn in;

	if (++w->steps > STEPS || !insn_decode(&in, w->isa, w->at, INSN_LEN_MAX))
		return false;
	word = insn_word_of(&in, w->at);
	w->words.of[word]++;
	switch (in.kind) {
	case INSN_CALL_REL:
		return call(w, &in, rel_target(w, &in));
	case INSN_JMP_REL:
		w->at = rel_target(w, &in);
		return true;
	case INSN_JCC:
		return take_jump(w, &in);
	case INSN_INT3:
		return false;
	case INSN_CALL_MEM:
	case INSN_NOP:
	case INSN_OTHER:
		break;
	}
	return go_on(w, &in, word);
}

/* Along one path to its end. */
static bool walk(struct walk *w)
{
	while (w->at != w->to || w->depth)
		if (!step(w))
			return false;
	return true;
}

bool insn_words_of(enum isa isa, const uint8_t *from, const uint8_t *to,
		   unsigned instructions, struct insn_words *words)
{
	bool found = false;
	unsigned forks = 0;		/* jumps that a path met, at most */

	for (unsigned path = 0; path < 1u << forks; path++) {
		struct walk w = { .isa = isa, .at = from, .to = to, .path = path };
		bool ended = walk(&w);

		if (ended && w.steps == instructions) {
			if (found && memcmp(words, &w.words, sizeof(*words)))
				return false;
			*words = w.words;
			found = true;
		}
		if (w.forks > forks)
			forks = w.forks < FORKS ? w.forks : FORKS;
	}
	return found;
}
