/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What only the kernel that ran knew, learned from what nearly all places of a kind
 * have; see rewrite.h.  What it decides once, it decides for all of them: which thunk
 * returns jump to, how far before functions calls lead.
 *
 * Source: Linux, arch/x86/kernel/alternative.c, apply_returns(), patch_retpoline();
 * arch/x86/kernel/callthunks.c, patch_dest().
 */
#include <stdlib.h>
#include <string.h>
#include "alternative.h"
#include "insn.h"
#include "rewrite.h"

/* Nearly all: three in four, for a kernel has hundreds of places. */
static bool nearly_all(size_t n, size_t of)
{
	return n && 4 * n >= 3 * of;
}

/* The number that more than half of those that are shown are, in one pass: Boyer and
 * Moore's vote.  Then they are shown again, and counted. */
struct vote {
	uint64_t candidate;
	size_t lead, shown, for_it;
};

static void vote(struct vote *v, uint64_t number, bool counting)
{
	if (counting) {
		v->shown++;
		v->for_it += number == v->candidate;
	} else if (!v->lead) {
		v->candidate = number;
		v->lead = 1;
	} else {
		v->lead += number == v->candidate ? 1 : -1;
	}
}

static bool decided(const struct vote *v)
{
	return nearly_all(v->for_it, v->shown);
}

static const uint8_t *built_at(const struct kernel *k, const struct spot *s)
{
	return image_bytes(k->im, s->addr, s->len);
}

static bool is_ret(const uint8_t *p)
{
	return !memcmp(p, "\xc3\xcc\xcc\xcc\xcc", CALL_LEN);
}

/* Is it code that returns: within a few instructions a RET, or a call that does not
 * come back (UD2 behind it)? */
static bool is_return_thunk(const struct kernel *k, uint64_t addr)
{
	struct insn in;

	for (unsigned i = 0; i < 8; i++) {
		const uint8_t *p = image_bytes(k->im, addr, INSN_LEN_MAX);

		if (!p || !insn_decode(&in, k->im->isa, p, INSN_LEN_MAX))
			return false;
		if (p[0] == 0xc3
		    || (in.kind == INSN_CALL_REL && !memcmp(p + in.len, "\x0f\x0b", 2)))
			return true;
		addr += in.len;
	}
	return false;
}

/* What the places of one half of a cache line have: 1 for RET. */
static void learn_returns(const struct kernel *k, const struct dump *d,
			  const struct spots *s, struct habits *h, unsigned half)
{
	struct vote v = { 0 };

	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < s->count; i++) {
			const struct spot *at = &s->spot[i];
			const uint8_t *built = built_at(k, at), *got;

			if (at->table != TABLE_returns || built[0] != 0xe9
			    || (at->addr >> 5 & 1) != half || is_trampoline(k->im, at->addr))
				continue;
			got = dump_bytes(d, at->addr, CALL_LEN);
			if (got && is_ret(got))
				vote(&v, 1, pass);
			else if (got && got[0] == 0xe9)
				vote(&v, branch_target(k->im, at->addr, got), pass);
		}
	if (!decided(&v))
		return;
	h->returns[half].plain = v.candidate == 1;
	if (v.candidate != 1 && is_return_thunk(k, v.candidate))
		h->returns[half].thunk = v.candidate;
}

/* How far CALLs, or retpolines' CALLs or JMPs, were moved; 0: not, or all otherwise. */
static uint64_t learn_moved(const struct kernel *k, const struct dump *d,
			    const struct spots *s, enum table table, uint8_t opcode)
{
	struct vote v = { 0 };

	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < s->count; i++) {
			const struct spot *at = &s->spot[i];
			const uint8_t *built = built_at(k, at), *got;
			unsigned skip = at->len == CALL_LEN + 1 && built[0] == 0x2e;

			got = dump_bytes(d, at->addr, at->len);
			if (at->table != table || !got || built[skip] != opcode
			    || got[skip] != opcode || !memcmp(built, got, at->len))
				continue;
			vote(&v, branch_target(k->im, 0, got + skip)
			     - branch_target(k->im, 0, built + skip), pass);
		}
	return decided(&v) ? v.candidate : 0;
}

