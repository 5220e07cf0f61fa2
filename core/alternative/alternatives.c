/* SPDX-License-Identifier: GPL-2.0-only */
/* The engine for texts with alternatives, see alternatives.h. */
#include "alternative/alternatives.h"
#include "lib/mem.h"
#include "patch/mode.h"
#include "alternative/record_index.h"

#define RECORDS		".parainstructions"
#define ENTRIES		".altinstructions"

static bool refuse(struct alternatives_error *e, const char *table, size_t record,
		   uint64_t addr, unsigned len, const char *why)
{
	*e = (struct alternatives_error){
		.why = why, .table = table, .record = record, .addr = addr, .len = len,
	};
	return false;
}

static bool refuse_entry(struct alternatives_error *e,
			 const struct alternative_where *w, size_t i,
			 const char *why)
{
	return refuse(e, ENTRIES, i, w->entry[i].addr, w->entry[i].len, why);
}

/* Of a site: the table and number by which it is known. */
static bool refuse_site(struct alternatives_error *e,
			const struct alternatives_site *s, const char *why)
{
	if (s->count)
		return refuse(e, ENTRIES, s->first, s->addr, s->len, why);
	return refuse(e, RECORDS, s->record, s->addr, s->len, why);
}

/* One bit a byte of text: is it part of a site already seen? */
static size_t map_bytes(const struct alternative_where *w)
{
	return (w->len + 7) / 8;
}

static size_t record_count(const struct text *t)
{
	return t ? t->where.count : 0;
}

static size_t island_bytes(const struct text *t)
{
	return t && t->where.islands ? t->where.count * ISLAND_BYTES : 0;
}

/* Lengths are not validated yet.  If they sum to more than the text has, sites overlap
 * or are outside: that is refused before their bytes are kept. */
static size_t built_bytes(const struct alternative_where *w, const struct text *t)
{
	size_t bytes = t ? t->site_bytes : 0;

	for (size_t i = 0; i < w->count && bytes < w->len; i++)
		bytes += w->entry[i].len;
	return bytes < w->len ? bytes : w->len;
}

/* More memory than there can be. */
#define TOO_MUCH	SIZE_MAX

/* So many bytes more, or TOO_MUCH, where it stays. */
static size_t add_room(size_t bytes, size_t count, size_t each)
{
	size_t more;

	if (__builtin_mul_overflow(count, each, &more)
	    || __builtin_add_overflow(bytes, more, &bytes))
		return TOO_MUCH;
	return bytes;
}

size_t alternatives_room(const struct alternative_where *w, const struct text *t)
{
	size_t records = record_count(t);
	size_t islands = t && t->where.islands ? records : 0;
	size_t bytes = add_room(0, records, sizeof(struct record_place));

	bytes = add_room(bytes, records, sizeof(struct alternatives_site));
	bytes = add_room(bytes, w->count, sizeof(struct alternatives_site));
	bytes = add_room(bytes, 2, built_bytes(w, t));
	bytes = add_room(bytes, islands, ISLAND_BYTES);
	return add_room(bytes, 1, map_bytes(w));
}

/* Marks a site's bytes; false if one was marked already. */
static bool mark(uint8_t *map, uint64_t off, unsigned len)
{
	for (; len; len--, off++) {
		uint8_t bit = (uint8_t)(1u << (off & 7));

		if (map[off >> 3] & bit)
			return false;
		map[off >> 3] |= bit;
	}
	return true;
}

static uint8_t *site_bytes(const struct alternatives *a,
			   const struct alternatives_site *s)
{
	return a->where.bytes + (s->addr - a->where.addr);
}

static const char *check_place(const struct alternative_where *w,
			       const struct alternatives_site *s, uint8_t *map)
{
	uint64_t off = s->addr - w->addr;

	/* off is unsigned: an address before the text is a huge offset. */
	if (off >= w->len || s->len > w->len - off)
		return "the site is not inside the text";
	if (!s->len)
		return "the site has no bytes";
	return mark(map, off, s->len) ? NULL : "the site overlaps another";
}

static unsigned record_len(const struct text *t, const struct record_place *p)
{
	return t->where.sites[p->record].len;
}

/* The record of the same site; one of other bytes is refused.  Records overlap no
 * other: of those that begin at the site's address or before, only the last can. */
static const char *find_record(const struct alternatives *a,
			       const struct record_place *place,
			       struct alternatives_site *s)
{
	const struct text *t = a->text;
	size_t count = record_count(t), next = record_find(place, count, s->addr);
	const struct record_place *p = next ? &place[next - 1] : NULL;
	bool shared = next < count && place[next].addr - s->addr < s->len;

	if (p && p->addr == s->addr && record_len(t, p) == s->len) {
		s->record = p->record;
		s->record_built = p->built;
	} else if (p && s->addr - p->addr < record_len(t, p)) {
		shared = true;
	}
	return shared ? "the site shares bytes with that of a paravirt record, and is not the same"
		: NULL;
}

static void take_site(struct alternatives *a, const struct alternatives_site *s)
{
	memcpy(a->built + a->site_bytes, site_bytes(a, s), s->len);
	a->site_bytes += s->len;
	a->site[a->count++] = *s;
}

/* Pieces of the room that only alternatives_open() looks at. */
struct rooms {
	struct record_place *place;	/* of every record */
	uint8_t *map;
};

