/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the patch engine share: a text with every op in every convention,
 * the states it can be put into, and what is looked at afterwards.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include <stdlib.h>
#include "backend/backends.h"
#include "patch/mode.h"
#include "synthetic.h"
#include "tap.h"

static struct syn syn, fresh;
static struct text text;
static struct text_error err;
static struct text_counts counts;
static struct syn_writer wr;

/* nop_tables[] by name, so that a new table needs no new number here. */
static inline const struct nop_table *nops_named(const char *name)
{
	unsigned i = 0;

	while (nop_tables[i] && strcmp(nop_tables[i]->name, name))
		i++;
	return nop_tables[i];
}

static inline bool unchanged(void)
{
	return !memcmp(syn.bytes, fresh.bytes, sizeof(syn.bytes));
}

/* Ops with and without a form; the last has one that fits no ccall site. */
static const enum op ops[] = {
	OP_irq_disable, OP_irq_enable, OP_save_fl, OP_restore_fl,
	OP_arch_setup, OP_write_cr3, OP_read_pmc,
};
#define OPS (sizeof(ops) / sizeof(ops[0]))

/* Every op in every convention, and one byte of filler between sites. */
static inline void build(enum isa isa)
{
	syn_begin(&syn, isa);
	for (unsigned i = 0; i < OPS; i++)
		for (unsigned k = 0; k < SYN_SHAPES; k++)
			syn_site(&syn, ops[i], &syn_shapes[isa][k]);
	fresh = syn;
	syn_writer_begin(&wr);
	if (!syn_open(&syn, &text, &err))
		printf("Bail out! record %zu: %s\n", err.record, err.why);
}

static inline bool apply(const struct backend *b, enum mode_id mode,
		  const struct nop_table *nops, struct text_span span)
{
	return text_apply(&text, b, &modes[mode], nops, span, &wr.writer,
			  &counts, &err);
}

static inline bool sums(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		n += counts.outcome[i];
	return n == counts.sites;
}

static inline size_t at_of(const struct syn *s, size_t record)
{
	return (size_t)(text_site_addr(&s->where, record) - s->where.addr);
}

static inline void build_three(enum isa isa)
{
	syn_begin(&syn, isa);
	syn_site(&syn, OP_irq_disable, &syn_shapes[isa][SYN_CCALL]);
	syn_site(&syn, OP_irq_enable, &syn_shapes[isa][SYN_SEED]);
	syn_site(&syn, OP_save_fl, &syn_shapes[isa][SYN_SEED_U]);
}

/* States: each is what it is, whatever was before. */

/* CALL rel32 to a fixed address, as another backend might. */
static enum patched FASTCALL hook_call(const struct sited_op *so, uint8_t *buf,
				       unsigned *used)
{
	uint32_t rel = SYN_TABLE - ((uint32_t)so->addr + 5);

	if (so->type == OP_arch_setup)
		return KEPT_OUT_OF_REACH;
	buf[0] = 0xe8;
	for (int i = 1; i < 5; i++, rel >>= 8)
		buf[i] = (uint8_t)rel;
	*used = 5;
	return PATCHED_CALL;
}

/* Every second op only. */
static enum patched FASTCALL hook_half(const struct sited_op *so, uint8_t *buf,
				       unsigned *used)
{
	if (so->type & 1)
		return KEPT_NO_FORM;
	*used = so->len;
	memset(buf, 0x90, so->len);
	return PATCHED_INLINE;
}

/* The whole site is padding. */
static enum patched FASTCALL hook_empty(const struct sited_op *so, uint8_t *buf,
					unsigned *used)
{
	(void)so, (void)buf;
	*used = 0;
	return PATCHED_INLINE;
}

static const struct backend call_backend = { .name = "call", .ops.patch = hook_call };
static const struct backend half_backend = { .name = "half", .ops.patch = hook_half };
static const struct backend empty_backend = { .name = "empty", .ops.patch = hook_empty };

static const struct state {
	const char *name;
	const struct backend *backend;
	enum mode_id mode;
	const char *nops;
} states[] = {
	{ "indirect",		&native_backend, MODE_indirect, "nopl" },
	{ "native",		&native_backend, MODE_native,	"nopl" },
	{ "inline, nopl",	&native_backend, MODE_inline,	"nopl" },
	{ "inline, i386",	&native_backend, MODE_inline,	"i386" },
	{ "calls",		&call_backend,	 MODE_inline,	"nopl" },
	{ "every second op",	&half_backend,	 MODE_inline,	"nopl" },
	{ "NOPs alone",		&empty_backend,	 MODE_inline,	"nopl" },
};
#define STATES (sizeof(states) / sizeof(states[0]))

static inline bool verify(const struct state *s, struct text_span span)
{
	return text_verify(&text, s->backend, &modes[s->mode],
			   nops_named(s->nops), span, &err);
}

static inline bool enter(const struct state *s)
{
	return apply(s->backend, s->mode, nops_named(s->nops), TEXT_ALL)
		&& sums() && counts.sites == syn.where.count
		&& verify(s, TEXT_ALL);
}

static inline bool writer_used(unsigned opened, unsigned closed)
{
	return wr.opened == opened && wr.closed == closed;
}

static inline bool only_patched(size_t first, size_t end)
{
	for (size_t i = 0; i < syn.where.count; i++) {
		size_t at = at_of(&syn, i);
		bool same = !memcmp(syn.bytes + at, fresh.bytes + at,
				    syn.sites[i].len);

		if (same == (i >= first && i < end))
			return false;
	}
	return counts.sites == end - first && sums();
}

static inline bool islands_written(size_t first, size_t end)
{
	for (size_t i = 0; i < syn.where.count; i++) {
		const uint8_t *p = syn.islands + i * ISLAND_BYTES;
		bool is = p[0] == 0xff && p[1] == 0x15 && p[6] == 0xe9
			&& p[11] == 0xcc && p[15] == 0xcc;
		bool fresh_is = !memcmp(p, fresh.islands + i * ISLAND_BYTES, ISLAND_BYTES);

		if (i >= first && i < end ? !is : !fresh_is)
			return false;
	}
	return true;
}

static inline size_t built_before(size_t first)
{
	size_t n = 0;

	for (size_t i = 0; i < first; i++)
		n += syn.sites[i].len;
	return n;
}

#endif
