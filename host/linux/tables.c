/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables by which a kernel rewrites its instructions, see rewrite.h.
 *
 * Source: Linux, arch/x86/kernel/vmlinux.lds.S; kernel/jump_label.c, struct jump_entry;
 * include/linux/static_call_types.h; arch/x86/include/asm/static_call.h (the trampoline);
 * arch/x86/include/asm/runtime-const.h.
 */
#include <stdlib.h>
#include <string.h>
#include "patch/insn.h"
#include "rewrite.h"

const char *const table_names[TABLE_COUNT] = {
#define TABLE(name, what) #name,
	TABLES(TABLE)
#undef TABLE
};

const char *const table_what[TABLE_COUNT] = {
#define TABLE(name, what) what,
	TABLES(TABLE)
#undef TABLE
};

void spots_add(struct spots *s, struct spot spot)
{
	if (s->count == s->room && !s->full) {
		size_t room = s->room ? 2 * s->room : 4096;
		struct spot *more = realloc(s->spot, room * sizeof(*more));

		s->full = !more;
		s->spot = more ? more : s->spot;
		s->room = more ? room : s->room;
	}
	if (s->full)
		return;
	spot.done = REWRITE_NOT;
	s->spot[s->count++] = spot;
}

/* An address on ia32 is what 32 bits say. */
static uint64_t offset_from(const struct image *im, uint64_t from, const uint8_t *p)
{
	uint64_t to = from + (uint64_t)(int64_t)(int32_t)get_le(p, 4);

	return im->isa == ISA_IA32 ? (uint32_t)to : to;
}

uint64_t branch_target(const struct image *im, uint64_t addr, const uint8_t *p)
{
	return offset_from(im, addr + CALL_LEN, p + 1);
}

/* Instructions, in a section that nothing else is in; NULL. */
static const uint8_t *instructions(const struct image *im, uint64_t addr, uint64_t len)
{
	const struct section *s = image_at(im, addr, len);

	return s && s->exec && !s->write ? s->bytes + (addr - s->addr) : NULL;
}

/* UD1 with operands that no compiler makes; until 5.18 letters. */
bool is_trampoline(const struct image *im, uint64_t addr)
{
	const uint8_t *p = instructions(im, addr, CALL_LEN + 3);

	return p && (!memcmp(p + CALL_LEN, "\x0f\xb9\xcc", 3)
		     || !memcmp(p + CALL_LEN, "SCT", 3));
}

/* Sections of offsets from themselves. */
static const struct listed {
	const char *section;
	enum table table;
	uint8_t len;
} listed[] = {
	{ ".return_sites", TABLE_returns, CALL_LEN },
	{ ".retpoline_sites", TABLE_retpolines, 0 },
	{ ".call_sites", TABLE_calls, CALL_LEN },
	{ ".smp_locks", TABLE_locks, 1 },
	{ ".ibt_endbr_seal", TABLE_endbrs, ENDBR_LEN },
};

/* @len 0: as long as the instruction there. */
static void list_section(const struct image *im, const struct section *sec,
			 enum table table, unsigned len, struct spots *s)
{
	for (size_t i = 0; sec && sec->bytes && i + 4 <= sec->len; i += 4) {
		uint64_t at = offset_from(im, sec->addr + i, sec->bytes + i);
		const uint8_t *p = instructions(im, at, len ? len : CALL_LEN + 1);
		struct insn in = { .len = (uint8_t)len };

		if (p && (len || insn_decode(&in, im->isa, p, CALL_LEN + 1)))
			spots_add(s, (struct spot){ .addr = at, .len = in.len,
						    .table = (uint8_t)table,
						    .arg = sec->addr, .key = i / 4 });
	}
}

/* Places whose CALLs are counted too: the sites that alternatives and paravirt are for. */
static void list_sites(const struct kernel *k, struct spots *s)
{
	for (size_t i = 0; i < k->alt_count; i++)
		if (k->alts[i].len >= CALL_LEN)
			spots_add(s, (struct spot){ .addr = k->alts[i].site,
				.len = CALL_LEN, .table = TABLE_calls });
	for (size_t i = 0; i < k->para_count; i++)
		if (k->paras[i].len >= CALL_LEN)
			spots_add(s, (struct spot){ .addr = k->paras[i].addr,
				.len = CALL_LEN, .table = TABLE_calls });
}

/* Immediate operands; the sections' names say how long. */
static void list_constants(const struct image *im, struct spots *s)
{
	for (size_t i = 0; i < im->count; i++) {
		const struct section *sec = &im->sections[i];

		if (!strncmp(sec->name, "runtime_ptr_", 12))
			list_section(im, sec, TABLE_constants, 8, s);
		if (!strncmp(sec->name, "runtime_mask_", 13))
			list_section(im, sec, TABLE_constants, 4, s);
		if (!strncmp(sec->name, "runtime_shift_", 14))
			list_section(im, sec, TABLE_constants, 1, s);
	}
}

/* A table that is no section of its own: so many records, one after the other. */
struct records {
	const struct image *im;
	unsigned bytes;		/* of one */
	/* Is the record at @addr one?  @first: one that is known to be, or NULL. */
	bool (*good)(const struct image *im, const uint8_t *p, uint64_t addr,
		     const uint8_t *first);
	/* The longest run of them. */
	const uint8_t *p;
	uint64_t addr;
	size_t count;
};