/* SAR of a counter in GS: what the accounting code begins with. */
static bool is_accounting(const uint8_t *p)
{
	return !memcmp(p, "\x65\x48\xc1", 3) && (p[3] == 0x3c || p[3] == 0x3d);
}

static bool all_nops(const struct kernel *k, const uint8_t *p, unsigned len)
{
	struct insn in;

	for (unsigned at = 0; at < len; at += in.len)
		if (!insn_decode(&in, k->im->isa, p + at, len - at)
		    || in.kind != INSN_NOP)
			return false;
	return true;
}

/* Is there at @addr what is at @pad, if it were moved? */
static bool same_pad(const struct kernel *k, const struct dump *d, uint64_t pad,
		     uint64_t addr, unsigned len)
{
	uint8_t buf[SITE_LEN_MAX];
	const uint8_t *p = dump_bytes(d, addr, len);
	struct alternative_block b = {
		.isa = k->im->isa, .bytes = dump_bytes(d, pad, len), .len = len,
		.from = pad, .to = addr,
	};

	return p && b.bytes && !alternative_copy(&b, SHRINK_NO, NULL, buf)
		&& !memcmp(buf, p, len);
}

/* The accounting code before a called function, if nearly all others have it too. */
static bool is_common_pad(const struct kernel *k, const struct dump *d,
			  const struct spots *s, unsigned moved, uint64_t pad)
{
	const uint8_t *p = dump_bytes(d, pad, moved);
	size_t n = 0, same = 0;

	if (!p || !is_accounting(p))
		return false;
	for (size_t i = 0; i < s->count; i++) {
		const struct spot *at = &s->spot[i];
		const uint8_t *got = dump_bytes(d, at->addr, at->len);

		if (at->table != TABLE_calls || !got || got[0] != 0xe8
		    || !memcmp(got, built_at(k, at), CALL_LEN))
			continue;
		n++;
		same += same_pad(k, d, pad, branch_target(k->im, at->addr, got), moved);
	}
	return nearly_all(same, n);
}

/* Pads of the first few calls are tried. */
#define PADS_TRIED	4

static uint64_t learn_pad(const struct kernel *k, const struct dump *d,
			  const struct spots *s, unsigned moved)
{
	unsigned tried = 0;

	for (size_t i = 0; i < s->count && tried < PADS_TRIED; i++) {
		const struct spot *at = &s->spot[i];
		const uint8_t *built = built_at(k, at);
		const uint8_t *got = dump_bytes(d, at->addr, at->len);
		uint64_t pad;

		if (at->table != TABLE_calls || !got || built[0] != 0xe8
		    || got[0] != 0xe8 || !memcmp(got, built, CALL_LEN))
			continue;
		tried++;
		pad = branch_target(k->im, at->addr, got);
		if (is_common_pad(k, d, s, moved, pad))
			return pad;
	}
	return 0;
}

void habits_learn(const struct kernel *k, const struct dump *d,
		  const struct spots *s, struct habits *h)
{
	uint64_t moved;

	*h = (struct habits){ 0 };
	for (unsigned half = 0; half < 2; half++)
		learn_returns(k, d, s, h, half);
	/* With ITS only returns of the lower half take a thunk. */
	if (h->returns[0].plain && h->returns[1].thunk)
		h->returns[1].thunk = 0;
	h->retpoline[0] = learn_moved(k, d, s, TABLE_retpolines, 0xe8);
	h->retpoline[1] = learn_moved(k, d, s, TABLE_retpolines, 0xe9);
	moved = -learn_moved(k, d, s, TABLE_calls, 0xe8);
	if (k->im->isa == ISA_IA32 || !moved || moved > 64)
		return;
	h->pad = learn_pad(k, d, s, (unsigned)moved);
	h->moved = h->pad ? (unsigned)moved : 0;
}

