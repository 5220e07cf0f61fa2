/* SPDX-License-Identifier: GPL-2.0-only */
/* What differs between cores, see cores.h. */
#include "stats/cores.h"

/* Several intervals as one, from the lowest end to the highest. */
struct hull {
	unsigned n;
	struct interval all;		/* known where there is one or more */
};

static void stretch(struct hull *h, const struct interval *i)
{
	if (!i->known)
		return;
	if (!h->n || i->lo < h->all.lo)
		h->all.lo = i->lo;
	if (!h->n || i->hi > h->all.hi)
		h->all.hi = i->hi;
	h->all.known = true;
	h->n++;
}

/* Of a kind, all but @but. */
static struct hull hull_of(const struct core_taken *t, unsigned n, enum core_kind kind,
			   unsigned but)
{
	struct hull h = { 0, { false, 0, 0 } };

	for (unsigned i = 0; i < n; i++)
		if (i != but && t[i].kind == kind)
			stretch(&h, &t[i].median_95);
	return h;
}

static bool are_apart(const struct interval *x, const struct interval *y)
{
	return x->known && y->known && (x->hi < y->lo || x->lo > y->hi);
}

static bool is_outside(const struct core_taken *t, unsigned n, unsigned i)
{
	struct hull others = hull_of(t, n, t[i].kind, i);

	return others.n >= 2 && are_apart(&t[i].median_95, &others.all);
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
	return are_apart(&a->median_95, &b->median_95);
}

/* The median of a kind's medians, without a list of them: the one that as many are below
 * as above; of two in the middle the lower.  0: there is none. */
static int64_t middle_of(const struct core_taken *t, unsigned n, enum core_kind kind)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned below = 0, same = 0, above = 0;

		if (t[i].kind != kind)
			continue;
		for (unsigned k = 0; k < n; k++) {
			below += t[k].kind == kind && t[k].median < t[i].median;
			same += t[k].kind == kind && t[k].median == t[i].median;
			above += t[k].kind == kind && t[k].median > t[i].median;
		}
		if (below < same + above && above <= below + same)
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
	k.apart = are_apart(&a.all, &b.all);
	return k;
}
