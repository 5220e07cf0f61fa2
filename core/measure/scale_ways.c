/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways, see scale_ways.h. */
#include "lib/mem.h"
#include "paravirt/install.h"
#include "patch/mode.h"
#include "scale_ways.h"

/* The length is the record's, as in anybody's loop over records. */
static bool scale_memcpy(struct bench *k, const struct serialiser *with)
{
	const struct text_where *w = &k->text.where;
	const uint8_t *from = k->packed;

	(void)with;
	for (size_t i = 0; i < w->count; from += w->sites[i].len, i++)
		k->s->copy(text_site_bytes(w, i), from, w->sites[i].len);
	return true;
}

/* Sites are of SCALE_SITE_BYTES, which the compiler knows here. */
static bool scale_words(struct bench *k, const struct serialiser *with)
{
	const struct text_where *w = &k->text.where;
	const uint8_t *from = k->packed;

	(void)with;
	for (size_t i = 0; i < w->count; from += SCALE_SITE_BYTES, i++)
		__builtin_memcpy(text_site_bytes(w, i), from, SCALE_SITE_BYTES);
	return true;
}

/* In ring 3 nothing can be switched off, and nothing is called. */
static inline unsigned long irq_save(const struct platform *m)
{
	unsigned long flags = 0;

	if (m->ring != 3) {
		flags = m->flags();
		m->set_if(false);
	}
	return flags;
}

static inline void irq_restore(const struct platform *m, unsigned long flags)
{
	if (m->ring != 3)
		m->set_if(flags & FLAGS_IF);
}

static bool scale_once(struct bench *k, const struct serialiser *with)
{
	const struct text_where *w = &k->text.where;
	const uint8_t *from = k->packed;

	for (size_t i = 0; i < w->count; from += w->sites[i].len, i++) {
		unsigned long flags = irq_save(k->s->machine);

		k->s->copy(text_site_bytes(w, i), from, w->sites[i].len);
		irq_restore(k->s->machine, flags);
	}
	with->run();
	return true;
}

static bool scale_each(struct bench *k, const struct serialiser *with)
{
	const struct text_where *w = &k->text.where;
	const uint8_t *from = k->packed;

	for (size_t i = 0; i < w->count; from += w->sites[i].len, i++) {
		unsigned long flags = irq_save(k->s->machine);

		k->s->copy(text_site_bytes(w, i), from, w->sites[i].len);
		with->run();
		irq_restore(k->s->machine, flags);
	}
	return true;
}

static bool apply(struct bench *k, enum mode_id mode, const struct nop_table *nops)
{
	struct text_counts c;
	struct text_error e;

	return text_apply(&k->text, &native_backend, &modes[mode], nops, TEXT_ALL,
			  k->s->machine->writer, &c, &e)
		&& !outcome_is_kept(c.outcome[PATCHED_INLINE] ? PATCHED_INLINE
				    : c.outcome[PATCHED_CALL] ? PATCHED_CALL
				    : KEPT_NO_FORM);
}

static bool scale_apply(struct bench *k, const struct serialiser *with)
{
	(void)with;
	return apply(k, MODE_inline, k->s->nops);
}

static bool scale_direct(struct bench *k, const struct serialiser *with)
{
	(void)with;
	return apply(k, MODE_direct, k->s->nops);
}

/* The padding that takes turns is not foretold. */
static bool scale_single(struct bench *k, const struct serialiser *with)
{
	(void)with;
	return apply(k, MODE_inline, &k->poison);
}

static bool scale_restore(struct bench *k, const struct serialiser *with)
{
	struct text_error e;

	(void)with;
	return text_restore(&k->text, k->s->machine->writer, &e);
}

bool (*const scale_ways[SCALE_COUNT])(struct bench *k, const struct serialiser *with) = {
#define SCALE(name, what) scale_##name,
#include "list/scale.def"
#undef SCALE
};

/* CALL rel32 of the op, behind its ENDBR, and a NOP; by arithmetic of its own. */
static void direct_form(const struct bench *k, uint64_t addr, unsigned type,
			uint8_t *to)
{
	uint64_t op = backend_op(&native_backend, type, false);
	uint32_t rel = (uint32_t)(op + k->text.where.endbr - (addr + CALL_LEN));

	to[0] = 0xe8;
	memcpy(to + 1, &rel, sizeof(rel));
	nop_fill(k->s->nops, to + CALL_LEN, SCALE_SITE_BYTES - CALL_LEN);
}

/* What a way leaves at a site: not by the engine, whose mistakes it would make. */
static void wanted(const struct bench *k, enum scale_way way, size_t i, uint8_t *to)
{
	const struct text_where *w = &k->text.where;
	uint64_t addr = text_site_addr(w, i);
	unsigned type = w->sites[i].type;

	if (way == SCALE_direct)
		direct_form(k, addr, type, to);
	else if (way == SCALE_restore)
		bench_built(to, w, addr - w->addr, type);
	else
		memcpy(to, k->form[type], SCALE_SITE_BYTES);
}

bool way_is_left(const struct bench *k, enum scale_way way)
{
	const struct text_where *w = &k->text.where;
	struct text_error e;

	/* NOTs that take turns: by the path that asks for every site. */
	if (way == SCALE_single)
		return text_verify(&k->text, &native_backend, &modes[MODE_inline],
				   &k->poison, TEXT_ALL, &e);
	for (size_t i = 0; i < w->count; i++) {
		uint8_t want[SCALE_SITE_BYTES];

		wanted(k, way, i, want);
		if (memcmp(text_site_bytes(w, i), want, sizeof(want)))
			return false;
	}
	return true;
}

bool way_prepare(struct bench *k, enum scale_way way)
{
	return way == SCALE_restore ? apply(k, MODE_inline, k->s->nops)
		: scale_restore(k, NULL);
}