static enum rewrite explain_return(const struct kernel *k, const struct dump *d,
				   const struct habits *h, const struct spot *s,
				   const uint8_t *built, const uint8_t *got)
{
	unsigned half = s->addr >> 5 & 1;

	(void)d;
	if (built[0] != 0xe9)
		return REWRITE_NOT;
	if (h->returns[half].plain && is_ret(got))
		return REWRITE_return_plain;
	return h->returns[half].thunk && got[0] == 0xe9
		&& branch_target(k->im, s->addr, got) == h->returns[half].thunk
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

/*
 * The branch to @reg itself: CS prefixes or an LFENCE before, NOPs behind, INT3s behind
 * a JMP.
 */
static enum rewrite is_indirect(const struct kernel *k, bool jump, unsigned reg,
				const uint8_t *got, unsigned len)
{
	static const uint8_t lfence[] = { 0x0f, 0xae, 0xe8 };
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
	if (!all_nops(k, got + at, len - at))
		return REWRITE_NOT;
	return fenced ? REWRITE_indirect_lfence : REWRITE_indirect;
}

/*
 * A thunk for ITS: for branches whose opcode would end in the lower half of a cache
 * line, itself in the upper half.  It is made at boot, and not in the dump; if it is,
 * it is looked at.
 */
static bool is_its_thunk(const struct dump *d, uint64_t from, unsigned reg,
			 uint64_t addr)
{
	const uint8_t *p = dump_bytes(d, addr, 4);
	unsigned rex = reg >= 8;

	if ((from + 1 + rex) & 0x20 || !(addr & 0x20))
		return false;
	if (p)
		return (!rex || p[0] == 0x41) && p[rex] == 0xff
			&& p[rex + 1] == (0xe0 | (reg & 7));
	/* Where modules are. */
	return addr >= 0xffffffffa0000000 && addr < 0xffffffffff000000;
}

static enum rewrite explain_retpoline(const struct kernel *k, const struct dump *d,
				      const struct habits *h, const struct spot *s,
				      const uint8_t *built, const uint8_t *got)
{
	unsigned skip = s->len == CALL_LEN + 1 && built[0] == 0x2e;
	uint64_t thunk, to;
	int reg;

	if (s->len < CALL_LEN + skip || (built[skip] != 0xe8 && built[skip] != 0xe9))
		return REWRITE_NOT;
	thunk = branch_target(k->im, s->addr + skip, built + skip);
	reg = thunk_register(k, thunk);
	if (reg < 0)
		return REWRITE_NOT;
	if (got[skip] != built[skip] || (skip && got[0] != 0x2e))
		return is_indirect(k, built[skip] == 0xe9, (unsigned)reg, got, s->len);
	to = branch_target(k->im, s->addr + skip, got + skip);
	if (is_its_thunk(d, s->addr, (unsigned)reg, to))
		return REWRITE_indirect_its;
	return h->moved && h->retpoline[built[skip] & 1]
		&& to - thunk == h->retpoline[built[skip] & 1]
		? REWRITE_indirect_depth : REWRITE_NOT;
}

static enum rewrite explain_call(const struct kernel *k, const struct dump *d,
				 const struct habits *h, const struct spot *s,
				 const uint8_t *built, const uint8_t *got)
{
	uint64_t to = branch_target(k->im, s->addr, got);

	if (!h->moved || built[0] != 0xe8 || got[0] != 0xe8
	    || branch_target(k->im, s->addr, built) - to != h->moved)
		return REWRITE_NOT;
	return same_pad(k, d, h->pad, to, h->moved) ? REWRITE_call_depth : REWRITE_NOT;
}

static enum rewrite explain_accounting(const struct kernel *k, const struct dump *d,
				       const struct habits *h, const struct spot *s,
				       const uint8_t *built, const uint8_t *got)
{
	(void)got;
	return all_nops(k, built, s->len)
		&& same_pad(k, d, h->pad, s->addr, s->len)
		? REWRITE_accounting : REWRITE_NOT;
}

static enum rewrite explain_lock(const struct kernel *k, const struct dump *d,
				 const struct habits *h, const struct spot *s,
				 const uint8_t *built, const uint8_t *got)
{
	(void)k, (void)d, (void)h, (void)s;
	return built[0] == 0xf0 && got[0] == 0x3e ? REWRITE_lock_prefix : REWRITE_NOT;
}

/* Until 6.14, and since. */
static enum rewrite explain_endbr(const struct kernel *k, const struct dump *d,
				  const struct habits *h, const struct spot *s,
				  const uint8_t *built, const uint8_t *got)
{
	(void)k, (void)d, (void)h, (void)s;
	return !memcmp(built, "\xf3\x0f\x1e\xfa", ENDBR_LEN)
		&& (!memcmp(got, "\x66\x0f\x1f\x00", ENDBR_LEN)
		    || !memcmp(got, "\x0f\x1f\x40\xd6", ENDBR_LEN))
		? REWRITE_endbr_sealed : REWRITE_NOT;
}

/* NOPs that can be stored at once.  Source: Linux, arch/x86/include/asm/nops.h, until
 * 5.12 *_NOP5_ATOMIC. */
static bool is_nop5(const uint8_t *p)
{
	return !memcmp(p, "\x0f\x1f\x44\x00\x00", 5)
		|| !memcmp(p, "\x3e\x8d\x74\x26\x00", 5)
		|| !memcmp(p, "\x66\x66\x66\x66\x90", 5);
}

static enum rewrite explain_fentry(const struct kernel *k, const struct dump *d,
				   const struct habits *h, const struct spot *s,
				   const uint8_t *built, const uint8_t *got)
{
	(void)k, (void)d, (void)h, (void)s;
	return built[0] == 0xe8 && is_nop5(got) ? REWRITE_fentry_nop : REWRITE_NOT;
}

/* Is it a JMP to the label's target? */
static bool leads_to_label(const struct kernel *k, const struct spot *s,
			   const uint8_t *got)
{
	if (s->len == 2)
		return got[0] == 0xeb
			&& s->addr + 2 + (uint64_t)(int64_t)(int8_t)got[1] == s->arg;
	return got[0] == 0xe9 && branch_target(k->im, s->addr, got) == s->arg;
}

/* Source: Linux, include/linux/jump_label.h, static_key_count(): above 0, or -1 while it
 * is being switched on. */
static enum rewrite explain_label(const struct kernel *k, const struct dump *d,
				  const struct habits *h, const struct spot *s,
				  const uint8_t *built, const uint8_t *got)
{
	const uint8_t *key = dump_bytes(d, s->key, 4);
	bool jump = leads_to_label(k, s, got);
	bool nop = s->len == 2 ? !memcmp(got, "\x66\x90", 2) || !memcmp(got, "\x89\xf6", 2)
		: is_nop5(got);

	(void)h, (void)built;
	if (!jump && !nop)
		return REWRITE_NOT;
	if (!key)
		return REWRITE_label_no_key;
	if (((get_le(key, 4) != 0) ^ s->flag) != jump)
		return REWRITE_NOT;
	return jump ? REWRITE_label_jump : REWRITE_label_nop;
}

/* What a static call's key points to: false: it cannot be read. */
static bool static_target(const struct kernel *k, const struct dump *d,
			  const struct spot *s, uint64_t *to)
{
	unsigned word = image_word(k->im);
	const uint8_t *p = dump_bytes(d, s->arg, word);

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

static bool is_return(const struct kernel *k, const struct habits *h, uint64_t addr,
		      const uint8_t *built, const uint8_t *got)
{
	if (got[0] == 0xc3)
		return is_ret(got) || !memcmp(got + 1, built + 1, CALL_LEN - 1);
	return got[0] == 0xe9 && (h->returns[0].thunk || h->returns[1].thunk)
		&& (branch_target(k->im, addr, got) == h->returns[0].thunk
		    || branch_target(k->im, addr, got) == h->returns[1].thunk);
}

/* A call may lead to the accounting code before the function. */
static bool leads_to(const struct kernel *k, const struct dump *d,
		     const struct habits *h, uint64_t addr, const uint8_t *got,
		     uint64_t to)
{
	uint64_t at = branch_target(k->im, addr, got);

	return at == to || (h->moved && got[0] == 0xe8 && to - at == h->moved
			    && same_pad(k, d, h->pad, at, h->moved));
}

/* Source: Linux, arch/x86/kernel/static_call.c, __static_call_transform(). */
static enum rewrite explain_static_call(const struct kernel *k, const struct dump *d,
					const struct habits *h, const struct spot *s,
					const uint8_t *built, const uint8_t *got)
{
	unsigned skip = s->len - CALL_LEN;
	uint64_t to;

	if (!static_target(k, d, s, &to) || (skip && got[1] != built[1]))
		return REWRITE_NOT;
	if (to && got[0] == built[0]
	    && leads_to(k, d, h, s->addr + skip, got + skip, to))
		return REWRITE_static_call;
	if (built[0] == 0xe8 && to && warns(k, to) && !memcmp(got, warning, CALL_LEN))
		return REWRITE_static_warning;
	if (built[0] == 0xe8
	    && (to ? returns_zero(k, to) && is_zero(got) : is_nop5(got)))
		return REWRITE_static_none;
	return built[0] == 0xe9 && !to && is_return(k, h, s->addr, built, got)
		? REWRITE_static_none : REWRITE_NOT;
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

static enum rewrite explain_trampoline(const struct kernel *k, const struct dump *d,
				       const struct habits *h, const struct spot *s,
				       const uint8_t *built, const uint8_t *got)
{
	uint64_t to, was = branch_target(k->im, s->addr, built);
	bool jump = got[0] == 0xe9 && !is_return(k, h, s->addr, built, got);
	uint64_t is = jump ? branch_target(k->im, s->addr, got) : 0;

	if (!jump && !is_return(k, h, s->addr, built, got))
		return REWRITE_NOT;
	if (s->arg == KEY_UNKNOWN)
		return some_became(k, d, was, is) ? REWRITE_trampoline : REWRITE_NOT;
	return static_target(k, d, s, &to) && to == is
		? REWRITE_trampoline : REWRITE_NOT;
}

/* All operands of one section have one value, where the compiler had a mark. */
static enum rewrite explain_constant(const struct kernel *k, const struct dump *d,
				     const struct habits *h, const struct spot *s,
				     const uint8_t *built, const uint8_t *got)
{
	const struct section *sec = image_at(k->im, s->arg, 4);
	uint64_t at = s->arg + (uint64_t)(int64_t)(int32_t)get_le(sec->bytes, 4);
	const uint8_t *other = dump_bytes(d, at, s->len);
	const uint8_t *mark = image_bytes(k->im, at, s->len);

	(void)h;
	return other && mark && !memcmp(other, got, s->len)
		&& !memcmp(mark, built, s->len) ? REWRITE_constant : REWRITE_NOT;
}

enum rewrite explain(const struct kernel *k, const struct dump *d,
		     const struct habits *h, const struct spot *s,
		     const uint8_t *built, const uint8_t *got)
{
	static enum rewrite (*const by_table[TABLE_COUNT])(
		const struct kernel *k, const struct dump *d, const struct habits *h,
		const struct spot *s, const uint8_t *built, const uint8_t *got) = {
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

	return by_table[s->table](k, d, h, s, built, got);
}
