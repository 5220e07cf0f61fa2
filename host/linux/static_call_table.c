/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where static calls are, and their trampolines; see static_call_table.h.
 *
 * Source: Linux, include/linux/static_call_types.h; arch/x86/include/asm/static_call.h
 * (the trampoline).
 */
#include "branch.h"
#include "lib/bytes.h"
#include "record_run.h"
#include "static_call_table.h"

/* A key's first word is the function; it is in no section of instructions. */
static bool key_points_to(const struct image *im, uint64_t key, uint64_t *to)
{
	unsigned word = image_word(im);
	const uint8_t *p = instructions(im, key, word) ? NULL : image_bytes(im, key, word);

	if (p)
		*to = get_le(p, word);
	return p;
}

/* Is there at @addr the trampoline of @key: by its mark; by where it leads; or, of a key
 * that points to nothing, a return? */
static bool is_trampoline_of(const struct image *im, uint64_t addr, uint64_t key)
{
	const uint8_t *p = instructions(im, addr, CALL_LEN);
	uint64_t to;

	return p && key_points_to(im, key, &to)
		&& (is_trampoline(im, addr)
		    || (p[0] == 0xe9 && (!to || branch_target(im, addr, p) == to))
		    || (p[0] == 0xc3 && !to));
}

/* Bytes of CALL, JMP or Jcc rel32 at @addr, and where it leads; 0: it is none. */
static unsigned branch_len(const struct image *im, uint64_t addr, uint64_t *to)
{
	const uint8_t *p = instructions(im, addr, CALL_LEN + 1);
	unsigned skip;

	if (!p)
		return 0;
	skip = p[0] == 0x0f && (p[1] & 0xf0) == 0x80;
	if (!skip && p[0] != 0xe8 && p[0] != 0xe9)
		return 0;
	*to = branch_target(im, addr + skip, p + skip);
	return CALL_LEN + skip;
}

static uint64_t key_of(const struct image *im, const uint8_t *p, uint64_t addr)
{
	return offset_from(im, addr + 4, p + 4) & ~3ull;
}

static bool is_static_call(const struct image *im, const uint8_t *p, uint64_t addr,
			   const uint8_t *first)
{
	uint64_t to;

	(void)first;
	return branch_len(im, offset_from(im, addr, p), &to)
		&& is_trampoline_of(im, to, key_of(im, p, addr));
}

static bool names_trampoline(const struct image *im, const uint8_t *p, uint64_t addr,
			     const uint8_t *first)
{
	(void)first;
	return is_trampoline_of(im, offset_from(im, addr, p), key_of(im, p, addr));
}

/* Pairs of a place and a key, whose low bits are flags. */
static struct spot pair(const struct records *r, size_t i, enum table table)
{
	uint64_t at = r->addr + i * r->bytes;
	const uint8_t *p = r->p + i * r->bytes;

	return (struct spot){ .addr = offset_from(r->im, at, p), .len = CALL_LEN,
			      .arg = key_of(r->im, p, at),
			      .table = (uint8_t)table };
}

void list_static_calls(const struct image *im, struct spots *s)
{
	struct records r = { .im = im, .bytes = 8, .good = is_static_call };

	if (!records_find(&r))
		return;
	for (size_t i = 0; i < r.count; i++) {
		struct spot call = pair(&r, i, TABLE_static_calls), trampoline = call;

		call.len = (uint8_t)branch_len(im, call.addr, &trampoline.addr);
		trampoline.table = TABLE_trampolines;
		spots_add(s, call);
		spots_add(s, trampoline);
	}
}

/* Those that modules may call, whether the kernel does or not; and by their mark those
 * that no table names. */
void list_trampolines(const struct image *im, struct spots *s)
{
	struct records r = { .im = im, .bytes = 8, .good = names_trampoline };

	if (!records_find(&r))
		r.count = 0;
	for (size_t i = 0; i < r.count; i++)
		spots_add(s, pair(&r, i, TABLE_trampolines));
	for (size_t i = 0; i < im->count; i++) {
		const struct section *sec = &im->sections[i];
		bool text = sec->exec && !sec->write && sec->bytes;

		for (size_t at = -sec->addr & 3; text && at + 8 <= sec->len; at += 4)
			if (is_trampoline(im, sec->addr + at))
				spots_add(s, (struct spot){ .addr = sec->addr + at,
					.len = CALL_LEN, .arg = KEY_UNKNOWN,
					.table = TABLE_trampolines });
	}
}
