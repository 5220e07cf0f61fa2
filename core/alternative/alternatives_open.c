/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries and records validated, the built bytes kept; see alternatives.h. */
#include "alternative/record_index.h"
#include "alternatives_parts.h"
#include "lib/mem.h"
#include "patch/site_map.h"

static size_t record_count(const struct text *t)
{
	return t ? t->where.count : 0;
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
	return add_room(bytes, 1, site_map_bytes(w->len));
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
	return site_map_mark(map, off, s->len) ? NULL : "the site overlaps another";
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
		return alternatives_refuse_entry(e, w, i, why);
	for (size_t k = i; k < i + count; k++) {
		why = alternative_check(w, k, s.len, site_bytes(a, &s));
		if (why)
			return alternatives_refuse_entry(e, w, k, why);
	}
	why = find_record(a, r->place, &s);
	if (why)
		return alternatives_refuse_entry(e, w, i, why);
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

		if (!site_map_has(r->map, off))
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

static bool refuse_all(struct alternatives_error *e, const char *why)
{
	return alternatives_refuse(e, ENTRIES, TEXT_NO_RECORD, 0, 0, why);
}

bool alternatives_open(struct alternatives *a, const struct alternative_where *w,
		       const struct text *t, void *room, size_t room_bytes,
		       struct alternatives_error *e)
{
	struct alternatives opened = { .where = *w, .text = t };
	size_t needed = alternatives_room(w, t);
	struct rooms r;

	if (needed == TOO_MUCH || room_bytes < needed)
		return refuse_all(e, "too little room for the built bytes");
	if (!w->count)
		return refuse_all(e, "there are no entries");
	if (t && (t->where.addr != w->addr || t->where.bytes != w->bytes
		  || t->where.len != w->len || t->where.isa != w->isa))
		return refuse_all(e, "the records are of another text");
	r = divide_room(&opened, room);
	memset(r.map, 0, site_map_bytes(w->len));
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
