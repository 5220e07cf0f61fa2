/* SPDX-License-Identifier: GPL-2.0-only */
/* Places that a kernel may have rewritten, see spots.h. */
#include <stdlib.h>
#include "by_address.h"
#include "spots.h"

void spots_add(struct spots *s, struct spot spot)
{
	if (s->count == s->room && !s->full) {
		size_t room = s->room ? 2 * s->room : 4096;
		struct spot *more = realloc(s->spot, room * sizeof(*more));

		s->full = !more;
		s->spot = more ? more : s->spot;
		s->room = more ? room : s->room;
	}
	if (s->full)
		return;
	spot.done = REWRITE_NOT;
	s->spot[s->count++] = spot;
}

static int by_address(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	if (x->table != y->table)
		return x->table < y->table ? -1 : 1;
	return x->arg != y->arg ? (x->arg < y->arg ? -1 : 1) : 0;
}

void spots_sort(struct spots *s)
{
	size_t n = 0;

	if (!s->count)
		return;
	qsort(s->spot, s->count, sizeof(*s->spot), by_address);
	for (size_t i = 1; i < s->count; i++)
		if (by_address(&s->spot[n], &s->spot[i]))
			s->spot[++n] = s->spot[i];
	s->count = n + 1;
}

/* How many spots back one may be that still covers an address. */
#define SPOTS_BACK	16

const struct spot *spots_at(const struct spots *s, uint64_t addr)
{
	size_t n = rows_upto(s->spot, s->count, sizeof(*s->spot), addr);
	const struct spot *at = n ? &s->spot[n - 1] : NULL;

	for (unsigned i = 0; at && i < SPOTS_BACK; i++, at--) {
		if (addr - at->addr < at->len)
			return at;
		if (at == s->spot)
			break;
	}
	return NULL;
}

void spots_free(struct spots *s)
{
	free(s->spot);
	*s = (struct spots){ 0 };
}
