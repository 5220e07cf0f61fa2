/* SPDX-License-Identifier: GPL-2.0-only */
/* A text is opened: every record validated, the built bytes kept; see text.h. */
#include "lib/mem.h"
#include "patch/site_map.h"
#include "site_class.h"
#include "site_shape.h"

#define ROOM_ALIGN	16

static size_t class_room(const struct text_where *w)
{
	return w->count < TEXT_CLASSES ? w->count : TEXT_CLASSES;
}

size_t text_room(const struct text_where *w)
{
	size_t bytes = ROOM_ALIGN + class_room(w)
		* (sizeof(struct site_class) + sizeof(struct site_words))
		+ w->count * sizeof(uint16_t) + site_map_bytes(w->len);
	size_t built = 0;

	/* Lengths are not validated yet.  Sites that do not overlap are no longer than
	 * the text: a sum that is, does not count, and cannot wrap. */
	for (size_t i = 0; i < w->count; i++)
		built = w->sites[i].len > w->len - built ? w->len
			: built + w->sites[i].len;
	return bytes + built;
}

static const char *check_record(const struct text_where *w, const struct site *s,
				uint64_t addr, uint8_t *map, struct site_shape *shape)
{
	uint64_t off = addr - w->addr;

	/* off is unsigned: an address before the text is a huge offset. */
	if (off >= w->len || s->len > w->len - off)
		return "the site is not inside the text";
	if (s->len < CALL_MEM_LEN)
		return "the site is shorter than an indirect call";
	if (s->len > SITE_LEN_MAX)
		return "the site is too long";
	if (s->type >= w->ops)
		return "there is no op of that type";
	if (!site_map_mark(map, off, s->len))
		return "the site overlaps another";
	return site_shape_check(w, s, addr, shape);
}

/* Guesses are by type and length: most sites of an op are alike. */
#define GUESSES		256

static unsigned guess_of(const struct site *s)
{
	return (s->type * 31u + s->len) % GUESSES;
}

/* Where the pieces of the room are. */
static void divide_room(struct text *t, const struct text_where *w, void *room,
			uint8_t **map)
{
	uintptr_t at = ((uintptr_t)room + ROOM_ALIGN - 1) & ~(uintptr_t)(ROOM_ALIGN - 1);

	*t = (struct text){ .where = *w, .total = w->count };
	t->classes = (struct site_class *)at;
	t->words = (struct site_words *)(t->classes + class_room(w));
	t->class_of = (uint16_t *)(t->words + class_room(w));
	*map = (uint8_t *)(t->class_of + w->count);
	t->built = *map + site_map_bytes(w->len);
}

static const char *take_record(struct text *t, size_t i, uint8_t *map,
			       uint16_t *guesses)
{
	const struct text_where *w = &t->where;
	const struct site *s = &w->sites[i];
	uint16_t *guess = &guesses[guess_of(s)];
	struct site_at at = { text_site_addr(w, i), t->built + t->site_bytes };
	struct site_shape shape;
	const char *why = check_record(w, s, at.addr, map, &shape);
	struct site_class *k;

	if (why)
		return why;
	memcpy(t->built + t->site_bytes, w->bytes + (at.addr - w->addr), s->len);
	t->site_bytes += s->len;
	if (*guess >= t->class_count
	    || !site_is_of_class(&t->classes[*guess], s, &shape, &at))
		*guess = (uint16_t)site_class_find(t, s, &shape, &at);
	t->class_of[i] = *guess;
	if (*guess == TEXT_CLASSES)
		return NULL;
	k = &t->classes[*guess];
	k->total++;
	if (at.addr < k->low.addr)
		k->low = at;
	if (at.addr > k->high.addr)
		k->high = at;
	return NULL;
}

bool text_open(struct text *t, const struct text_where *w, void *room,
	       size_t room_bytes, struct text_error *e)
{
	uint16_t guesses[GUESSES] = { 0 };
	struct text opened;
	uint8_t *map;

	if (room_bytes < text_room(w))
		return text_refuse(e, w, TEXT_NO_RECORD, "too little room for the built bytes");
	if (!w->count)
		return text_refuse(e, w, TEXT_NO_RECORD, "there are no records");
	if (w->len && w->addr + (w->len - 1) < w->addr)
		return text_refuse(e, w, TEXT_NO_RECORD, "the text ends behind the last address");
	if ((uintptr_t)w->sites < (uintptr_t)w->bytes + w->len
	    && (uintptr_t)w->bytes < (uintptr_t)(w->sites + w->count))
		return text_refuse(e, w, TEXT_NO_RECORD, "the records are in the text itself");
	divide_room(&opened, w, room, &map);
	memset(map, 0, site_map_bytes(w->len));
	for (size_t i = 0; i < w->count; i++) {
		const char *why = take_record(&opened, i, map, guesses);

		if (why)
			return text_refuse(e, w, i, why);
	}
	*t = opened;
	return true;
}
