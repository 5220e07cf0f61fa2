/* SPDX-License-Identifier: GPL-2.0-only */
/* What is made of retpolines, see retpoline.h. */
#include <string.h>
#include "lib/bytes.h"
#include "retpoline.h"

/* The register that the thunk at @addr branches to, by its instructions; -1. */
static int thunk_register(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = image_bytes(k->im, addr, 32);

	for (unsigned i = 0; p && i + 4 <= 32; i++) {
		/* MOV reg, (%rsp); JMP *reg */
		if ((p[i] == 0x48 || p[i] == 0x4c) && p[i + 1] == 0x89
		    && (p[i + 2] & 0xc7) == 0x04 && p[i + 3] == 0x24)
			return (p[i + 2] >> 3 & 7) + (p[i] == 0x4c ? 8 : 0);
		if (p[i] == 0xff && (p[i + 1] & 0xf8) == 0xe0)
			return (p[i + 1] & 7) + (i && p[i - 1] == 0x41 ? 8 : 0);
	}
	return -1;
}

/* Bytes of a CS prefix before the branch to a thunk, which those of r8 on may have. */
static unsigned prefix(const struct view *v)
{
	return v->s->len == CALL_LEN + 1 && v->built[0] == 0x2e;
}

unsigned branch_half(const struct view *v)
{
	bool rex = thunk_register(v->k, led_to(v, prefix(v))) >= 8;

	return (v->s->addr + 1 + rex) >> 5 & 1;
}

/*
 * The branch to @reg itself: CS prefixes or an LFENCE before, NOPs behind, INT3s behind
 * a JMP.
 */
static enum rewrite is_indirect(const struct view *v, bool jump, unsigned reg)
{
	static const uint8_t lfence[] = { 0x0f, 0xae, 0xe8 };
	const uint8_t *got = v->got;
	unsigned len = v->s->len;
	bool fenced = len > 3 && !memcmp(got, lfence, 3);
	unsigned at = fenced ? 3 : 0;

	while (!fenced && at < len && got[at] == 0x2e)
		at++;
	if (reg >= 8 && (at >= len || got[at++] != 0x41))
		return REWRITE_NOT;
	if (at + 2 > len || got[at] != 0xff
	    || got[at + 1] != ((jump ? 0xe0 : 0xd0) | (reg & 7)))
		return REWRITE_NOT;
	at += 2;
	while (jump && at < len && got[at] == 0xcc)
		at++;
	if (!all_nops(v->k->im, got + at, len - at))
		return REWRITE_NOT;
	return fenced ? REWRITE_indirect_lfence : REWRITE_indirect;
}

/*
 * A thunk for ITS: for branches whose opcode would end in the lower half of a cache
 * line, itself in the upper half.  It is made at boot, and not in the dump; if it is,
 * it is looked at.
 */
static bool is_its_thunk(const struct view *v, unsigned reg, uint64_t addr)
{
	const uint8_t *p = dump_bytes(v->d, addr, 4);
	unsigned rex = reg >= 8;

	if (branch_half(v) || !(addr & 0x20))
		return false;
	if (p)
		return (!rex || p[0] == 0x41) && p[rex] == 0xff
			&& p[rex + 1] == (0xe0 | (reg & 7));
	/* Where modules are. */
	return addr >= 0xffffffffa0000000 && addr < 0xffffffffff000000;
}

/* What a retpoline was made, by its bytes alone. */
enum rewrite retpoline_form(const struct view *v)
{
	unsigned skip = prefix(v);
	uint8_t opcode = v->built[skip];
	uint64_t moved = v->h->retpoline[opcode & 1];
	int reg;

	if (v->s->len < CALL_LEN + skip || (opcode != 0xe8 && opcode != 0xe9))
		return REWRITE_NOT;
	reg = thunk_register(v->k, led_to(v, skip));
	if (reg < 0)
		return REWRITE_NOT;
	if (v->got[skip] != opcode || (skip && v->got[0] != 0x2e))
		return is_indirect(v, opcode == 0xe9, (unsigned)reg);
	if (v->h->moved && moved && leads_to(v, skip) - led_to(v, skip) == moved)
		return REWRITE_indirect_depth;
	return is_its_thunk(v, (unsigned)reg, leads_to(v, skip))
		? REWRITE_indirect_its : REWRITE_NOT;
}

/* The retpoline that is so many records before this one in the table; false: none. */
static bool record_before(const struct view *v, size_t back, struct spot *s,
			  struct view *before)
{
	const struct section *sec = image_section(v->k->im, ".retpoline_sites");
	const uint8_t *first;
	size_t at;

	if (!sec || !sec->bytes || back > v->s->key)
		return false;
	at = (v->s->key - back) * 4;
	if (at + 4 > sec->len)
		return false;
	*s = (struct spot){ .addr = sec->addr + at + get_s32(sec->bytes + at) };
	first = image_bytes(v->k->im, s->addr, 1);
	s->len = first && first[0] == 0x2e ? CALL_LEN + 1 : CALL_LEN;
	*before = (struct view){ v->k, v->d, v->h, s,
				 image_bytes(v->k->im, s->addr, s->len),
				 dump_bytes(v->d, s->addr, s->len) };
	return before->built && before->got;
}

/* Bytes of JMP *reg and INT3. */
static unsigned its_bytes(const struct view *v)
{
	return thunk_register(v->k, led_to(v, prefix(v))) >= 8 ? 4 : 3;
}

/*
 * Thunks for ITS are made in the table's order, one behind the other in the upper halves
 * of cache lines; a new page of them begins with an upper half.  Source: Linux,
 * arch/x86/kernel/alternative.c, its_allocate_thunk().
 */
static bool is_next_thunk(const struct view *v, uint64_t thunk)
{
	struct spot s;
	struct view before;
	uint64_t next;

	for (size_t back = 1; record_before(v, back, &s, &before); back++) {
		unsigned skip = prefix(&before);

		if (retpoline_form(&before) != REWRITE_indirect_its)
			continue;
		next = leads_to(&before, skip) + its_bytes(&before);
		if (((next + its_bytes(v) - 1) & 63) < 32)
			next = ((next - 1) | 63) + 33;
		return thunk == next || (thunk & 0xfff) == 32;
	}
	return true;
}

enum rewrite explain_retpoline(const struct view *v)
{
	enum rewrite form = retpoline_form(v);
	uint64_t to = leads_to(v, prefix(v));

	if (form != v->h->branches[branch_half(v)])
		return REWRITE_NOT;
	return form != REWRITE_indirect_its || dump_bytes(v->d, to, 4)
		|| is_next_thunk(v, to) ? form : REWRITE_NOT;
}
