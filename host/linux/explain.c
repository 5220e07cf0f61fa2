/* SPDX-License-Identifier: GPL-2.0-only */
/* What each mechanism makes of a place of its table, see rewrite.h. */
#include <string.h>
#include "patch/insn.h"
#include "rewrite.h"

/* Where the branch that is in memory leads, behind a prefix. */
static uint64_t leads_to(const struct view *v, unsigned skip)
{
	return branch_target(v->k->im, v->s->addr + skip, v->got + skip);
}

static uint64_t led_to(const struct view *v, unsigned skip)
{
	return branch_target(v->k->im, v->s->addr + skip, v->built + skip);
}

static enum rewrite explain_return(const struct view *v)
{
	unsigned half = v->s->addr >> 5 & 1;
	uint64_t thunk = v->h->returns[half].thunk;

	if (v->built[0] != 0xe9)
		return REWRITE_NOT;
	if (v->h->returns[half].plain && is_ret(v->got))
		return REWRITE_return_plain;
	return thunk && v->got[0] == 0xe9 && leads_to(v, 0) == thunk
		? REWRITE_return_thunk : REWRITE_NOT;
}

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
	if (!all_nops(v->k, got + at, len - at))
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
	*s = (struct spot){ .addr = sec->addr + at + (uint64_t)(int64_t)(int32_t)
				    get_le(sec->bytes + at, 4) };
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

static enum rewrite explain_retpoline(const struct view *v)
{
	enum rewrite form = retpoline_form(v);
	uint64_t to = leads_to(v, prefix(v));

	if (form != v->h->branches[branch_half(v)])
		return REWRITE_NOT;
	return form != REWRITE_indirect_its || dump_bytes(v->d, to, 4)
		|| is_next_thunk(v, to) ? form : REWRITE_NOT;
}

/* Is there accounting code at @pad, so far before the function @to? */
static bool counts_call(const struct view *v, uint64_t pad, uint64_t to)
{
	return v->h->moved && to - pad == v->h->moved
		&& same_pad(v->k, v->d, v->h->pad, pad, v->h->moved);
}

static enum rewrite explain_call(const struct view *v)
{
	return v->built[0] == 0xe8 && v->got[0] == 0xe8
		&& counts_call(v, leads_to(v, 0), led_to(v, 0))
		? REWRITE_call_depth : REWRITE_NOT;
}

static enum rewrite explain_accounting(const struct view *v)
{
	return all_nops(v->k, v->built, v->s->len)
		&& counts_call(v, v->s->addr, v->s->addr + v->s->len)
		? REWRITE_accounting : REWRITE_NOT;
}

static enum rewrite explain_lock(const struct view *v)
{
	return v->built[0] == 0xf0 && v->got[0] == 0x3e
		? REWRITE_lock_prefix : REWRITE_NOT;
}

/* Until 6.14, and since. */
static enum rewrite explain_endbr(const struct view *v)
{
	return !memcmp(v->built, "\xf3\x0f\x1e\xfa", ENDBR_LEN)
		&& (!memcmp(v->got, "\x66\x0f\x1f\x00", ENDBR_LEN)
		    || !memcmp(v->got, "\x0f\x1f\x40\xd6", ENDBR_LEN))
		? REWRITE_endbr_sealed : REWRITE_NOT;
}

static enum rewrite explain_fentry(const struct view *v)
{
	return v->built[0] == 0xe8 && is_atomic_nop(v->got, CALL_LEN)
		? REWRITE_fentry_nop : REWRITE_NOT;
}

/* Is it a JMP to the label's target? */
static bool is_label_jump(const struct view *v)
{
	const uint8_t *got = v->got;

	if (v->s->len == CALL_LEN)
		return got[0] == 0xe9 && leads_to(v, 0) == v->s->arg;
	return got[0] == 0xeb
		&& v->s->addr + 2 + (uint64_t)(int64_t)(int8_t)got[1] == v->s->arg;
}

/* Source: Linux, include/linux/jump_label.h, static_key_count(): above 0, or -1 while it
 * is being switched on. */
static enum rewrite explain_label(const struct view *v)
{
	const uint8_t *key = dump_bytes(v->d, v->s->key, 4);
	bool jump = is_label_jump(v);

	if (!jump && !is_atomic_nop(v->got, v->s->len))
		return REWRITE_NOT;
	if (!key)
		return REWRITE_label_no_key;
	if (((get_le(key, 4) != 0) ^ v->s->flag) != jump)
		return REWRITE_NOT;
	return jump ? REWRITE_label_jump : REWRITE_label_nop;
}

/* What a static call's key points to; false: it cannot be read. */
static bool static_target(const struct view *v, uint64_t *to)
{
	unsigned word = image_word(v->k->im);
	const uint8_t *p = dump_bytes(v->d, v->s->arg, word);

	if (p)
		*to = get_le(p, word);
	return p;
}

/* A function's code behind ENDBR and the tracer's call; NULL. */
static const uint8_t *function(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = image_bytes(k->im, addr, ENDBR_LEN + 2 * CALL_LEN);

	if (p && !memcmp(p, "\xf3\x0f\x1e\xfa", ENDBR_LEN))
		p += ENDBR_LEN;
	return p && p[0] == 0xe8 ? p + CALL_LEN : p;
}

