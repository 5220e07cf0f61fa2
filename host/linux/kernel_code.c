/* SPDX-License-Identifier: GPL-2.0-only */
/* What asks the instructions of an image's functions, see kernel_code.h. */
#include <string.h>
#include "kernel_code.h"
#include "lib/bytes.h"

uint64_t kernel_pointer(const struct kernel *k, unsigned op)
{
	unsigned word = image_word(k->im);
	const uint8_t *p = op < KERNEL_SLOTS && k->slots[op]
		? image_bytes(k->im, k->slots[op], word) : NULL;

	return p ? get_le(p, word) : 0;
}

/* Behind the ENDBR that a function may begin with.  Source: Intel SDM Vol. 2A,
 * "ENDBR64--Terminate an Indirect Branch in 64-bit Mode". */
uint64_t function_entry(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = image_bytes(k->im, addr, ENDBR_LEN);

	return p && p[0] == 0xf3 && p[1] == 0x0f && p[2] == 0x1e
		&& (p[3] == 0xfa || p[3] == 0xfb) ? addr + ENDBR_LEN : addr;
}

/* Is the address one of .return_sites, the jumps to the return thunk?  Their records
 * are offsets from themselves. */
static bool is_return_site(const struct kernel *k, uint64_t addr)
{
	const struct section *s = image_section(k->im, ".return_sites");

	for (size_t i = 0; s && s->bytes && i + 4 <= s->len; i += 4)
		if (s->addr + i + get_s32(s->bytes + i)
		    == addr)
			return true;
	return false;
}

bool returns(const struct kernel *k, uint64_t addr)
{
	const uint8_t *p = image_bytes(k->im, addr, 1);

	return p && (p[0] == 0xc3 || (p[0] == 0xe9 && is_return_site(k, addr)));
}

bool returns_at_once(const struct kernel *k, uint64_t addr)
{
	return addr && returns(k, function_entry(k, addr));
}

bool returns_argument(const struct kernel *k, uint64_t addr)
{
	uint64_t at = function_entry(k, addr);
	const uint8_t *p = image_bytes(k->im, at, 3);

	return p && k->im->isa == ISA_X86_64 && !memcmp(p, "\x48\x89\xf8", 3)
		&& returns(k, at + 3);
}
