/* SPDX-License-Identifier: GPL-2.0-only */
/* Regimes found in the widths of a run's ends, see regime.h. */
#include "stats/regime.h"
#include "lib/mul_div.h"
#include "stats/stats.h"

const char *const regime_names[REGIME_COUNT] = {
#define REGIME(name, what) #name,
#include "list/regime.def"
#undef REGIME
};

/* Bins of a quarter of an octave: density is looked at over so many. */
#define BINS_DENSE	8
/* And of 1.3 and of 3 to 1: what a neighbour may take. */
#define BINS_APART	12
#define BINS_APART_MOST	51
#define EDGE_LEAST	100

/* Of bins from an octave's beginning on, in 1/65536 of it: 2^(i/32), rounded. */
static const uint32_t edges[] = {
	65536, 66971, 68438, 69936, 71468, 73032, 74632, 76266,
	77936, 79642, 81386, 83169, 84990, 86851, 88752, 90696,
	92682, 94711, 96785, 98905, 101070, 103283, 105545, 107856,
	110218, 112631, 115098, 117618, 120194, 122825, 125515, 128263,
};
#define BINS_OCTAVE	(sizeof(edges) / sizeof(edges[0]))

uint32_t width_edge(unsigned bin)
{
	uint64_t octave = (uint64_t)EDGE_LEAST << bin / BINS_OCTAVE;

	return (uint32_t)(octave * edges[bin % BINS_OCTAVE] >> 16);
}

/* The bin that a width is in: the last whose edge is not above it, or the first. */
static uint16_t bin_of(uint32_t width)
{
	unsigned low = 0, high = REGIME_BINS;

	while (high - low > 1) {
		unsigned middle = (low + high) / 2;

		if (width_edge(middle) <= width)
			low = middle;
		else
			high = middle;
	}
	return (uint16_t)low;
}

static uint32_t usual_chain(const struct width_taken *p, uint32_t n, int64_t *work)
{
	for (uint32_t i = 0; i < n; i++)
		work[i] = p[i].chain;
	return n ? (uint32_t)median_of(work, n) : 0;
}

/* What a cycle is by: the batch's chain, or the usual one where something came into
 * that. */
static uint32_t chain_of(const struct width_taken *p, uint32_t usual)
{
	return (uint64_t)p->chain * 2 > (uint64_t)usual * 3 ? usual : p->chain;
}

/* Thousandths of an ADD a cycle. */
static uint32_t width_of(uint32_t probe, uint32_t chain, const struct width_unit *of)
{
	uint64_t width = mul_div((uint64_t)chain * of->adds, 1000,
				 (uint64_t)probe * of->links);

	return width > UINT32_MAX ? UINT32_MAX : (uint32_t)width;
}

void width_bins(struct width_taken *p, uint32_t n, const struct width_unit *of,
		int64_t *work)
{
	uint32_t usual = usual_chain(p, n, work);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t chain = chain_of(&p[i], usual);

		p[i].bin[0] = bin_of(width_of(p[i].first, chain, of));
		p[i].bin[1] = bin_of(width_of(p[i].last, chain, of));
	}
}

void widths_add(struct widths *w, const struct width_taken *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		w->ends[p[i].bin[0]]++;
		w->ends[p[i].bin[1]]++;
		w->wider[p[i].bin[p[i].bin[0] < p[i].bin[1]]]++;
	}
	w->n += 2 * n;
}

/* Ends within an eighth of an octave of a bin's edge. */
static uint32_t density(const struct widths *w, unsigned bin)
{
	unsigned from = bin < BINS_DENSE / 2 ? 0 : bin - BINS_DENSE / 2;
	uint32_t n = 0;

	for (unsigned i = from; i < bin + BINS_DENSE / 2 && i < REGIME_BINS; i++)
		n += w->ends[i];
	return n;
}

struct heap {
	unsigned at;		/* where it is densest */
	uint32_t density, ends;
};

/* What lies in bins [from, to). */
static struct heap heap_of(const struct widths *w, unsigned from, unsigned to)
{
	struct heap h = { from, 0, 0 };
	unsigned first = from;

