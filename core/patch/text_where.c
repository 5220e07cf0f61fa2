/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a text, see text_where.h. */
#include "patch/text_where.h"

struct text_extent text_extent(const struct text_where *w, bool islands)
{
	uint8_t *begin = w->bytes, *end = w->bytes + w->len;
	uint8_t *first = w->island_bytes;

	if (!islands || !w->islands)
		return (struct text_extent){ begin, w->len };
	if (first < begin)
		begin = first;
	if (first + w->count * ISLAND_BYTES > end)
		end = first + w->count * ISLAND_BYTES;
	return (struct text_extent){ begin, (size_t)(end - begin) };
}
