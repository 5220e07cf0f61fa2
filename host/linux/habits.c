/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What only the kernel that ran knew, learned from what nearly all places of a kind
 * have; see habits.h.  What it decides once, it decides for all of them: which thunk
 * returns jump to, how far before functions calls lead.
 *
 * Source: Linux, arch/x86/kernel/alternative.c, apply_returns(), patch_retpoline();
 * arch/x86/kernel/callthunks.c, patch_dest().
 */
#include <stdlib.h>
#include <string.h>
#include "habits.h"
#include "patch/insn.h"
#include "retpoline.h"

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

/* Accounting code is no longer. */
#define PAD_MAX		64

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

/* What retpolines whose branch would end in one half of a cache line were made; as they
 * were built counts too. */
static void learn_branches(const struct kernel *k, const struct dump *d,
			   const struct spots *s, struct habits *h, unsigned half)
{
	struct vote v = { 0 };

	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < s->count; i++) {
			const struct spot *at = &s->spot[i];
			struct view w = { k, d, h, at, built_at(k, at),
					  dump_bytes(d, at->addr, at->len) };

			if (at->table != TABLE_retpolines || !w.got
			    || branch_half(&w) != half)
				continue;
			vote(&v, memcmp(w.built, w.got, at->len) ? retpoline_form(&w)
			     : REWRITE_NOT, pass);
		}
	h->branches[half] = decided(&v) ? (enum rewrite)v.candidate : REWRITE_NOT;
}

void habits_learn(const struct kernel *k, const struct dump *d,
		  const struct spots *s, struct habits *h)
{
	uint64_t moved;

	*h = (struct habits){ .branches = { REWRITE_NOT, REWRITE_NOT } };
	for (unsigned half = 0; half < 2; half++)
		learn_returns(k, d, s, h, half);
	/* With ITS only returns of the lower half take a thunk. */
	if (h->returns[0].plain && h->returns[1].thunk)
		h->returns[1].thunk = 0;
	h->retpoline[0] = learn_moved(k, d, s, TABLE_retpolines, 0xe8);
	h->retpoline[1] = learn_moved(k, d, s, TABLE_retpolines, 0xe9);
	moved = -learn_moved(k, d, s, TABLE_calls, 0xe8);
	if (k->im->isa == ISA_X86_64 && moved && moved <= PAD_MAX)
		h->pad = learn_pad(k, d, s, (unsigned)moved);
	h->moved = h->pad ? (unsigned)moved : 0;
	for (unsigned half = 0; half < 2; half++)
		learn_branches(k, d, s, h, half);
}
