/* SPDX-License-Identifier: GPL-2.0-only */
/* The layouts: each a fill function and a row in layout.def. */
#include "measure/layout.h"
#include "lib/mem.h"

static unsigned fill_dense(const struct fill *f, uint8_t *to)
{
	(void)f, (void)to;
	return 0;
}

/* NOPs that a stride of so many bytes is filled with: none of them longer than
 * 8 bytes, which every decoder takes, even where there is no copy. */
static unsigned line_nops(const struct nop_table *t, unsigned stride)
{
	unsigned longest = t->max < 8 ? t->max : 8;

	return (stride + longest - 1) / longest;
}

/*
 * All bodies of a group have the same stride and the same number of NOPs in it,
 * short ones where the copy is long: the copies are all that differs.
 */
static unsigned fill_line(const struct fill *f, uint8_t *to)
{
	unsigned stride = LINE_BYTES, left, n;

	while (f->longest + line_nops(f->nops, stride) > stride)
		stride += LINE_BYTES;
	left = stride - f->copy;
	if (left > FILL_MAX)
		return left;
	for (n = line_nops(f->nops, stride); n; n--) {
		unsigned len = left / n;

		nop_fill(f->nops, to, len);
		to += len;
		left -= len;
	}
	return stride - f->copy;
}

/* LEA r, [r + 0] with an 8-bit displacement: an instruction to execute, that
 * changes nothing.  Source: Intel SDM Vol. 2A, "LEA--Load Effective Address". */
static unsigned put_lea(enum isa isa, unsigned reg, uint8_t *to)
{
	unsigned n = 0;

	if (isa == ISA_X86_64)
		to[n++] = (uint8_t)(0x48 | (reg >> 3) * 5);	/* W, R and B */
	to[n++] = 0x8d;
	to[n++] = (uint8_t)(0x40 | (reg & 7) << 3 | (reg & 7));
	to[n++] = 0;
	return n;
}

unsigned fill_leas(enum isa isa, unsigned count, uint8_t *to)
{
	/* Not the stack pointer; RBP and R12 need another encoding. */
	static const uint8_t regs[8] = { 0, 1, 2, 3, 6, 7, 8, 9 };
	unsigned chains = isa == ISA_X86_64 ? 8 : 6, n = 0;

	for (unsigned i = 0; i < count; i++)
		n += put_lea(isa, regs[i % chains], to + n);
	return n;
}

unsigned fill_chain(enum isa isa, unsigned count, uint8_t *to)
{
	unsigned n = 0;

	while (count--)
		n += put_lea(isa, 3, to + n);
	return n;
}

static unsigned fill_work(const struct fill *f, uint8_t *to)
{
	return fill_leas(f->isa, 16, to);
}

const struct layout layouts[LAYOUT_COUNT] = {
#define LAYOUT(name, filled, what) { #name, what, filled, fill_##name },
#include "list/layout.def"
#undef LAYOUT
};
