/* SPDX-License-Identifier: GPL-2.0-only */
/* Every alternative held against the text it is for, before anything is decided. */
#include <stdlib.h>
#include "alternative/alternative.h"
#include "check.h"
#include "patch/insn.h"

/* Where instructions begin: a bit for every byte of the file.  Sections of instructions
 * have no byte in common. */
struct starts {
	uint8_t *bits;
};

static size_t offset_of(const struct image *im, const uint8_t *p)
{
	return (size_t)(p - im->bytes);
}

/*
 * A section read from its begin to its end.  Behind what is no instruction reading goes
 * on one byte later: x86 code falls into step again after a few instructions, whatever
 * data were in between.
 */
static void read_through(const struct image *im, const struct section *s,
			 struct starts *st)
{
	struct insn in;

	for (size_t at = 0; at < s->len;) {
		size_t o = offset_of(im, s->bytes + at);

		st->bits[o / 8] |= (uint8_t)(1 << o % 8);
		at += insn_decode(&in, im->isa, s->bytes + at, s->len - at)
			? in.len : 1;
	}
}

static bool starts_find(const struct image *im, struct starts *st)
{
	st->bits = calloc(im->len / 8 + 1, 1);
	for (size_t i = 0; st->bits && i < im->count; i++)
		if (im->sections[i].exec && im->sections[i].bytes)
			read_through(im, &im->sections[i], st);
	return st->bits;
}

static bool is_start(const struct image *im, const struct starts *st, uint64_t addr)
{
	size_t o = offset_of(im, image_bytes(im, addr, 1));

	return st->bits[o / 8] >> o % 8 & 1;
}

/* What is wrong with a record by the core's rules; NULL: nothing. */
static const char *wrong(const struct kernel *k, const struct alt *a)
{
	const struct alternative e = {
		.addr = a->site, .replacement = a->replacement,
		.feature = a->feature, .len = a->len,
		.replacement_len = a->replacement_len,
		.flags = (uint8_t)((a->not ? ALTERNATIVE_NOT : 0)
				   | (a->direct_call ? ALTERNATIVE_DIRECT_CALL : 0)),
	};
	const struct alternative_where w = {
		.isa = k->im->isa, .entry = &e, .count = 1, .features = FEATURE_MAX,
		.replacement_addr = a->replacement,
		.replacement = image_bytes(k->im, a->replacement, a->replacement_len),
		.replacement_len = a->replacement_len,
	};

	return alternative_check(&w, 0, a->len, image_bytes(k->im, a->site, a->len));
}

bool alternatives_check(const struct kernel *k, struct refusal *r)
{
	const char *why = NULL;
	struct starts st;
	size_t i;

	if (!k->alt_count)
		return true;
	if (!starts_find(k->im, &st))
		return refuse(r, "no memory for %zu bytes", k->im->len / 8 + 1);
	for (i = 0; i < k->alt_count && !why; i++)
		why = is_start(k->im, &st, k->alts[i].site) ? wrong(k, &k->alts[i])
			: "the site begins inside an instruction";
	free(st.bits);
	return !why || refuse_record(r, ".altinstructions", i - 1,
				     k->alts[i - 1].site, "%u bytes: %s",
				     k->alts[i - 1].len, why);
}
