/* SPDX-License-Identifier: GPL-2.0-only */
/* Code that is copied, instruction by instruction; see code_piece.h. */
#include "code_piece.h"
#include "patch/insn.h"

/* The record of the site that begins there; NULL: there is none. */
static const struct site *site_at(const struct para_section *p, uint64_t addr)
{
	for (size_t i = 0; i < p->count; i++)
		if (addr == para_addr(p, i))
			return &p->sites[i];
	return NULL;
}

/* [begin, end). */
struct piece {
	const struct piece_text *text;
	bool looks;				/* it may call work.look, see LOOK() */
	const uint8_t *bytes;			/* of begin */
	uint64_t begin, end;
	uint64_t bad;				/* the first that may not be there */
	uint8_t starts[PIECE_MAX / 8 + 1];	/* a bit a byte: one begins there */
};

static bool starts_at(const struct piece *c, uint64_t at)
{
	uint64_t n = at - c->begin;

	return n <= c->end - c->begin && c->starts[n / 8] >> n % 8 & 1;
}

static void mark_start(struct piece *c, uint64_t at)
{
	uint64_t n = at - c->begin;

	c->starts[n / 8] |= (uint8_t)(1u << n % 8);
}

static bool is_prefix(enum isa isa, uint8_t byte)
{
	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65:
	case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3:
		return true;
	}
	return isa == ISA_X86_64 && (byte & 0xf0) == 0x40;	/* REX */
}

/* An opcode of one byte, or of two, the first of them 0F; else OPCODE_OTHER. */
#define BEHIND_0F	0x100
#define OPCODE_OTHER	0x200
static unsigned opcode_of(enum isa isa, const struct insn *in, const uint8_t *p)
{
	unsigned at = 0, op = p[in->opcode_at];

	while (is_prefix(isa, p[at]))
		at++;
	if (at == in->opcode_at)
		return op;
	return at + 1 == in->opcode_at && p[at] == 0x0f ? BEHIND_0F | op : OPCODE_OTHER;
}

/*
 * Does control go on elsewhere than behind it, other than by a displacement?  Far and
 * indirect branches, returns, interrupts, system calls, RSM, UD.  @looks: calls of a
 * pointer may.
 *
 * Source: Intel SDM Vol. 2D, "Opcode Map".
 */
static bool leaves(enum isa isa, const struct insn *in, const uint8_t *p, bool looks)
{
	unsigned reg = p[in->modrm_at] >> 3 & 7;

	switch (opcode_of(isa, in, p)) {
	case 0x9a: case 0xea:			/* far, by an immediate */
	case 0xc2: case 0xc3: case 0xca: case 0xcb: case 0xcf:
	case 0xcc: case 0xcd: case 0xce: case 0xf1:
	case BEHIND_0F | 0x05: case BEHIND_0F | 0x07: case BEHIND_0F | 0x34:
	case BEHIND_0F | 0x35: case BEHIND_0F | 0xaa: case BEHIND_0F | 0x0b:
	case BEHIND_0F | 0xb9: case BEHIND_0F | 0xff:
		return true;
	case 0xff:				/* near and far CALL, near and far JMP */
		return reg >= (looks ? 3 : 2) && reg <= 5;
	}
	return false;
}

/* Of one instruction by itself: why it cannot be copied, or NULL. */
static const char *why_not(const struct piece *c, const struct insn *in,
			   const uint8_t *p)
{
	if (in->kind == INSN_CALL_REL)
		return "calls a function: a workload may call none";
	if (in->rip_at)
		return "depends on its place: keep data in struct work";
	if (leaves(c->text->isa, in, p, c->looks))
		return "leads away, and is no site";
	return NULL;
}

/* Where every instruction begins, the piece's end included. */
static const char *read_piece(struct piece *c)
{
	enum isa isa = c->text->isa;
	uint64_t at = c->begin;

	while (at < c->end) {
		const uint8_t *p = c->bytes + (at - c->begin);
		const struct site *s = site_at(c->text->para, at);
		struct insn in = { .len = 0 };
		const char *why;

		c->bad = at;
		mark_start(c, at);
		if (s && s->len) {
			if (s->len > c->end - at)
				return "is a site that ends outside it";
			at += s->len;
			continue;
		}
		if (!insn_decode(&in, isa, p, (size_t)(c->end - at)))
			return "is no instruction, or ends outside it";
		why = why_not(c, &in, p);
		if (why)
			return why;
		at += in.len;
	}
	mark_start(c, at);
	return NULL;
}

/* Every branch leads to where one begins, in the same piece. */
static const char *read_branches(struct piece *c)
{
	for (uint64_t at = c->begin; at < c->end; ) {
		const uint8_t *p = c->bytes + (at - c->begin);
		const struct site *s = site_at(c->text->para, at);
		struct insn in = { .len = 0 };

		c->bad = at;
		if (s && s->len) {
			at += s->len;
			continue;
		}
		insn_decode(&in, c->text->isa, p, (size_t)(c->end - at));
		if (in.rel_bytes
		    && !starts_at(c, insn_target(&in, p, at, in.rel_at, in.rel_bytes)))
			return "leads out of it, or to where no instruction begins";
		at += in.len;
	}
	return NULL;
}

const char *piece_check(const struct piece_text *t, bool looks, const void *from,
			const void *to, uint64_t *bad)
{
	struct piece c = {
		.text = t, .looks = looks,
		.begin = (uintptr_t)from, .end = (uintptr_t)to,
	};
	const char *why;

	c.bytes = t->bytes + (c.begin - t->addr);
	why = read_piece(&c);
	if (!why)
		why = read_branches(&c);
	*bad = c.bad;
	return why;
}
