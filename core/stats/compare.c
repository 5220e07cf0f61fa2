/* SPDX-License-Identifier: GPL-2.0-only */
/* Two things that were timed in pairs, and the verdict, see stats.h. */
#include "stats/stats.h"
#include "lib/mul_div.h"

const char *const verdict_names[VERDICT_COUNT] = {
#define VERDICT(name, what) [VERDICT_##name] = #name,
#include "list/verdict.def"
#undef VERDICT
};

/* Fewer blocks have no interval of their medians. */
#define BLOCKS_MIN	6

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

static int64_t add(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static int64_t subtract(int64_t a, int64_t b)
{
	int64_t d;

	if (__builtin_sub_overflow(a, b, &d))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return d;
}

/* a / b in 1/@unit, a million at most: rounded to nearest, halves away from
 * zero; as far as there are numbers. */
static int64_t quotient(int64_t a, int64_t b, uint32_t unit)
{
	/* In halves, for the rounding. */
	uint64_t halves = mul_div(magnitude(a), 2ull * unit, (uint64_t)b);
	uint64_t q = halves / 2 + halves % 2;

	if (q > INT64_MAX)
		q = INT64_MAX;
	return a < 0 ? -(int64_t)q : (int64_t)q;
}

int64_t ratio_of(int64_t a, int64_t b)
{
	return quotient(a, b, MILLION);
}

/* What a pair says.  Return: false if it says nothing. */
typedef bool pair_value(int64_t x, int64_t y, int64_t *out);

static bool pair_ratio(int64_t x, int64_t y, int64_t *out)
{
	if (y <= 0)
		return false;
	*out = quotient(x, y, MILLION);
	return true;
}

static bool pair_difference(int64_t x, int64_t y, int64_t *out)
{
	*out = subtract(x, y);
	return true;
}

struct estimate {
	uint64_t pairs;			/* that say something */
	unsigned blocks;		/* that have such a pair */
	int64_t value;
	struct interval in_95;
};

static uint32_t block_values(const struct pairs *p, unsigned block,
			     pair_value *of, int64_t *v)
{
	const int64_t *x = p->x + p->first[block], *y = p->y + p->first[block];
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->n[block]; i++)
		n += of(x[i], y[i], &v[n]);
	return n;
}

/* The interval of few blocks is of all their pairs, the estimate the median of
 * medians: blocks of unequal sizes can pull the two apart. */
static struct interval holding(struct interval in, int64_t value)
{
	if (value < in.lo)
		in.lo = value;
	if (value > in.hi)
		in.hi = value;
	return in;
}

/* The sizes of looks so far, in blocks that have a value, and the rank at the last. */
struct history {
	unsigned n;
	unsigned sizes[LOOKS_MAX];
	uint8_t rank;
};

/* One more, if it has seen more. */
static void looked(struct history *h, unsigned size)
{
	if (size && size <= BLOCKS_MAX && h->n < LOOKS_MAX
	    && (!h->n || size > h->sizes[h->n - 1]))
		h->sizes[h->n++] = size;
}

static bool alike(const struct history *a, const struct history *b)
{
	unsigned i = 0;

	while (i < a->n && i < b->n && a->sizes[i] == b->sizes[i])
		i++;
	return a->n == b->n && i == a->n;
}

/* @known: another, whose rank there is. */
static void rank_last(struct history *h, const struct history *known)
{
	uint8_t rank[LOOKS_MAX] = { 0 };

	h->rank = known->rank;
	if (alike(h, known))
		return;
	look_ranks(h->sizes, h->n, rank);
	h->rank = h->n ? rank[h->n - 1] : 0;
}

static struct estimate estimate_of(const struct pairs *p, pair_value *of,
				   int64_t *work, struct history *known)
{
	int64_t *v = work + p->blocks;
	struct history h = { 0 };
	struct estimate e = { 0 };
	unsigned blocks = 0, next = next_look(&p->looks, 0);
	uint32_t used = 0;

	for (unsigned b = 0; b < p->blocks; b++) {
		uint32_t n = block_values(p, b, of, v + used);

		if (n)
			work[blocks++] = median_of(v + used, n);
		used += n;
		if (b + 1 == next || b + 1 == p->blocks) {
			looked(&h, blocks);
			next = next_look(&p->looks, b + 1);
		}
	}
	if (!blocks)
		return e;
	e.pairs = used;
	e.blocks = blocks;
	e.value = median_of(work, blocks);
	if (p->looks.first) {
		rank_last(&h, known);
		*known = h;
		e.in_95 = interval_at(work, blocks, h.rank);
	} else if (blocks >= BLOCKS_MIN) {
		e.in_95 = interval_of(work, blocks);
	} else {
		median_of(v, used);	/* sorts */
		e.in_95 = holding(interval_of(v, used), e.value);
	}
	return e;
}

static bool pair_y(int64_t x, int64_t y, int64_t *out)
{
	(void)x;
	*out = y;
	return true;
}

static struct interval widened(struct interval in, int64_t by)
{
	in.lo = subtract(in.lo, by);
	in.hi = add(in.hi, by);
	return in;
}