/* Fewer are none. */
#define RECORDS_MIN	4

static size_t run_of(const struct records *r, const struct section *s, size_t at)
{
	const uint8_t *first = s->bytes + at;
	size_t n = 0;

	while (at + r->bytes <= s->len
	       && r->good(r->im, s->bytes + at, s->addr + at, n ? first : NULL)) {
		at += r->bytes;
		n++;
	}
	return n;
}

static bool records_find(struct records *r)
{
	for (size_t i = 0; i < r->im->count; i++) {
		const struct section *s = &r->im->sections[i];
		size_t n;

		if (!s->alloc || !s->bytes || (s->exec && !s->write))
			continue;
		for (size_t at = -s->addr & 3; at < s->len; at += n ? n * r->bytes : 4) {
			n = run_of(r, s, at);
			if (n <= r->count)
				continue;
			r->p = s->bytes + at;
			r->addr = s->addr + at;
			r->count = n;
		}
	}
	return r->count >= RECORDS_MIN;
}

/* A pointer to a call, of what the others call. */
static bool is_fentry(const struct image *im, const uint8_t *p, uint64_t addr,
		      const uint8_t *first)
{
	unsigned word = image_word(im);
	uint64_t at = get_le(p, word);
	const uint8_t *call;

	if (addr % word)
		return false;
	call = instructions(im, at, CALL_LEN);
	if (!call || call[0] != 0xe8)
		return false;
	if (first) {
		uint64_t other = get_le(first, word);

		return branch_target(im, at, call)
			== branch_target(im, other, instructions(im, other, CALL_LEN));
	}
	return instructions(im, branch_target(im, at, call), 1);
}

static void list_fentries(const struct image *im, struct spots *s)
{
	unsigned word = image_word(im);
	struct records r = { .im = im, .bytes = word, .good = is_fentry };

	if (!records_find(&r))
		return;
	for (size_t i = 0; i < r.count; i++)
		spots_add(s, (struct spot){ .addr = get_le(r.p + i * word, word),
					    .len = CALL_LEN, .table = TABLE_fentries });
}

/* Source: Linux, arch/x86/include/asm/nops.h; until 5.12 *_NOP5_ATOMIC. */
bool is_atomic_nop(const uint8_t *p, unsigned len)
{
	return len == 2 ? !memcmp(p, "\x66\x90", 2) || !memcmp(p, "\x89\xf6", 2)
		: !memcmp(p, "\x0f\x1f\x44\x00\x00", 5)
		|| !memcmp(p, "\x3e\x8d\x74\x26\x00", 5)
		|| !memcmp(p, "\x66\x66\x66\x66\x90", 5);
}

/* How long a jump label is, that is NOP or leads to @target; 0: it is none. */
static unsigned label_len(const struct image *im, uint64_t code, uint64_t target)
{
	const uint8_t *p = instructions(im, code, CALL_LEN);

	if (!p || !instructions(im, target, 1))
		return 0;
	if (is_atomic_nop(p, CALL_LEN)
	    || (p[0] == 0xe9 && branch_target(im, code, p) == target))
		return CALL_LEN;
	return is_atomic_nop(p, 2)
		|| (p[0] == 0xeb && code + 2 + (uint64_t)(int64_t)(int8_t)p[1] == target)
		? 2 : 0;
}

static bool is_label(const struct image *im, const uint8_t *p, uint64_t addr,
		     const uint8_t *first)
{
	(void)first;
	return label_len(im, offset_from(im, addr, p), offset_from(im, addr + 4, p + 4));
}

/* Two flags are in the key's low bits: it jumps while the key is off; of .init. */
static void list_labels(const struct image *im, struct spots *s)
{
	unsigned word = image_word(im);
	struct records r = { .im = im, .bytes = 8 + word, .good = is_label };

	if (!records_find(&r))
		return;
	for (size_t i = 0; i < r.count; i++) {
		uint64_t at = r.addr + i * r.bytes, key;
		const uint8_t *p = r.p + i * r.bytes;
		struct spot spot = { .addr = offset_from(im, at, p),
				     .arg = offset_from(im, at + 4, p + 4),
				     .table = TABLE_labels };

		key = at + 8 + get_le(p + 8, word);
		spot.key = (word == 4 ? (uint32_t)key : key) & ~3ull;
		spot.flag = key & 1;
		spot.len = (uint8_t)label_len(im, spot.addr, spot.arg);
		spots_add(s, spot);
	}
}

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

static void list_static_calls(const struct image *im, struct spots *s)
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
static void list_trampolines(const struct image *im, struct spots *s)
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

void spots_list(const struct kernel *k, struct spots *s)
{
	const struct image *im = k->im;

	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
		list_section(im, image_section(im, listed[i].section),
			     listed[i].table, listed[i].len, s);
	list_sites(k, s);
	list_constants(im, s);
	list_fentries(im, s);
	list_labels(im, s);
	list_static_calls(im, s);
	list_trampolines(im, s);
}