	for (unsigned i = from; i < to; i++) {
		uint32_t d = density(w, i);

		h.ends += w->ends[i];
		if (d > h.density) {
			h.density = d;
			first = i;
		}
		if (d == h.density)
			h.at = (first + i) / 2;
	}
	return h;
}

static bool is_heap(const struct widths *w, const struct heap *h, uint32_t valley)
{
	return h->ends >= 8 && (uint64_t)h->ends * 100 >= (uint64_t)w->n * 3
		&& 4 * (uint64_t)h->density >= h->ends
		&& h->density >= 4 * (uint64_t)valley;
}

/* Are there batches with both ends below, and not by chance?  @ends: below, of any. */
static bool is_regime(const struct widths *w, unsigned bin, uint32_t ends)
{
	uint32_t both = 0;

	for (unsigned i = 0; i < bin; i++)
		both += w->wider[i];
	return (uint64_t)both * 2 * 100 >= w->n && (uint64_t)both * 2 * 4 >= ends;
}

static bool is_valley(const struct widths *w, unsigned bin)
{
	struct heap below = heap_of(w, 0, bin), above = heap_of(w, bin, REGIME_BINS);
	unsigned apart = above.at - below.at;
	uint32_t here = density(w, bin);

	return apart >= BINS_APART && apart <= BINS_APART_MOST
		&& is_heap(w, &below, here) && is_heap(w, &above, here)
		&& is_regime(w, bin, below.ends);
}

/* The lowest part of the widest valley, in its middle; 0: there is none. */
static unsigned find_valley(const struct widths *w, unsigned before)
{
	unsigned bin = REGIME_BINS - 1, first = 0, last = 0;
	uint32_t least = UINT32_MAX;

	if (before && is_valley(w, before))
		return before;
	while (bin && !is_valley(w, bin))
		bin--;
	for (; bin && is_valley(w, bin); bin--) {
		uint32_t d = density(w, bin);

		if (d < least) {
			least = d;
			first = bin;
		}
		if (d == least)
			last = bin;
	}
	return (first + last) / 2;
}

/* The edge below which half of the ends of those bins are. */
static uint32_t middle_of(const struct widths *w, unsigned from, unsigned to)
{
	uint32_t n = 0, half = 0;
	unsigned i;

	for (i = from; i < to; i++)
		n += w->ends[i];
	for (i = from; i < to; i++) {
		half += w->ends[i];
		if (2 * (uint64_t)half >= n)
			break;
	}
	return n ? width_edge(i) : 0;
}

/* What a regime is that is the widest there is. */
static enum regime name_wide(bool two, uint32_t wide, uint32_t published)
{
	if (!published)
		return two ? REGIME_alone : REGIME_single;
	if ((uint64_t)wide * 4 >= (uint64_t)published * 3)
		return REGIME_alone;
	return two ? REGIME_shared : REGIME_single;
}

struct regimes regimes_find(const struct widths *w, unsigned before, uint32_t published)
{
	unsigned bin = find_valley(w, before);
	struct regimes r = {
		.two = bin, .bin = bin, .threshold = bin ? width_edge(bin) : 0,
		.wide = middle_of(w, bin, REGIME_BINS), .narrow = middle_of(w, 0, bin),
		.used = REGIME_single,
	};

	r.wide_is = name_wide(r.two, r.wide, published);
	return r;
}

static enum regime regime_of(const struct regimes *r, const struct width_taken *p)
{
	bool wide = p->bin[0] >= r->bin;

	if (!r->two)
		return r->wide_is;
	if (wide != (p->bin[1] >= r->bin))
		return REGIME_between;
	if (wide)
		return r->wide_is;
	return r->wide_is == REGIME_alone ? REGIME_shared : REGIME_between;
}

void regimes_sort(struct regimes *r, struct width_taken *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		p[i].regime = regime_of(r, &p[i]);
		r->batches[p[i].regime]++;
	}
	r->n += n;
}

static bool enough(const struct regimes *r, enum regime of)
{
	return r->n && (uint64_t)r->batches[of] * 4 >= r->n;
}

void regimes_choose(struct regimes *r)
{
	if (!r->two)
		r->used = r->wide_is;
	else if (enough(r, REGIME_alone))
		r->used = REGIME_alone;
	else if (enough(r, REGIME_shared))
		r->used = REGIME_shared;
	else
		r->used = REGIME_single;
}
