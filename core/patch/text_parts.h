/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engine's sources share: a site told by its class or its record, encoding
 * one, and what the loops over all sites of a text do to each (inline: at ten million
 * sites a call is what they cost).
 */
#ifndef TEXT_PARTS_H
#define TEXT_PARTS_H

#include "lib/bytes.h"
#include "patch/mode.h"
#include "patch/text.h"

/* A site by its class and its place. */
static inline struct sited_op sited_by_class(const struct text *t,
					     const struct site_class *k, uint64_t addr)
{
	return (struct sited_op){
		.isa = t->where.isa, .type = k->type, .len = k->len,
		.addr = addr, .clobbers = k->clobbers, .call = k->call,
		.pops = k->pops, .callee = k->callee,
		.jump = t->where.jumps, .where = &t->where,
	};
}

/**
 * site_encode - compute a site's form from its built bytes.
 *
 * Return: NULL, or why the backend's hook cannot be trusted.
 */
const char *site_encode(const struct sited_op *so, const uint8_t *built,
			const struct backend *b, const struct mode *m,
			const struct nop_table *nops, struct text_form *f);

/* Likewise of site @i, by its record, as staged. */
const char *site_encode_record(const struct text_staged *s, size_t i,
			       const uint8_t *built, struct text_form *f);

/* The built bytes of site @i: a walk over all before it. */
const uint8_t *text_built_of(const struct text *t, size_t i);

/* Is site @i asked for by itself? */
static inline bool is_lone(const struct text_staged *s, size_t i)
{
	unsigned k = s->t->class_of[i];

	return s->lone || k == TEXT_CLASSES || s->t->classes[k].lone;
}

/* From 6 to SITE_LEN_MAX bytes, by words that may overlap: a call of memcpy() costs
 * more than such a copy. */
static inline void copy_site(uint8_t *to, const uint8_t *from, unsigned len)
{
	unsigned i;

	if (len < 8) {
		__builtin_memcpy(to, from, 4);
		__builtin_memcpy(to + len - 4, from + len - 4, 4);
		return;
	}
	for (i = 0; i + 8 < len; i += 8)
		__builtin_memcpy(to + i, from + i, 8);
	__builtin_memcpy(to + len - 8, from + len - 8, 8);
}

/* The class's form at @addr. */
static inline void place_form(const struct site_class *k, uint64_t addr,
			      uint8_t *to)
{
	uint32_t by = (uint32_t)(addr - k->addr);

	copy_site(to, k->bytes, k->len);
	for (unsigned i = 0; i < k->rels; i++)
		put_le32(to + k->rel[i], get_le32(k->bytes + k->rel[i]) - by);
}

#endif
