/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading .altinstructions: which layout, and every record of it. */
#include <stdlib.h>
#include "alternatives.h"
#include "branch.h"
#include "lib/bytes.h"

static const char section_name[] = ".altinstructions";

static const unsigned layout_bytes[ALT_LAYOUT_COUNT] = {
#define LAYOUT(name, bytes, what) bytes,
	ALT_LAYOUTS(LAYOUT)
#undef LAYOUT
};

/* Source: Linux, arch/x86/include/asm/alternative.h of these releases. */
#define FEATURE_NOT	0x8000
#define FLAG_NOT	1
#define FLAG_CALL	2

static struct alt decode(const struct image *im, enum alt_layout layout,
			 const uint8_t *p, uint64_t at)
{
	struct alt a = { 0 };
	unsigned tail = 8 + 2;

	if (layout == ALT_pointers) {
		a.site = get_le(p, 4);
		a.replacement = get_le(p + 4, 4);
		a.feature = p[8];
		tail = 9;
	} else {
		a.site = offset_from(im, at, p);
		a.replacement = offset_from(im, at + 4, p + 4);
		a.feature = (uint16_t)get_le(p + 8, 2);
	}
	if (layout == ALT_offsets) {
		a.not = a.feature & FEATURE_NOT;
		a.feature &= FEATURE_NOT - 1;
	}
	if (layout == ALT_flags) {
		a.not = p[10] & FLAG_NOT;
		a.direct_call = p[10] & FLAG_CALL;
		tail = 12;
	}
	a.len = p[tail];
	a.replacement_len = p[tail + 1];
	return a;
}

/* What is wrong with a record, if it were of this layout; NULL: nothing. */
static const char *wrong(const struct image *im, enum alt_layout layout,
			 const struct alt *a, const uint8_t *p)
{
	const struct section *s = image_at(im, a->site, a->len);

	if (!s || !s->exec)
		return "the site is not inside a section of instructions";
	if (!a->len || a->len > SITE_LEN_MAX)
		return "the site has no length from 1 to 254";
	if (a->feature >= FEATURE_MAX)
		return "the feature's number is too large";
	if (a->replacement_len > a->len)
		return "the replacement is longer than the site";
	if (!image_bytes(im, a->replacement, a->replacement_len))
		return "the replacement is not in the image";
	if (layout == ALT_padlen && p[12] > a->len)
		return "the padding is longer than the site";
	if (layout == ALT_pointers && p[11])
		return "the last byte, which is padding, is not 0";
	if (layout == ALT_flags && get_le(p + 10, 2) & ~(FLAG_NOT | FLAG_CALL))
		return "a flag is not known";
	return NULL;
}

/* How many records are good, if they were of this layout, and which is the first that is
 * not. */
static size_t good_records(const struct image *im, const struct section *s,
			   enum alt_layout layout, size_t *bad)
{
	unsigned bytes = layout_bytes[layout];
	size_t n = s->len / bytes, good = 0;

	*bad = n;
	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = s->bytes + i * bytes;
		struct alt a = decode(im, layout, p, s->addr + i * bytes);

		if (!wrong(im, layout, &a, p))
			good++;
		else if (*bad == n)
			*bad = i;
	}
	return good;
}

static bool possible(const struct image *im, const struct section *s,
		     enum alt_layout layout)
{
	size_t bad;

	return (layout != ALT_pointers || im->isa == ISA_IA32)
		&& !(s->len % layout_bytes[layout])
		&& good_records(im, s, layout, &bad) * layout_bytes[layout] == s->len;
}

/* Names the first record that no layout makes sense of. */
static bool refuse_layout(const struct image *im, const struct section *s,
			  enum alt_layout layout, struct refusal *r)
{
	unsigned bytes = layout_bytes[layout];
	struct alt a;
	size_t i;

	good_records(im, s, layout, &i);
	if ((i + 1) * bytes > s->len)
		return refuse(r, "%s: truncated: %#llx bytes are no whole records of %u "
				 "(layout %s)",
			      section_name, (unsigned long long)s->len, bytes,
			      alt_layout_names[layout]);
	a = decode(im, layout, s->bytes + i * bytes, s->addr + i * bytes);
	return refuse_record(r, section_name, i, a.site,
			     "%u bytes: %s (layout %s, %u bytes)", a.len,
			     wrong(im, layout, &a, s->bytes + i * bytes),
			     alt_layout_names[layout], bytes);
}

/* The layout that most bytes make sense in, for saying what is wrong. */
static enum alt_layout likeliest(const struct image *im, const struct section *s)
{
	enum alt_layout best = ALT_offsets;
	size_t most = 0, bad;

	for (enum alt_layout l = 0; l < ALT_LAYOUT_COUNT; l++) {
		size_t good = good_records(im, s, l, &bad) * layout_bytes[l];

		if (good <= most || (im->isa == ISA_X86_64 && l == ALT_pointers))
			continue;
		best = l;
		most = good;
	}
	return best;
}

/* The one layout in which all records are good. */
static bool recognise(struct kernel *k, const struct section *s,
		      struct refusal *r)
{
	unsigned fits = 0;

	for (enum alt_layout l = 0; l < ALT_LAYOUT_COUNT; l++)
		if (possible(k->im, s, l)) {
			k->alt_layout = l;
			fits++;
		}
	if (fits > 1)
		return refuse(r, "%s: unknown layout: %u fit; say which with --alternatives",
			      section_name, fits);
	return fits || refuse_layout(k->im, s, likeliest(k->im, s), r);
}

static bool choose_layout(struct kernel *k, const struct section *s,
			  const struct forced *f, struct refusal *r)
{
	if (f->alt_layout < 0)
		return recognise(k, s, r);
	k->alt_layout = (enum alt_layout)f->alt_layout;
	if (k->alt_layout == ALT_pointers && k->im->isa != ISA_IA32)
		return refuse(r, "%s: layout pointers is that of i386", section_name);
	return possible(k->im, s, k->alt_layout)
		|| refuse_layout(k->im, s, k->alt_layout, r);
}

bool alternatives_read(struct kernel *k, const struct forced *f,
		       struct refusal *r)
{
	const struct section *s = image_section(k->im, section_name);
	unsigned bytes;

	if (!s || !s->len)
		return true;
	if (!s->bytes)
		return refuse(r, "%s: has no bytes in the file", section_name);
	if (!choose_layout(k, s, f, r))
		return false;
	bytes = layout_bytes[k->alt_layout];
	k->alt_count = s->len / bytes;
	k->alts = calloc(k->alt_count, sizeof(*k->alts));
	if (!k->alts)
		return refuse(r, "%s: no memory for %zu records", section_name,
			      k->alt_count);
	for (size_t i = 0; i < k->alt_count; i++)
		k->alts[i] = decode(k->im, k->alt_layout, s->bytes + i * bytes,
				    s->addr + i * bytes);
	return true;
}