/* What a median of values that come in steps cannot tell, in the ratio. */
static void widen_ratio(struct comparison *c, const struct pairs *p, int64_t *work,
			struct history *known)
{
	int64_t y;

	if (!p->grain || !c->ratio_95.known)
		return;
	y = estimate_of(p, pair_y, work, known).value;
	if (y <= 0) {
		c->ratio_95 = (struct interval){ false, 0, 0 };
		return;
	}
	c->ratio_grain = quotient(p->grain, y, MILLION);
	c->ratio_95 = widened(c->ratio_95, c->ratio_grain);
}

int64_t grain_of(uint64_t step, uint64_t ops)
{
	return (int64_t)((step * MILLION + ops - 1) / ops);
}

/* What takes nothing, or less, overlaps with what is around it: that is no speed. */
static bool above_nothing(struct interval ratio)
{
	return ratio.known && ratio.lo > 0;
}

/* As narrow as it is to be for that, by what its blocks say, and not made useless by the
 * grain. */
static bool is_narrow(struct interval in, int64_t grain, int64_t margin)
{
	int64_t wide = interval_width(in);

	return wide <= margin && subtract(subtract(wide, grain), grain) <= margin / 2;
}

static enum verdict verdict_of(struct interval in, int64_t grain, int64_t margin)
{
	if (!in.known || margin == INT64_MAX)
		return VERDICT_inconclusive;
	if (in.hi < subtract(MILLION, margin))
		return above_nothing(in) ? VERDICT_faster : VERDICT_inconclusive;
	if (in.lo > add(MILLION, margin))
		return VERDICT_slower;
	/* What may be more than a tenth more or less is not the same. */
	if (margin > MARGIN_SAME_MOST)
		return VERDICT_inconclusive;
	if (in.lo >= MILLION - margin && in.hi <= MILLION + margin)
		return VERDICT_same;
	/* Neither beyond an end nor within both: it holds one. */
	return is_narrow(in, grain, margin) ? VERDICT_margin : VERDICT_inconclusive;
}

struct comparison compare(const struct pairs *p, int64_t margin, int64_t *work)
{
	struct history known = { 0 };
	struct estimate d = estimate_of(p, pair_difference, work, &known);
	struct estimate r = estimate_of(p, pair_ratio, work, &known);
	struct comparison c = {
		.difference = d.value, .difference_95 = d.in_95,
		.grain = p->grain, .margin = margin, .verdict = VERDICT_inconclusive,
		.blocks = r.blocks ? r.blocks : d.blocks,
	};

	if (d.in_95.known)
		c.difference_95 = widened(d.in_95, p->grain);
	if (!r.pairs || r.pairs * 50 < d.pairs * 49)
		return c;
	c.has_ratio = true;
	c.ratio = r.value;
	c.ratio_95 = r.in_95;
	widen_ratio(&c, p, work, &known);
	c.verdict = verdict_of(c.ratio_95, c.ratio_grain, margin);
	return c;
}

/* What no margin can hold, or where the margin is none by which things are called
 * the same: then the ratio is not what to ask. */
static bool ratio_says_nothing(const struct comparison *c)
{
	return !c->ratio_95.known || c->margin > MARGIN_SAME_MOST
		|| interval_width(c->ratio_95) > 2 * MARGIN_SAME_MOST;
}

void judge_difference(struct comparison *c, int64_t floor)
{
	struct interval in = c->difference_95;

	if (c->verdict != VERDICT_inconclusive || !ratio_says_nothing(c))
		return;
	c->by_difference = true;
	if (!in.known || floor == INT64_MAX)
		return;
	if (in.hi < -floor && above_nothing(c->ratio_95))
		c->verdict = VERDICT_faster;
	if (in.lo > floor)
		c->verdict = VERDICT_slower;
}

bool is_coarse(const struct comparison *c)
{
	int64_t wide = interval_width(c->ratio_95);

	return c->ratio_grain > 0 && c->ratio_95.known && c->ratio_grain >= wide / 4;
}

bool is_decided(enum verdict verdict)
{
	return verdict != VERDICT_inconclusive;
}

void veto(struct comparison *c, const struct comparison *aa)
{
	if (aa->verdict != VERDICT_faster && aa->verdict != VERDICT_slower)
		return;
	c->verdict = VERDICT_inconclusive;
	c->vetoed = true;
}

/* @margin of a positive @y, rounded up. */
static int64_t part_of(int64_t y, int64_t margin)
{
	uint64_t down = mul_div((uint64_t)y, (uint64_t)margin, MILLION);
	bool more = (uint64_t)y % MILLION * ((uint64_t)margin % MILLION) % MILLION;

	return down < INT64_MAX ? (int64_t)down + more : INT64_MAX;
}

int64_t difference_floor_of(const struct comparison *aa, int64_t y, int64_t margin)
{
	int64_t below = subtract(0, aa->difference_95.lo);
	int64_t within = y > 0 ? part_of(y, margin) : 0, apart;

	if (!aa->difference_95.known)
		return INT64_MAX;
	/* An interval on one side of 0 has one end that is far, one that is near and
	 * counted with the wrong sign: the far one is larger, and not negative. */
	apart = below > aa->difference_95.hi ? below : aa->difference_95.hi;
	return apart > within ? apart : within;
}
