/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Regimes: what a core was like while a batch was taken, by the width that was left of
 * it.
 *
 * A probe is independent ADDs, as many as the core can do at once.  It is timed at both
 * ends of a batch; a chain of dependent ADDs once.  What the other hardware thread of
 * the core takes, the probe lacks: about half.  The chain lacks nothing, and says what a
 * cycle is.  So an end's width is in ADDs a cycle, whatever the frequency.
 *
 * Where the widths of all ends of a run lie in two heaps with next to nothing between
 * them, a threshold there tells them apart.  Where they lie in one, that is one regime,
 * and all batches are of it.  Pure: numbers in, numbers out.
 */
#ifndef REGIME_H
#define REGIME_H

#include <stdbool.h>
#include <stdint.h>

/* REGIME_alone and so on: see regime.def. */
enum regime {
#define REGIME(name, what) REGIME_##name,
#include "list/regime.def"
#undef REGIME
	REGIME_COUNT
};
extern const char *const regime_names[REGIME_COUNT];

/* The probes of a batch, and what follows of them. */
struct width_taken {
	uint32_t first, last;	/* ticks, raw: the ADDs at its two ends */
	uint32_t chain;		/* the dependent ADDs */
	uint16_t bin[2];	/* width_bins()'s: of the two ends */
	enum regime regime;	/* regimes_sort()'s */
};

/* What is timed by one of each. */
struct width_unit {
	uint32_t adds;		/* independent ones: of first and of last */
	uint32_t links;		/* dependent ones, of chain */
};

/* Widths are told apart by 1/32 of an octave, from a tenth of an ADD a cycle on. */
#define REGIME_BINS	272

/* All ends of a run, by their widths, and all batches by that of their wider end. */
struct widths {
	uint32_t ends[REGIME_BINS];
	uint32_t wider[REGIME_BINS];
	uint32_t n;		/* ends, two a batch */
};

struct regimes {
	bool two;		/* there are two; else all batches are of one */
	/* An end whose bin is below this one is of the narrow regime, and what that is
	 * in thousandths of an ADD a cycle; 0 where there is one. */
	unsigned bin;
	uint32_t threshold;
	/* Medians of the regimes' ends, likewise; where there is one, wide is its, and
	 * narrow is 0.  All 0: nothing was probed. */
	uint32_t wide, narrow;
	enum regime wide_is;	/* what a batch is whose ends are both wide */
	uint32_t batches[REGIME_COUNT], n;	/* of each, and all */
	enum regime used;	/* which the estimates are of */
};

/* Where a bin begins, thousandths of an ADD a cycle; it ends where the next begins. */
uint32_t width_edge(unsigned bin);

/**
 * width_bins - in which bin is the width of each end?
 * @p:    @n batches that were taken one after the other: their bins are set.
 * @work: @n words of scratch.
 *
 * A width is adds * chain * 1000 / (links * probe), rounded down.  The chain is the
 * batch's, or the median of all where it is more than half as long again: something came
 * into it.
 */
void width_bins(struct width_taken *p, uint32_t n, const struct width_unit *of,
		int64_t *work);

/* Adds the ends of batches that have their bins. */
void widths_add(struct widths *w, const struct width_taken *p, uint32_t n);

/**
 * regimes_find - what regimes are there?
 * @before:    bin of the threshold that was found with fewer batches, which is kept if it
 *             would do; 0: there was none.
 * @published: the model's width, thousandths; 0: not known.
 *
 * Two, if there is a width that at least 3% of the ends (and 8) lie below and above,
 * and heaps on both sides of it, 1.3 to 3 times apart: a heap is a quarter of an octave
 * that has a quarter of its side's ends, four times as many as there are around that
 * width.  Of several such widths the widest.  A drift leaves no valley.
 *
 * And batches whose ends are both below it: 1% of all batches, with a quarter of the
 * ends below.  Spikes may make a heap, but meet in one batch by chance alone: they are
 * seldom in both ends while they are in less than a quarter of all.  A neighbour that
 * comes and goes within nearly every batch it meets is not told from them.
 *
 * The wide regime, or the only one, is `alone` if it reaches three quarters of what was
 * published.  A core that is shared has about half.  Not known, a wide one is `alone`
 * for there is a narrower, and an only one is `single`.  Where it falls short, an only
 * one is `single`; a wide one is `shared` and the narrow one `between`: nothing was
 * alone.
 */
struct regimes regimes_find(const struct widths *w, unsigned before, uint32_t published);

/* Which regime is each batch of?  They have their bins; @r counts them. */
void regimes_sort(struct regimes *r, struct width_taken *p, uint32_t n);

/**
 * regimes_choose - of which are the estimates?  Sets r->used.
 *
 * Alone, if a quarter of the batches or more are; else shared, likewise; else, and
 * where there is one regime, all: that is used == REGIME_single, or REGIME_alone with
 * two == false.
 */
void regimes_choose(struct regimes *r);

/* The share of a regime's batches in percent, rounded down; 0 of none. */
static inline unsigned regime_percent(const struct regimes *r, enum regime of)
{
	return r->n ? (unsigned)(100ull * r->batches[of] / r->n) : 0;
}

/* Does a batch count for the estimates? */
static inline bool regime_counts(const struct regimes *r, enum regime batch)
{
	return !r->two || r->used == REGIME_single || batch == r->used;
}

/* A block with fewer batches of the regime than this, and not all of its own, is left
 * out. */
#define REGIME_BLOCK_LEAST	3

#endif
