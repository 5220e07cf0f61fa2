/* SPDX-License-Identifier: GPL-2.0-only */
/* A patched image held against a booted kernel's memory, see compare.h. */
#include <stdlib.h>
#include <string.h>
#include "compare.h"
#include "decide.h"
#include "explain.h"
#include "kernel_code.h"
#include "lib/bytes.h"
#include "para_form.h"
#include "paras.h"

const char *const class_names[CLASS_COUNT] = {
#define CLASS(name, what) #name,
	CLASSES(CLASS)
#undef CLASS
};

const char *const class_what[CLASS_COUNT] = {
#define CLASS(name, what) what,
	CLASSES(CLASS)
#undef CLASS
};

/* All that a site is held against. */
struct against {
	const struct kernel *k;
	const struct nop_table *nops;
	const struct dump *d;
	const struct rewriting *rw;
};

/* The form by the dump's own pointer; the function's accounting code may be called. */
static bool called_otherwise(const struct against *g, const struct para *p,
			     const uint8_t *got)
{
	const struct spot call = { .addr = p->addr, .len = CALL_LEN,
				   .table = TABLE_calls };
	unsigned word = image_word(g->k->im);
	const uint8_t *slot = dump_bytes(g->d, p->slot, word);
	uint8_t want[SITE_LEN_MAX];
	const struct view v = { g->k, g->d, &g->rw->habits, &call, want, got };

	if (!slot || get_le(slot, word) == kernel_pointer(g->k, p->op)
	    || para_form(g->k, p, get_le(slot, word), g->nops, want) != p->len)
		return false;
	if (p->len >= CALL_LEN && memcmp(want, got, CALL_LEN)
	    && explain(&v) != REWRITE_NOT)
		memcpy(want, got, CALL_LEN);
	return !memcmp(want, got, p->len);
}

/* Do other mechanisms account for all that differs? */
static bool rewritten(const struct against *g, uint64_t addr, unsigned len,
		      const uint8_t *got)
{
	const uint8_t *p = image_bytes(g->k->im, addr, len);

	return !memcmp(g->rw->want + (p - g->k->im->bytes), got, len);
}

/* The dump's own replacement, copied, if that is what other mechanisms made of it. */
static bool other_replacement(const struct against *g, const struct alt_site *s,
			      const uint8_t *got)
{
	const struct alt *a = s->chosen >= 0 ? &g->k->alts[s->chosen] : NULL;
	const uint8_t *bytes = a ? dump_bytes(g->d, a->replacement,
					      a->replacement_len) : NULL;
	struct alt_site other;

	if (!bytes || !memcmp(bytes, image_bytes(g->k->im, a->replacement,
						  a->replacement_len),
			      a->replacement_len)
	    || !rewritten(g, a->replacement, a->replacement_len, bytes))
		return false;
	other = *s;
	return !replacement_decide(g->k, a, bytes, g->nops, &other)
		&& !memcmp(other.bytes, got, s->len);
}

static enum class class_of_para(const struct against *g, const struct para *p)
{
	const uint8_t *want = image_bytes(g->k->im, p->addr, p->len);
	const uint8_t *got = dump_bytes(g->d, p->addr, p->len);

	if (!got)
		return CLASS_not_in_dump;
	if (!memcmp(want, got, p->len))
		return CLASS_same;
	if (called_otherwise(g, p, got))
		return CLASS_table;
	return rewritten(g, p->addr, p->len, got) ? CLASS_rewritten
		: CLASS_unexplained;
}

static enum class class_of_alt(const struct against *g, const struct alt_site *s)
{
	const uint8_t *want = image_bytes(g->k->im, s->addr, s->len);
	const uint8_t *got = dump_bytes(g->d, s->addr, s->len);
	const struct para *p = para_at(g->k, s->addr);

	if (!got)
		return CLASS_not_in_dump;
	if (!memcmp(want, got, s->len))
		return CLASS_same;
	if (s->unknown)
		return CLASS_not_decided;
	if (p && s->chosen < 0 && called_otherwise(g, p, got))
		return CLASS_table;
	if (other_replacement(g, s, got))
		return CLASS_replacement;
	return rewritten(g, s->addr, s->len, got) ? CLASS_rewritten
		: CLASS_unexplained;
}

bool compare(const struct kernel *k, const struct applied *a,
	     const struct nop_table *nops, const struct dump *d,
	     const uint8_t *built, struct comparison *c)
{
	const struct against g = { k, nops, d, &c->rewriting };

	*c = (struct comparison){
		.para = calloc(k->para_count + 1, sizeof(*c->para)),
		.alt = calloc(a->alt_count + 1, sizeof(*c->alt)),
	};
	if (!c->para || !c->alt || !rewriting_find(k, d, built, &c->rewriting))
		return false;
	for (size_t i = 0; i < k->para_count; i++)
		c->paras[c->para[i] = class_of_para(&g, &k->paras[i])]++;
	for (size_t i = 0; i < a->alt_count; i++)
		c->alts[c->alt[i] = class_of_alt(&g, &a->alts[i])]++;
	rewriting_rest(k, a, d, &c->rewriting);
	return true;
}

void comparison_free(struct comparison *c)
{
	free(c->para);
	free(c->alt);
	rewriting_free(&c->rewriting);
}
