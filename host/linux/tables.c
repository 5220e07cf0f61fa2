/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables by which a kernel rewrites its instructions, see tables.h.
 *
 * Source: Linux, arch/x86/kernel/vmlinux.lds.S; kernel/jump_label.c, struct jump_entry;
 * arch/x86/include/asm/runtime-const.h.
 */
#include <string.h>
#include "branch.h"
#include "lib/bytes.h"
#include "patch/insn.h"
#include "record_run.h"
#include "static_call_table.h"
#include "tables.h"

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