/* The site that entry @i begins. */
static bool take_entries(struct alternatives *a, size_t i, size_t count,
			 const struct rooms *r, struct alternatives_error *e)
{
	const struct alternative_where *w = &a->where;
	struct alternatives_site s = {
		.addr = w->entry[i].addr, .first = i, .count = count,
		.record = TEXT_NO_RECORD,
		.len = alternative_site_len(w->entry + i, count),
	};
	const char *why = check_place(w, &s, r->map);

	if (why)
		return refuse_entry(e, w, i, why);
	for (size_t k = i; k < i + count; k++) {
		why = alternative_check(w, k, s.len, site_bytes(a, &s));
		if (why)
			return refuse_entry(e, w, k, why);
	}
	why = find_record(a, r->place, &s);
	if (why)
		return refuse_entry(e, w, i, why);
	take_site(a, &s);
	return true;
}

/* Records that no alternative shares its site with: their bytes are not marked. */
static void take_records(struct alternatives *a, const struct rooms *r)
{
	const struct text *t = a->text;

	for (size_t i = 0; i < record_count(t); i++) {
		const struct record_place *p = &r->place[i];
		struct alternatives_site s = {
			.addr = p->addr, .record = p->record,
			.record_built = p->built, .len = record_len(t, p),
		};
		uint64_t off = s.addr - a->where.addr;

		if (!(r->map[off >> 3] >> (off & 7) & 1))
			take_site(a, &s);
	}
}

static struct rooms divide_room(struct alternatives *a, void *room)
{
	const struct alternative_where *w = &a->where;
	size_t bytes = built_bytes(w, a->text), records = record_count(a->text);
	struct rooms r = { .place = room };

	a->site = (struct alternatives_site *)(r.place + records);
	a->built = (uint8_t *)(a->site + w->count + records);
	a->staged = a->built + bytes;
	r.map = a->staged + bytes;
	a->islands = island_bytes(a->text) ? r.map : NULL;
	r.map += island_bytes(a->text);
	return r;
}

bool alternatives_open(struct alternatives *a, const struct alternative_where *w,
		       const struct text *t, void *room, size_t room_bytes,
		       struct alternatives_error *e)
{
	struct alternatives opened = { .where = *w, .text = t };
	size_t needed = alternatives_room(w, t);
	struct rooms r;

	if (needed == TOO_MUCH || room_bytes < needed)
		return refuse(e, ENTRIES, TEXT_NO_RECORD, 0, 0,
			      "too little room for the built bytes");
	if (!w->count)
		return refuse(e, ENTRIES, TEXT_NO_RECORD, 0, 0, "there are no entries");
	if (t && (t->where.addr != w->addr || t->where.bytes != w->bytes
		  || t->where.len != w->len || t->where.isa != w->isa))
		return refuse(e, ENTRIES, TEXT_NO_RECORD, 0, 0,
			      "the records are of another text");
	r = divide_room(&opened, room);
	memset(r.map, 0, map_bytes(w));
	if (t)
		record_index(t, r.place);
	for (size_t i = 0; i < w->count; ) {
		size_t count = alternative_same_site(w, i);

		if (!take_entries(&opened, i, count, &r, e))
			return false;
		i += count;
	}
	take_records(&opened, &r);
	*a = opened;
	return true;
}

static bool in_span(const struct alternatives_site *s, struct text_span span)
{
	return s->addr >= span.begin && s->addr < span.end;
}

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
		return refuse_entry(e, &d->a->where, chosen, why);
	d->c->sites++;
	d->c->both += s->count && s->record != TEXT_NO_RECORD;
	if (taken)
		return true;
	why = decide_record(d);
	return why ? refuse(e, RECORDS, s->record, s->addr, s->len, why) : true;
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
		if (in_span(d.s, how->span) && !decide(&d, e))
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

		if (!in_span(s, k->span))
			continue;
		/* First what the site will jump to. */
		if (has_island(k, s))
			memcpy(island_of(k->a, s->record) + shift,
			       k->a->islands + s->record * ISLAND_BYTES, ISLAND_BYTES);
		memcpy(site_bytes(k->a, s) + shift, from, s->len);
	}
}

/* Is it what is there? */
static bool compare(const struct content *k, const char *why,
		    struct alternatives_error *e)
{
	const uint8_t *from = k->bytes;

	for (size_t i = 0; i < k->a->count; from += k->a->site[i].len, i++) {
		const struct alternatives_site *s = &k->a->site[i];

		if (!in_span(s, k->span))
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
static void extent(const struct content *k, uint8_t **begin, uint8_t **end)
{
	const struct alternative_where *w = &k->a->where;
	uint8_t *islands;

	*begin = w->bytes;
	*end = w->bytes + w->len;
	if (!k->islands)
		return;
	islands = island_of(k->a, 0);
	if (islands < *begin)
		*begin = islands;
	if (islands + island_bytes(k->a->text) > *end)
		*end = islands + island_bytes(k->a->text);
}

static bool store(struct content *k, const struct text_writer *wr,
		  struct alternatives_error *e)
{
	uint8_t *begin, *end;

	extent(k, &begin, &end);
	if (!wr->window(wr->ctx, begin, (size_t)(end - begin), store_all, k))
		return refuse(e, ENTRIES, TEXT_NO_RECORD, 0, 0,
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