/* XOR %eax, %eax, and nothing else. */
static bool returns_zero(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = function(k, addr);

	return p && !memcmp(p, "\x31\xc0", 2) && (p[2] == 0xc3 || p[2] == 0xe9);
}

/* UD1 (%edx), %rdi: of a warning, since 6.19. */
static const uint8_t warning[CALL_LEN] = { 0x67, 0x48, 0x0f, 0xb9, 0x3a };

static bool warns(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = function(k, addr);

	return p && !memcmp(p, warning, CALL_LEN);
}

/* Five bytes that make the result 0; until 5.17, and since. */
static bool is_zero(const uint8_t *p)
{
	return !memcmp(p, "\x2e\x2e\x2e\x31\xc0", CALL_LEN)
		|| !memcmp(p, "\x66\x66\x48\x31\xc0", CALL_LEN);
}

/* RET, or a JMP to a thunk of returns. */
static bool is_return(const struct view *v)
{
	if (v->got[0] == 0xc3)
		return is_ret(v->got) || !memcmp(v->got + 1, v->built + 1, CALL_LEN - 1);
	for (unsigned half = 0; half < 2; half++)
		if (v->got[0] == 0xe9 && v->h->returns[half].thunk
		    && leads_to(v, 0) == v->h->returns[half].thunk)
			return true;
	return false;
}

/* A static call of nothing, or of what returns 0, or warns. */
static enum rewrite explain_no_call(const struct view *v, uint64_t to)
{
	if (v->built[0] == 0xe9)
		return !to && is_return(v) ? REWRITE_static_none : REWRITE_NOT;
	if (v->built[0] != 0xe8)
		return REWRITE_NOT;
	if (!to)
		return is_atomic_nop(v->got, CALL_LEN)
			? REWRITE_static_none : REWRITE_NOT;
	if (warns(v->k, to) && !memcmp(v->got, warning, CALL_LEN))
		return REWRITE_static_warning;
	return returns_zero(v->k, to) && is_zero(v->got)
		? REWRITE_static_none : REWRITE_NOT;
}

/* Source: Linux, arch/x86/kernel/static_call.c, __static_call_transform().  A CALL may
 * lead to the accounting code before the function. */
static enum rewrite explain_static_call(const struct view *v)
{
	unsigned skip = v->s->len - CALL_LEN;
	uint64_t to, at;

	if (!static_target(v, &to))
		return REWRITE_NOT;
	if (v->got[0] != v->built[0] || (skip && v->got[1] != v->built[1]))
		return explain_no_call(v, to);
	at = leads_to(v, skip);
	if (to && (at == to || (v->got[0] == 0xe8 && counts_call(v, at, to))))
		return REWRITE_static_call;
	return explain_no_call(v, to);
}

/*
 * Did some pointer in data become @is, that was nothing or @was in the image?  A key
 * that no table names can be found by that alone.
 */
static bool some_became(const struct kernel *k, const struct dump *d, uint64_t was,
			uint64_t is)
{
	unsigned word = image_word(k->im);

	for (size_t i = 0; i < k->im->count; i++) {
		const struct section *s = &k->im->sections[i];

		if (!s->write || !s->bytes || !s->addr)
			continue;
		for (size_t at = -s->addr & (word - 1); at + word <= s->len; at += word) {
			const uint8_t *got = dump_bytes(d, s->addr + at, word);
			uint64_t old = get_le(s->bytes + at, word);

			if (got && get_le(got, word) == is && old != is
			    && (!old || old == was))
				return true;
		}
	}
	return false;
}

static enum rewrite explain_trampoline(const struct view *v)
{
	bool returns = is_return(v);
	uint64_t to, is = returns ? 0 : leads_to(v, 0);

	if (!returns && v->got[0] != 0xe9)
		return REWRITE_NOT;
	if (v->s->arg == KEY_UNKNOWN)
		return some_became(v->k, v->d, led_to(v, 0), is)
			? REWRITE_trampoline : REWRITE_NOT;
	return static_target(v, &to) && to == is ? REWRITE_trampoline : REWRITE_NOT;
}

/* All operands of one section have one value, where the compiler had one mark. */
static enum rewrite explain_constant(const struct view *v)
{
	const uint8_t *first = image_bytes(v->k->im, v->s->arg, 4), *other, *mark;
	uint64_t at;

	if (!first)
		return REWRITE_NOT;
	at = v->s->arg + (uint64_t)(int64_t)(int32_t)get_le(first, 4);
	other = dump_bytes(v->d, at, v->s->len);
	mark = image_bytes(v->k->im, at, v->s->len);
	return other && mark && !memcmp(other, v->got, v->s->len)
		&& !memcmp(mark, v->built, v->s->len) ? REWRITE_constant : REWRITE_NOT;
}

enum rewrite explain(const struct view *v)
{
	static enum rewrite (*const by_table[TABLE_COUNT])(const struct view *v) = {
		[TABLE_returns] = explain_return,
		[TABLE_retpolines] = explain_retpoline,
		[TABLE_calls] = explain_call,
		[TABLE_accounting] = explain_accounting,
		[TABLE_locks] = explain_lock,
		[TABLE_endbrs] = explain_endbr,
		[TABLE_fentries] = explain_fentry,
		[TABLE_labels] = explain_label,
		[TABLE_static_calls] = explain_static_call,
		[TABLE_trampolines] = explain_trampoline,
		[TABLE_constants] = explain_constant,
	};

	return by_table[v->s->table](v);
}
