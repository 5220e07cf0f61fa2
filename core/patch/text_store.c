/* SPDX-License-Identifier: GPL-2.0-only */
/* What was staged is stored and read back; see text.h. */
#include "lib/mem.h"
#include "text_parts.h"

/* WORDS_PLACED at @addr. */
static inline uint64_t placed_at(const struct site_words *w, uint64_t addr)
{
	uint64_t mask = 0xffffffffull << w->shift;
	uint64_t rel = (w->word >> w->shift) - (addr - w->addr);

	return (w->word & ~mask) | (rel << w->shift & mask);
}

/* Bytes that a site is to hold, and its island's. */
struct staged_site {
	const uint8_t *bytes;
	const uint8_t *island;		/* NULL: none */
	struct text_form form;		/* where they are kept, if need be */
};

static void lone_site(const struct text_staged *s, size_t i, const uint8_t *built,
		      struct staged_site *to)
{
	struct text_form *f = &to->form;

	site_encode_record(s, i, built, f);
	to->bytes = f->bytes;
	if (!text_staged_islands(s))
		return;
	memset(f->island + f->island_len, 0xcc, ISLAND_BYTES - f->island_len);
	to->island = f->island;
}

static inline void staged_site(const struct text_staged *s, size_t i,
			       uint64_t addr, const uint8_t *built,
			       struct staged_site *to)
{
	const struct site_class *k;

	to->island = NULL;
	to->bytes = built;
	if (!s->m)
		return;
	if (is_lone(s, i)) {
		lone_site(s, i, built, to);
		return;
	}
	k = &s->t->classes[s->t->class_of[i]];
	if (k->rels) {
		place_form(k, addr, to->form.bytes);
		to->bytes = to->form.bytes;
	} else if (!k->kept) {
		to->bytes = k->bytes;
	}
}

unsigned text_staged_site(const struct text_staged *s, size_t i, uint8_t *buf)
{
	const struct text_where *w = &s->t->where;
	const uint8_t *built = text_built_of(s->t, i);
	struct staged_site site = { .bytes = built };

	if (text_span_has(s->span, text_site_addr(w, i)))
		staged_site(s, i, text_site_addr(w, i), built, &site);
	memcpy(buf, site.bytes, w->sites[i].len);
	return w->sites[i].len;
}

static inline bool site_differs(const uint8_t *a, const uint8_t *b, unsigned len)
{
	bool other = false;
	unsigned i;

	if (len < 8)
		return get_le32(a) != get_le32(b)
			|| get_le32(a + len - 4) != get_le32(b + len - 4);
	for (i = 0; i + 8 < len; i += 8)
		other |= get_le64(a + i) != get_le64(b + i);
	return other || get_le64(a + len - 8) != get_le64(b + len - 8);
}

static void store_site(const struct text_staged *s, size_t i, uint64_t addr,
		       const uint8_t *built, uint8_t *to, ptrdiff_t shift)
{
	struct staged_site site;

	staged_site(s, i, addr, built, &site);
	/* First what the site will jump to. */
	if (site.island)
		copy_site(s->t->where.island_bytes + i * ISLAND_BYTES + shift,
			  site.island, ISLAND_BYTES);
	copy_site(to, site.bytes, s->t->where.sites[i].len);
}

static bool holds_site(const struct text_staged *s, size_t i, uint64_t addr,
		       const uint8_t *built, const uint8_t *at)
{
	struct staged_site site;

	staged_site(s, i, addr, built, &site);
	return !site_differs(at, site.bytes, s->t->where.sites[i].len)
		&& (!site.island || !memcmp(s->t->where.island_bytes + i * ISLAND_BYTES,
					    site.island, ISLAND_BYTES));
}

/* The class's words, for a site; for those that are not of this batch's classes, and
 * for all where every one is asked for, whose are to be worked out. */
static const struct site_words other_words = { .how = WORDS_OTHER };
static const struct site_words built_words = { .how = WORDS_BUILT };

static inline const struct site_words *words_for(const struct text_staged *s,
						 size_t i)
{
	unsigned c = s->t->class_of[i];

	if (!s->m)
		return &built_words;
	return s->lone || c == TEXT_CLASSES ? &other_words : &s->t->words[c];
}

