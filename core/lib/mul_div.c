/* SPDX-License-Identifier: GPL-2.0-only */
/* Arithmetic whose middle does not fit 64 bits, see mul_div.h. */
#include "lib/mul_div.h"

struct wide {
	uint64_t high, low;
};

/* By hand: ia32 has no 128-bit type. */
static struct wide product(uint64_t a, uint64_t b)
{
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t low = a0 * b0, mid = a1 * b0 + (low >> 32);
	uint64_t mid2 = a0 * b1 + (uint32_t)mid;

	return (struct wide){ a1 * b1 + (mid >> 32) + (mid2 >> 32),
			      mid2 << 32 | (uint32_t)low };
}

uint64_t mul_div(uint64_t a, uint64_t b, uint64_t c)
{
	struct wide p = product(a, b);
	uint64_t quotient = 0, rest = p.high;

	if (p.high >= c)	/* c == 0 too */
		return UINT64_MAX;
	if (!p.high)		/* as nearly always */
		return p.low / c;
	for (int bit = 63; bit >= 0; bit--) {
		uint64_t carry = rest >> 63;

		rest = rest << 1 | (p.low >> bit & 1);
		if (carry || rest >= c) {
			rest -= c;
			quotient |= 1ull << bit;
		}
	}
	return quotient;
}
