/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between cores, see cores.h. */
#include "stats/cores.h"

/* The ends of several intervals: from the lowest to the highest. */
struct hull {
	unsigned n;
	int64_t lo, hi;
};

static void stretch(struct hull *h, const struct interval *i)
{
	if (!i->known)
		return;
	if (!h->n || i->lo < h->lo)
		h->lo = i->lo;
	if (!h->n || i->hi > h->hi)
		h->hi = i->hi;
	h->n++;
}

/* Of a kind, all but @but. */
static struct hull hull_of(const struct core_taken *t, unsigned n, enum core_kind kind,
			   unsigned but)
{
	struct hull h = { 0, 0, 0 };

	for (unsigned i = 0; i < n; i++)
		if (i != but && t[i].kind == kind)
			stretch(&h, &t[i].median_95);
	return h;
}

static bool is_outside(const struct core_taken *t, unsigned n, unsigned i)
{
	const struct interval *own = &t[i].median_95;
	struct hull others = hull_of(t, n, t[i].kind, i);

	return own->known && others.n >= 2
		&& (own->hi < others.lo || own->lo > others.hi);
}

unsigned odd_core(const struct core_taken *t, unsigned n)
{
	unsigned odd = n;

	for (unsigned i = 0; i < n; i++) {
		if (!is_outside(t, n, i))
			continue;
		if (odd < n)
			return n;	/* two of them: then none */
		odd = i;
	}
	return odd;
}

bool cores_apart(const struct core_taken *a, const struct core_taken *b)
{
	const struct interval *x = &a->median_95, *y = &b->median_95;

	return x->known && y->known && (x->hi < y->lo || x->lo > y->hi);
}

/* The median of a kind's medians, without a list of them: the one that as many are below
 * as above; of two in the middle the lower.  0: there is none. */
static int64_t middle_of(const struct core_taken *t, unsigned n, enum core_kind kind)
{
	unsigned of_kind = 0;

	for (unsigned i = 0; i < n; i++)
		of_kind += t[i].kind == kind;
	for (unsigned i = 0; i < n; i++) {
		unsigned below = 0, same = 0;

		for (unsigned k = 0; k < n; k++) {
			below += t[k].kind == kind && t[k].median < t[i].median;
			same += t[k].kind == kind && t[k].median == t[i].median;
		}
		if (t[i].kind == kind && below <= (of_kind - 1) / 2
		    && below + same > (of_kind - 1) / 2)
			return t[i].median;
	}
	return 0;
}

struct kinds_apart kinds_apart(const struct core_taken *t, unsigned n, enum core_kind x,
			       enum core_kind than)
{
	struct hull a = hull_of(t, n, x, n), b = hull_of(t, n, than, n);
	int64_t mine = middle_of(t, n, x), theirs = middle_of(t, n, than);
	struct kinds_apart k = { .known = mine > 0 && theirs > 0 };

	if (!k.known)
		return k;
	k.ratio = ratio_of(mine, theirs);
	k.apart = a.n && b.n && (a.lo > b.hi || a.hi < b.lo);
	return k;
}
