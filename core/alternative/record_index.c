/* SPDX-License-Identifier: GPL-2.0-only */
/* Records by address, see record_index.h. */
#include "alternative/record_index.h"

static void sift(struct record_place *v, size_t at, size_t n)
{
	struct record_place moved = v[at];

	while (2 * at + 1 < n) {
		size_t child = 2 * at + 1;

		if (child + 1 < n && v[child + 1].addr > v[child].addr)
			child++;
		if (v[child].addr <= moved.addr)
			break;
		v[at] = v[child];
		at = child;
	}
	v[at] = moved;
}

/* Heapsort: no recursion, no memory, no bad case. */
static void sort(struct record_place *v, size_t n)
{
	for (size_t i = n / 2; i-- > 0; )
		sift(v, i, n);
	for (size_t i = n; i-- > 1; ) {
		struct record_place highest = v[0];

		v[0] = v[i];
		v[i] = highest;
		sift(v, 0, i);
	}
}

void record_index(const struct text *t, struct record_place *place)
{
	const struct text_where *w = &t->where;
	bool sorted = true;
	size_t built = 0;

	for (size_t i = 0; i < w->count; built += w->sites[i].len, i++) {
		place[i] = (struct record_place){ text_site_addr(w, i), i, built };
		sorted &= !i || place[i].addr > place[i - 1].addr;
	}
	/* As a linker leaves them, most often. */
	if (!sorted)
		sort(place, w->count);
}

size_t record_find(const struct record_place *place, size_t count, uint64_t addr)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (place[middle].addr <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
