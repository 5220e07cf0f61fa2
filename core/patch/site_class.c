/* SPDX-License-Identifier: GPL-2.0-only */
/* Classes of sites, see site_class.h. */
#include "lib/mem.h"
#include "site_class.h"

unsigned site_class_find(struct text *t, const struct site *s,
			 const struct site_shape *shape, const struct site_at *at)
{
	unsigned i;

	for (i = 0; i < t->class_count; i++)
		if (site_is_of_class(&t->classes[i], s, shape, at))
			return i;
	if (i < TEXT_CLASSES) {
		t->class_count++;
		t->classes[i] = (struct site_class){
			.clobbers = s->clobbers, .type = s->type, .len = s->len,
			.call = (uint8_t)shape->call, .pops = (uint8_t)shape->pops,
			.callee = shape->callee,
			.first = *at, .low = *at, .high = *at,
		};
	}
	return i;
}

/*
 * Learning a class: its first site's form, where displacements are in it, and
 * whether that foretells what the outermost sites' forms are.
 */

/* So far apart, no byte of a displacement stays what it is. */
#define APART	0x01010101u

/* Where @f, of the same class but @by bytes further on, differs from the class's
 * form: displacements, or nothing that could be foretold. */
static bool find_rels(struct site_class *k, const struct text_form *f, uint32_t by)
{
	unsigned i = 0;

	k->rels = 0;
	while (i < f->len) {
		if (f->bytes[i] == k->bytes[i]) {
			i++;
			continue;
		}
		if (k->rels == TEXT_RELS || f->len - i < 4
		    || get_le32(f->bytes + i) + by != get_le32(k->bytes + i))
			return false;
		k->rel[k->rels++] = (uint8_t)i;
		i += 4;
	}
	return true;
}

static bool is_foretold(const struct site_class *k, const struct site_at *at,
			const struct text_form *f)
{
	uint8_t bytes[SITE_LEN_MAX];

	if (f->outcome != k->outcome || f->nops != k->nops)
		return false;
	if (outcome_is_kept(f->outcome))
		return true;
	place_form(k, at->addr, bytes);
	return !memcmp(f->bytes, bytes, k->len);
}

static const char *encode_at(const struct text_staged *s,
			     const struct site_class *k, const struct site_at *at,
			     struct text_form *f)
{
	struct sited_op so = sited_by_class(s->t, k, at->addr);

	return site_encode(&so, at->built, s->b, s->m, s->nops, f);
}

/* Is the form of the class's outermost sites what the first one's says? */
static const char *check_ends(const struct text_staged *s, struct site_class *k)
{
	const struct site_at *const ends[] = { &k->low, &k->high };

	for (unsigned i = 0; i < 2 && !k->lone; i++) {
		struct text_form f;
		const char *why = encode_at(s, k, ends[i], &f);

		if (why)
			return why;
		k->lone = !is_foretold(k, ends[i], &f);
	}
	return NULL;
}

/* Its first site again, as if it were elsewhere: as near as it can be reached. */
static bool learn_rels(const struct text_staged *s, struct site_class *k)
{
	static const uint32_t by[] = { APART, 0u - APART };
	struct text_form f;

	for (unsigned i = 0; i < 2; i++) {
		struct site_at there = k->first;

		there.addr += (uint64_t)(int64_t)(int32_t)by[i];
		if (!encode_at(s, k, &there, &f) && f.outcome == k->outcome)
			return find_rels(k, &f, by[i]);
	}
	return false;
}

const char *site_class_learn(const struct text_staged *s, struct site_class *k)
{
	struct text_form f;
	const char *why = encode_at(s, k, &k->first, &f);

	if (why)
		return why;
	k->outcome = f.outcome;
	k->kept = outcome_is_kept(f.outcome);
	k->nops = f.nops;
	k->addr = k->first.addr;
	k->rels = 0;
	memcpy(k->bytes, f.bytes, f.len);
	/* Between two that are out of reach there may be one that is not. */
	k->lone = f.outcome == KEPT_OUT_OF_REACH
		|| (!outcome_is_kept(f.outcome) && !learn_rels(s, k));
	return check_ends(s, k);
}

struct site_words site_class_words(const struct site_class *k)
{
	struct site_words w = { .how = WORDS_OTHER, .addr = k->addr };
	uint8_t bytes[8] = { 0 };

	if (k->kept && !k->lone)
		w.how = WORDS_BUILT;
	if (k->kept || k->lone || k->len > 8 || k->rels > 1)
		return w;
	memcpy(bytes, k->bytes, k->len);
	w.how = k->rels ? WORDS_PLACED : WORDS_FIXED;
	w.head = get_le32(bytes);
	w.tail = get_le32(bytes + k->len - 4);
	w.shift = k->rels ? 8u * k->rel[0] : 0;
	w.word = get_le64(bytes);
	return w;
}
