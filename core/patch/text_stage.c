/* SPDX-License-Identifier: GPL-2.0-only */
/* What every site of a span is to hold, decided before a store; see text.h. */
#include "site_class.h"
#include "text_parts.h"

bool text_staged_islands(const struct text_staged *s)
{
	return s->m && s->m->island && s->t->where.islands;
}

static void count(struct text_counts *c, enum patched outcome, unsigned nops,
		  size_t sites)
{
	c->sites += (unsigned)sites;
	c->outcome[outcome] += (unsigned)sites;
	c->nops += nops * (unsigned)sites;
	if (nops > c->max_nops)
		c->max_nops = nops;
}

/* How many sites of each class the span has.  Return: how many of none. */
static size_t count_classes(const struct text_staged *s)
{
	const struct text *t = s->t;
	bool all = !s->span.begin && s->span.end == UINT64_MAX;
	bool whole = t->where.count == t->total;
	size_t none = 0, known = 0;

	for (unsigned k = 0; k < t->class_count; k++) {
		t->classes[k].count = all && whole ? t->classes[k].total : 0;
		known += t->classes[k].count;
	}
	if (all && whole)
		return t->where.count - known;
	for (size_t i = 0; i < t->where.count; i++) {
		unsigned k = t->class_of[i];

		if (!all && !text_span_has(s->span, text_site_addr(&t->where, i)))
			continue;
		if (k == TEXT_CLASSES)
			none++;
		else
			t->classes[k].count++;
	}
	return none;
}

/* The first site of a class, or of none, that the span has. */
static size_t first_of(const struct text_staged *s, unsigned class)
{
	const struct text *t = s->t;
	size_t i = 0;

	while (t->class_of[i] != class
	       || !text_span_has(s->span, text_site_addr(&t->where, i)))
		i++;
	return i;
}

/* Sites that have to be asked for one by one. */
static bool stage_lone(const struct text_staged *s, struct text_counts *c,
		       struct text_error *e)
{
	const struct text *t = s->t;
	const uint8_t *built = t->built;

	for (size_t i = 0; i < t->where.count; built += t->where.sites[i].len, i++) {
		struct text_form f;
		const char *why;

		if (!is_lone(s, i) || !text_span_has(s->span, text_site_addr(&t->where, i)))
			continue;
		why = site_encode_record(s, i, built, &f);
		if (why)
			return text_refuse(e, &t->where, i, why);
		count(c, f.outcome, f.nops, 1);
	}
	return true;
}

bool text_stage(const struct text *t, const struct backend *b,
		const struct mode *m, const struct nop_table *nops,
		struct text_span span, struct text_staged *s,
		struct text_counts *c, struct text_error *e)
{
	size_t lone;

	*s = (struct text_staged){ t, b, m, nops, span, false };
	s->lone = text_staged_islands(s) || nop_takes_turns(nops);
	*c = (struct text_counts){ 0 };
	lone = s->lone ? t->where.count : count_classes(s);
	for (unsigned i = 0; i < t->class_count && !s->lone; i++) {
		struct site_class *k = &t->classes[i];
		const char *why = k->count ? site_class_learn(s, k) : NULL;

		if (why)
			return text_refuse(e, &t->where, first_of(s, i), why);
		t->words[i] = site_class_words(k);
		if (k->count && k->lone)
			lone += k->count;
		else if (k->count)
			count(c, k->outcome, k->nops, k->count);
	}
	return !lone || stage_lone(s, c, e);
}