/* What the loops over a batch need. */
struct batch_of {
	const struct text_staged *s;
	bool all;		/* the span is all there is */
};

static struct batch_of batch_of(const struct text_staged *s)
{
	return (struct batch_of){ s, !s->span.begin && s->span.end == UINT64_MAX };
}

static void store_sites(void *arg, ptrdiff_t shift)
{
	const struct batch_of *b = arg;
	const struct text_staged *s = b->s;
	const struct text_where *w = &s->t->where;
	uint8_t *base = w->bytes + shift;
	const uint8_t *built = s->t->built;
	unsigned len;

	for (size_t i = 0; i < w->count; built += len, i++) {
		const struct site_words *k = words_for(s, i);
		uint64_t addr = text_site_addr(w, i), v;
		uint8_t *to = base + (addr - w->addr);

		len = w->sites[i].len;
		if (!b->all && !text_span_has(s->span, addr))
			continue;
		switch (k->how) {
		case WORDS_FIXED:
			put_le32(to, k->head);
			put_le32(to + len - 4, k->tail);
			break;
		case WORDS_PLACED:
			v = placed_at(k, addr);
			put_le32(to, (uint32_t)v);
			put_le32(to + len - 4, (uint32_t)(v >> 8 * (len - 4)));
			break;
		case WORDS_BUILT:
			copy_site(to, built, len);
			break;
		case WORDS_OTHER:
			store_site(s, i, addr, built, to, shift);
			break;
		}
	}
}

/* Does the site hold what it is to? */
static inline bool site_holds(const struct text_staged *s, size_t i, uint64_t addr,
			      const uint8_t *built, const uint8_t *at, unsigned len)
{
	const struct site_words *k = words_for(s, i);
	uint64_t v;

	switch (k->how) {
	case WORDS_FIXED:
		return get_le32(at) == k->head && get_le32(at + len - 4) == k->tail;
	case WORDS_PLACED:
		v = placed_at(k, addr);
		return get_le32(at) == (uint32_t)v
			&& get_le32(at + len - 4) == (uint32_t)(v >> 8 * (len - 4));
	case WORDS_BUILT:
		return !site_differs(at, built, len);
	case WORDS_OTHER:
		break;
	}
	return holds_site(s, i, addr, built, at);
}

/* Is what was staged there? */
static bool compare(const struct text_staged *s, const char *why,
		    struct text_error *e)
{
	const struct batch_of b = batch_of(s);
	const struct text_where *w = &s->t->where;
	const uint8_t *built = s->t->built;
	unsigned len;

	for (size_t i = 0; i < w->count; built += len, i++) {
		uint64_t addr = text_site_addr(w, i);

		len = w->sites[i].len;
		if ((b.all || text_span_has(s->span, addr))
		    && !site_holds(s, i, addr, built, w->bytes + (addr - w->addr), len))
			return text_refuse(e, w, i, why);
	}
	return true;
}

bool text_store(const struct text_staged *s, const struct text_writer *wr,
		struct text_error *e)
{
	struct batch_of b = batch_of(s);
	struct text_extent at = text_extent(&s->t->where, text_staged_islands(s));

	if (!wr->window(wr->ctx, at.begin, at.len, store_sites, &b))
		return text_refuse(e, &s->t->where, TEXT_NO_RECORD,
			      "the text cannot be made writable");
	return compare(s, "the site did not read back as written", e);
}

bool text_apply(const struct text *t, const struct backend *b,
		const struct mode *m, const struct nop_table *nops,
		struct text_span span, const struct text_writer *wr,
		struct text_counts *c, struct text_error *e)
{
	struct text_staged s;

	return text_stage(t, b, m, nops, span, &s, c, e) && text_store(&s, wr, e);
}

bool text_verify(const struct text *t, const struct backend *b,
		 const struct mode *m, const struct nop_table *nops,
		 struct text_span span, struct text_error *e)
{
	struct text_staged s;
	struct text_counts c;

	return text_stage(t, b, m, nops, span, &s, &c, e)
		&& compare(&s, "the site holds something else", e);
}

bool text_restore(const struct text *t, const struct text_writer *wr,
		  struct text_error *e)
{
	const struct text_staged built = { .t = t, .span = TEXT_ALL };

	return text_store(&built, wr, e);
}
