/* SPDX-License-Identifier: GPL-2.0-only */
/* All sites of a span: decided, stored, read back; see alternatives.h. */
#include "alternatives_parts.h"
#include "lib/mem.h"
#include "patch/mode.h"

/* What is to be at a site: decided once.  @to is where it is kept till it is
 * stored; it holds the built bytes. */
struct decision {
	const struct alternatives *a;
	const struct alternatives_how *how;
	struct alternatives_counts *c;
	const struct alternatives_site *s;
	const uint8_t *built;
	uint8_t *to;
};

static void count_form(struct text_counts *c, const struct text_form *f)
{
	c->sites++;
	c->outcome[f->outcome]++;
	c->nops += f->nops;
	if (f->nops > c->max_nops)
		c->max_nops = f->nops;
}

static void keep_island(const struct decision *d, const struct text_form *f)
{
	uint8_t *island = d->a->islands + d->s->record * ISLAND_BYTES;

	memset(island, 0xcc, ISLAND_BYTES);
	memcpy(island, f->island, f->island_len);
}

static const char *encode_record(const struct decision *d, struct text_form *f)
{
	const struct alternatives_how *how = d->how;
	/* As a text of its own: text_encode() goes through all the records before. */
	const struct text one = text_part(d->a->text, d->s->record, 1,
					  d->s->record_built);

	return text_encode(&one, 0, how->backend, how->mode, how->nops, f);
}

static const char *decide_record(const struct decision *d)
{
	struct text_form f = { .outcome = KEPT_AS_BUILT };
	const char *why;

	if (d->how->backend) {
		why = encode_record(d, &f);
		if (why)
			return why;
		memcpy(d->to, f.bytes, d->s->len);
	}
	if (d->a->islands)
		keep_island(d, &f);
	count_form(&d->c->text, &f);
	return NULL;
}

static const char *decide_entries(const struct decision *d, bool *taken,
				  size_t *chosen)
{
	struct alternative_form f;
	const char *why = alternative_build(&d->a->where, d->s->first, d->s->count,
					    d->built, &d->how->rules, &f);

	*chosen = f.chosen;
	if (why)
		return why;
	*taken = f.outcome != ALTERNATIVE_BUILT || d->s->record == TEXT_NO_RECORD;
	if (!*taken)
		return NULL;
	memcpy(d->to, f.bytes, d->s->len);
	d->c->alternative[f.outcome]++;
	d->c->nops += f.nops;
	return NULL;
}

static bool decide(const struct decision *d, struct alternatives_error *e)
{
	const struct alternatives_site *s = d->s;
	bool taken = false;
	size_t chosen = 0;
	const char *why = s->count ? decide_entries(d, &taken, &chosen) : NULL;

	if (why)
		return alternatives_refuse_entry(e, &d->a->where, chosen, why);
	d->c->sites++;
	d->c->both += s->count && s->record != TEXT_NO_RECORD;
	if (taken)
		return true;
	why = decide_record(d);
	return why ? alternatives_refuse(e, RECORDS, s->record, s->addr, s->len, why) : true;
}

static bool stage(const struct alternatives *a, const struct alternatives_how *how,
		  struct alternatives_counts *c, struct alternatives_error *e)
{
	struct decision d = { .a = a, .how = how, .c = c, .built = a->built,
			      .to = a->staged };

	*c = (struct alternatives_counts){ 0 };
	memcpy(a->staged, a->built, a->site_bytes);
	if (a->islands)
		memset(a->islands, 0xcc, island_bytes(a->text));
	for (size_t i = 0; i < a->count; i++) {
		d.s = &a->site[i];
		if (text_span_has(how->span, d.s->addr) && !decide(&d, e))
			return false;
		d.built += d.s->len;
		d.to += d.s->len;
	}
	return true;
}

/* What is to be at the sites of a span: laid out as a->built. */
struct content {
	const struct alternatives *a;
	const uint8_t *bytes;
	struct text_span span;
	bool islands;
};

static uint8_t *island_of(const struct alternatives *a, size_t record)
{
	return a->text->where.island_bytes + record * ISLAND_BYTES;
}

static bool has_island(const struct content *k, const struct alternatives_site *s)
{
	return k->islands && s->record != TEXT_NO_RECORD;
}

/* In the window: nothing but copies. */
static void store_all(void *arg, ptrdiff_t shift)
{
	const struct content *k = arg;
	const uint8_t *from = k->bytes;

	for (size_t i = 0; i < k->a->count; from += k->a->site[i].len, i++) {
		const struct alternatives_site *s = &k->a->site[i];

		if (!text_span_has(k->span, s->addr))
			continue;
		/* First what the site will jump to. */
		if (has_island(k, s))
			memcpy(island_of(k->a, s->record) + shift,
			       k->a->islands + s->record * ISLAND_BYTES, ISLAND_BYTES);
		memcpy(site_bytes(k->a, s) + shift, from, s->len);
	}
}

/* Of a site: the table and number by which it is known. */
static bool refuse_site(struct alternatives_error *e,
			const struct alternatives_site *s, const char *why)
{
	if (s->count)
		return alternatives_refuse(e, ENTRIES, s->first, s->addr, s->len, why);
	return alternatives_refuse(e, RECORDS, s->record, s->addr, s->len, why);
}

/* Is it what is there? */
static bool compare(const struct content *k, const char *why,
		    struct alternatives_error *e)
{
	const uint8_t *from = k->bytes;

	for (size_t i = 0; i < k->a->count; from += k->a->site[i].len, i++) {
		const struct alternatives_site *s = &k->a->site[i];

		if (!text_span_has(k->span, s->addr))
			continue;
		if (memcmp(site_bytes(k->a, s), from, s->len)
		    || (has_island(k, s)
			&& memcmp(island_of(k->a, s->record),
				  k->a->islands + s->record * ISLAND_BYTES,
				  ISLAND_BYTES)))
			return refuse_site(e, s, why);
	}
	return true;
}

/* The memory that a store is about: the text, and islands that are elsewhere. */
static struct text_extent extent(const struct content *k)
{
	const struct alternative_where *w = &k->a->where;

	return k->islands ? text_extent(&k->a->text->where, true)
		: (struct text_extent){ w->bytes, w->len };
}

static bool store(struct content *k, const struct text_writer *wr,
		  struct alternatives_error *e)
{
	struct text_extent at = extent(k);

	if (!wr->window(wr->ctx, at.begin, at.len, store_all, k))
		return alternatives_refuse(e, ENTRIES, TEXT_NO_RECORD, 0, 0,
			      "the text cannot be made writable");
	return compare(k, "the site did not read back as written", e);
}

static struct content staged(const struct alternatives *a,
			     const struct alternatives_how *how)
{
	return (struct content){ a, a->staged, how->span,
		a->islands && how->backend && how->mode->island };
}

bool alternatives_apply(const struct alternatives *a,
			const struct alternatives_how *how,
			const struct text_writer *wr,
			struct alternatives_counts *c,
			struct alternatives_error *e)
{
	struct content k = staged(a, how);

	return stage(a, how, c, e) && store(&k, wr, e);
}

bool alternatives_verify(const struct alternatives *a,
			 const struct alternatives_how *how,
			 struct alternatives_error *e)
{
	struct content k = staged(a, how);
	struct alternatives_counts c;

	return stage(a, how, &c, e)
		&& compare(&k, "the site holds something else", e);
}

bool alternatives_restore(const struct alternatives *a,
			  const struct text_writer *wr,
			  struct alternatives_error *e)
{
	struct content k = { a, a->built, TEXT_ALL, false };

	return store(&k, wr, e);
}
