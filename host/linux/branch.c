/* SPDX-License-Identifier: GPL-2.0-only */
/* Branches, NOPs and marks in the instructions of an image, see branch.h. */
#include <string.h>
#include "branch.h"
#include "lib/bytes.h"
#include "patch/insn.h"

/* An address on ia32 is what 32 bits say. */
uint64_t offset_from(const struct image *im, uint64_t from, const uint8_t *p)
{
	uint64_t to = from + get_s32(p);

	return im->isa == ISA_IA32 ? (uint32_t)to : to;
}

uint64_t branch_target(const struct image *im, uint64_t addr, const uint8_t *p)
{
	return offset_from(im, addr + CALL_LEN, p + 1);
}

const uint8_t *instructions(const struct image *im, uint64_t addr, uint64_t len)
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

/* Source: Linux, arch/x86/include/asm/nops.h; until 5.12 *_NOP5_ATOMIC. */
bool is_atomic_nop(const uint8_t *p, unsigned len)
{
	return len == 2 ? !memcmp(p, "\x66\x90", 2) || !memcmp(p, "\x89\xf6", 2)
		: !memcmp(p, "\x0f\x1f\x44\x00\x00", 5)
		|| !memcmp(p, "\x3e\x8d\x74\x26\x00", 5)
		|| !memcmp(p, "\x66\x66\x66\x66\x90", 5);
}

bool is_ret(const uint8_t *p)
{
	return !memcmp(p, "\xc3\xcc\xcc\xcc\xcc", CALL_LEN);
}

bool all_nops(const struct image *im, const uint8_t *p, unsigned len)
{
	struct insn in;

	for (unsigned at = 0; at < len; at += in.len)
		if (!insn_decode(&in, im->isa, p + at, len - at)
		    || in.kind != INSN_NOP)
			return false;
	return true;
}
