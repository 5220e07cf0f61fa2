/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables that are no sections of their own, see record_run.h. */
#include "record_run.h"

/* Fewer are none. */
#define RECORDS_MIN	4

static size_t run_of(const struct records *r, const struct section *s, size_t at)
{
	const uint8_t *first = s->bytes + at;
	size_t n = 0;

	while (at + r->bytes <= s->len
	       && r->good(r->im, s->bytes + at, s->addr + at, n ? first : NULL)) {
		at += r->bytes;
		n++;
	}
	return n;
}

bool records_find(struct records *r)
{
	for (size_t i = 0; i < r->im->count; i++) {
		const struct section *s = &r->im->sections[i];
		size_t n;

		if (!s->alloc || !s->bytes || (s->exec && !s->write))
			continue;
		for (size_t at = -s->addr & 3; at < s->len; at += n ? n * r->bytes : 4) {
			n = run_of(r, s, at);
			if (n <= r->count)
				continue;
			r->p = s->bytes + at;
			r->addr = s->addr + at;
			r->count = n;
		}
	}
	return r->count >= RECORDS_MIN;
}
