/* SPDX-License-Identifier: GPL-2.0-only */
/* Storing what was staged while other CPUs run the text, see text_live.h. */
#include "lib/mem.h"
#include "live/text_live.h"

/* A store in one window, as text_writer wants it. */
struct live_storing {
	struct live_batch *batch;
	const struct live_others *others;
	enum live_end end;
};

static bool in_span(const struct text_staged *s, size_t i)
{
	return text_span_has(s->span, text_site_addr(&s->t->where, i));
}

/* The bytes of site @i, and of its island where its mode has any. */
static void fill(const struct text_staged *s, size_t i, struct live_site *to)
{
	const struct text_where *w = &s->t->where;
	struct text_form f;

	to->record = i;
	to->addr = text_site_addr(w, i);
	to->at = text_site_bytes(w, i);
	to->len = text_staged_site(s, i, to->form);
	to->island_at = NULL;
	if (!text_staged_islands(s))
		return;
	/* text_stage() has encoded it before, so it can be. */
	if (text_encode(s->t, i, s->b, s->m, s->nops, &f) || !f.island_len)
		return;
	to->island_at = w->island_bytes + i * ISLAND_BYTES;
	memset(to->island, 0xcc, ISLAND_BYTES);
	memcpy(to->island, f.island, f.island_len);
}

/* Takes sites from *i on, until there are no more or the batch is full. */
static void fill_batch(const struct text_staged *s, struct live_batch *b, size_t *i)
{
	struct live_site *to;

	live_begin(b);
	for (; *i < s->t->where.count && (to = live_next(b)); ++*i) {
		if (!in_span(s, *i))
			continue;
		fill(s, *i, to);
		live_add(b, s->t->where.isa);
	}
}

static void store_batch(void *arg, ptrdiff_t shift)
{
	struct live_storing *st = arg;

	st->end = live_store(st->batch, st->others, shift);
}

unsigned text_changes(const struct text_staged *s)
{
	struct live_site at;
	unsigned n = 0;

	for (size_t i = 0; i < s->t->where.count; i++) {
		if (!in_span(s, i))
			continue;
		fill(s, i, &at);
		n += !live_site_holds(&at);
	}
	return n;
}

static bool read_back(const struct live_batch *b, const struct text_where *w,
		      struct text_error *e)
{
	for (unsigned i = 0; i < b->count; i++) {
		const struct live_site *s = &b->site[i];

		if (live_site_holds(s))
			continue;
		return text_refuse(e, w, s->record, "the site did not read back as written");
	}
	return true;
}

/* Of no single site. */
static bool refuse(struct text_error *e, const struct text_where *w, const char *why)
{
	return text_refuse(e, w, TEXT_NO_RECORD, why);
}

static bool check(const struct live_storing *st, const struct text_where *w,
		  struct text_error *e)
{
	switch (st->end) {
	case LIVE_LATE_KEPT:
		return refuse(e, w, "another CPU did not answer; the sites are as they were");
	case LIVE_LATE_STORED:
		return refuse(e, w, "another CPU did not answer; "
			      "the sites were stored all the same");
	case LIVE_DONE:
		break;
	}
	return read_back(st->batch, w, e);
}

static bool open_window(const struct text_where *w, const struct text_writer *wr,
			struct live_storing *st)
{
	struct text_extent at = text_extent(w, true);

	return wr->window(wr->ctx, at.begin, at.len, store_batch, st);
}

bool text_store_live(const struct text_staged *s, const struct text_writer *wr,
		     struct live_batch *b, const struct live_others *o,
		     struct live_stored *done, struct text_error *e)
{
	struct live_storing st = { b, o, LIVE_DONE };
	const struct text_where *w = &s->t->where;
	size_t i = 0;

	*done = (struct live_stored){ 0 };
	while (i < w->count && !b->late) {
		fill_batch(s, b, &i);
		if (!b->count)
			continue;
		if (!open_window(w, wr, &st))
			return refuse(e, w, "the text cannot be made writable");
		if (!check(&st, w, e))
			return false;
		done->sites += b->count;
		done->batches++;
	}
	return !b->late || refuse(e, w, "another CPU did not answer before");
}
