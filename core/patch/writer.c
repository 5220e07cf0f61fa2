/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes stored by a writer, see writer.h. */
#include "lib/mem.h"
#include "patch/writer.h"

/* text_copy()'s store. */
struct copying {
	uint8_t *to;
	const uint8_t *from;
	size_t len;
};

static void copy_bytes(void *arg, ptrdiff_t shift)
{
	const struct copying *c = arg;

	memcpy(c->to + shift, c->from, c->len);
}

bool text_copy(const struct text_writer *wr, uint8_t *to, const uint8_t *from,
	       size_t len)
{
	struct copying c = { to, from, len };

	return wr->window(wr->ctx, to, len, copy_bytes, &c)
		&& !memcmp(to, from, len);
}
