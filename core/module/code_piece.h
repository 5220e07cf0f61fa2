/* SPDX-License-Identifier: GPL-2.0-only */
/* Code of a module that copies are made of: can it be copied? */
#ifndef CODE_PIECE_H
#define CODE_PIECE_H

#include "measure/layout.h"
#include "module/module.h"

/* Most bytes of a piece. */
#define PIECE_MAX	(4 * COPY_MAX)

/* The text that pieces are of. */
struct piece_text {
	enum isa isa;
	const uint8_t *bytes;
	uint64_t addr;			/* of bytes[0], where it runs */
	const struct para_section *para;
};

/* Where site @i begins. */
static inline uint64_t para_addr(const struct para_section *p, size_t i)
{
	return p->addr + i * sizeof(struct site) + (uint64_t)(int64_t)p->sites[i].site;
}

/**
 * piece_check - can that code be copied to anywhere?
 * @looks: it may call work.look, see LOOK().
 * @from, @to: [from, to) in that text, at most PIECE_MAX bytes.
 * @bad: where the first instruction is that may not be there.
 *
 * It is read instruction by instruction; a site counts as one.
 *
 * Return: NULL, or what is wrong with what is at *@bad.
 */
const char *piece_check(const struct piece_text *t, bool looks, const void *from,
			const void *to, uint64_t *bad);

#endif
