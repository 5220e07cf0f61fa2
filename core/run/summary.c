/* SPDX-License-Identifier: GPL-2.0-only */
/* A group's raw counts to numbers, see summary.h. */
#include "patch/insn.h"
#include "run/summary.h"

/* One group's batches as values of one op. */
struct values {
	const struct group *g;
	struct result *results;
	const struct regimes *regimes;	/* of whose used one they are; NULL: of all */
	uint32_t kept[BLOCKS_MAX];	/* batches of a block that count */
	uint32_t first[BLOCKS_MAX];	/* of a block, in a list of values */
	uint32_t n;			/* values in all */
	int64_t *x, *y, *work;
	const struct summary_rules *rules;
};

/* Stands where there is no value. */
#define NO_VALUE	INT64_MIN

/* Millionths for one op of a batch. */
static int64_t per_op(const struct batch *b, uint64_t ops)
{
	return ((int64_t)b->n2 - (int64_t)b->n) * MILLION / (int64_t)ops;
}

/* Ops that a long timing has more than a short one. */
static uint64_t ops_of(const struct result *res)
{
	return (uint64_t)result_copies(res) * res->series.reps;
}

/* Is that batch of the regime? */
static bool keeps(const struct values *v, size_t at)
{
	return !v->regimes || !v->g->width
		|| regime_counts(v->regimes, v->g->width[at].regime);
}

/* Of every batch that counts; filler is taken off if there is an empty cell. */
static void take(const struct values *v, const struct result *res,
		 const struct batch *batch, const struct result *empty,
		 int64_t *to)
{
	uint64_t ops = ops_of(res), filler = empty ? ops_of(empty) : 0;

	for (unsigned b = 0; b < v->g->blocks; b++)
		for (uint32_t i = 0; v->kept[b] && i < v->g->taken[b]; i++) {
			size_t at = (size_t)b * res->series.each + i;
			int64_t t = per_op(&batch[at], ops);

			if (!keeps(v, at))
				continue;
			if (empty)
				t -= per_op(batch == res->series.ticks
					    ? &empty->series.ticks[at]
					    : &empty->series.cycles[at],
					    filler);
			*to++ = t;
		}
}

/* Some blocks of a group. */
struct blocks {
	bool has[BLOCKS_MAX];
	unsigned count;
};

/* What the blocks' medians come to. */
struct over_blocks {
	int64_t least, most;
	struct interval median_95;
};

/* The median over those blocks (NULL: all) of their medians; the rest on request. */
static int64_t median_over(const struct values *v, const int64_t *x,
			   const struct blocks *of, struct over_blocks *over)
{
	int64_t median[BLOCKS_MAX];
	uint32_t n = 0;

	for (unsigned b = 0; b < v->g->blocks; b++) {
		uint32_t k = 0, taken = !of || of->has[b] ? v->kept[b] : 0;

		for (uint32_t i = 0; i < taken; i++)
			if (x[v->first[b] + i] != NO_VALUE)
				v->work[k++] = x[v->first[b] + i];
		if (k)
			median[n++] = median_of(v->work, k);
	}
	if (!n)
		return 0;
	median_of(median, n);
	if (over)
		*over = (struct over_blocks){ median[0], median[n - 1],
					      interval_of(median, n) };
	return median_of(median, n);
}

/* A step of the TSC, in one op's ticks. */
static int64_t cell_grain(const struct values *v, const struct result *res)
{
	uint64_t step = v->rules->step;

	return step > 1 && res->series.reps ? grain_of(step, ops_of(res)) : 0;
}

static struct comparison compare_cells(const struct values *v,
				       const struct result *x,
				       const struct result *y, int64_t margin)
{
	int64_t gx = cell_grain(v, x), gy = cell_grain(v, y);
	struct pairs p = {
		.grain = gx > gy ? gx : gy,
		.blocks = v->g->blocks, .first = v->first, .n = v->kept,
		.x = v->x, .y = v->y, .looks = { v->g->looks_from },
	};

	return compare(&p, margin, v->work);
}

/* Is there one branch a copy, and nothing but it at its site?  Of wider sites, or of
 * several, the offsets differ in more than where the branch is. */
static bool one_branch(const struct result *res)
{
	return res->sites == 1 && res->site_bytes == CALL_MEM_LEN && res->call_at
		&& !res->counts.outcome[PATCHED_INLINE];
}

/* The blocks with batches in which a cell's call is in that half of its line: not
 * those in which its site goes over the end of one, which costs by itself. */
static struct blocks blocks_of_half(const struct values *v, const struct result *res,
				    bool upper)
{
	struct blocks of = { .count = 0 };

	for (unsigned b = 0; b < v->g->blocks; b++) {
		unsigned at = (res->address[b] + res->call_at) % LINE_BYTES;

		of.has[b] = v->kept[b] && at >= CALL_MEM_LEN - 1
			&& (at >= LINE_BYTES / 2) == upper;
		of.count += of.has[b];
	}
	return of;
}

/* By halves, where copies lie at the same place of each line: on CPUs with ITS
 * indirect branches in the lower half may be mispredicted, and are moved.  Source:
 * Linux, Documentation/admin-guide/hw-vuln/indirect-target-selection.rst. */
static void summarise_halves(const struct values *v, struct result *res)
{
	struct blocks low = blocks_of_half(v, res, false);
	struct blocks high = blocks_of_half(v, res, true);

	if (res->cell.layout != LAYOUT_line || !one_branch(res)
	    || (res->cell.role != ROLE_cell && res->cell.role != ROLE_twin))
		return;
	res->has_low_half = low.count;
	res->has_high_half = high.count;
	res->low_half = median_over(v, v->x, &low, NULL);
	res->high_half = median_over(v, v->x, &high, NULL);
}

/* Ticks: with the filler, without it, their spread and range. */
static void summarise_ticks(const struct values *v, struct result *res,
			    const struct result *empty)
{
	struct over_blocks over = { 0, 0, { false, 0, 0 } };

	take(v, res, res->series.ticks, NULL, v->x);
	res->gross = median_over(v, v->x, NULL, NULL);
	take(v, res, res->series.ticks, empty, v->x);
	for (uint32_t i = 0; i < v->n; i++)
		v->y[i] = v->x[i];
	res->ticks = spread_of(v->y, v->n);
	res->ticks.median = median_over(v, v->x, NULL, &over);
	res->offset_min = over.least;
	res->offset_max = over.most;
	res->median_95 = over.median_95;
	summarise_halves(v, res);
}

/* By a chain that took so much in the same batch; one that took nothing, or next
 * to nothing, was disturbed. */
static int64_t by_chain(const struct values *v, int64_t op, int64_t chain)
{
	const int64_t n = v->rules->chain_cycles;
	int64_t ratio;

	if (chain <= 0)
		return NO_VALUE;
	ratio = ratio_of(op, chain);
	/* Divided, as clang 13's product for ia32 that says so is a function that
	 * libgcc has not. */
	if (n && (ratio > INT64_MAX / n || ratio < INT64_MIN / n))
		return NO_VALUE;
	return ratio * n;
}

/* Core cycles: counted, or by the chain that was timed beside it. */
static void summarise_cycles(const struct values *v, struct result *res,
			     const struct result *empty,
			     const struct result *chain)
{
	uint32_t known = 0;

	if (res->series.cycles) {
		take(v, res, res->series.cycles, empty, v->x);
		known = v->n;
	} else {
		if (!chain)
			return;
		take(v, res, res->series.ticks, empty, v->x);
		take(v, chain, chain->series.ticks, NULL, v->y);
		for (uint32_t i = 0; i < v->n; i++) {
			v->x[i] = by_chain(v, v->x[i], v->y[i]);
			known += v->x[i] != NO_VALUE;
		}
	}
	res->cycles = median_over(v, v->x, NULL, NULL);
	res->has_cycles = known;
}

/* How far the reference and its twin are apart, and what may be said of the
 * others. */
static void summarise_vs(const struct values *v, const struct result *empty)
{
	const struct group *g = v->g;
	struct result *reference = group_reference(g, v->results);
	struct result *twin = group_find(g, v->results, ROLE_twin, 0, 0);
	int64_t margin = v->rules->margin, floor;
	struct comparison aa = { .verdict = VERDICT_inconclusive };

	if (!reference)
		return;
	take(v, reference, reference->series.ticks, empty, v->y);
	if (twin) {
		take(v, twin, twin->series.ticks, empty, v->x);
		twin->vs = compare_cells(v, twin, reference, margin);
		twin->has_vs = true;
		aa = twin->vs;
	}
	floor = group_floor(g, v->results, margin);
	for (size_t i = g->first; i < g->first + g->count; i++) {
		struct result *res = &v->results[i];

		if (res->refused || res == reference
		    || res->cell.role != ROLE_cell)
			continue;
		take(v, res, res->series.ticks, empty, v->x);
		res->vs = compare_cells(v, res, reference, margin);
		judge_difference(&res->vs, floor);
		veto(&res->vs, &aa);
		res->has_vs = true;
	}
}

/*
 * Is the filler's cost to be taken off?  Not in a cold state: there costs overlap,
 * the filler hides behind the misses or they behind it, and what is left of the
 * difference is not the op's.
 */
static bool takes_off(const struct group *g)
{
	return layouts[g->layout].filled && g->state == STATE_warm;
}

/* Has it the layout's filler in it? */
static bool is_filled(const struct result *res)
{
	return res->cell.role == ROLE_cell || res->cell.role == ROLE_twin;
}

/* Batches of a block that count: none where there are too few. */
static uint32_t count_kept(const struct values *v, unsigned b, uint32_t each)
{
	uint32_t taken = v->g->taken[b], n = 0;

	for (uint32_t i = 0; i < taken; i++)
		n += keeps(v, (size_t)b * each + i);
	return n == taken || n >= REGIME_BLOCK_LEAST ? n : 0;
}

/* Where its blocks are in a list of values, and room for three lists. */
static void lay_values(struct values *v, uint32_t each)
{
	v->n = 0;
	for (unsigned b = 0; b < v->g->blocks; b++) {
		v->first[b] = v->n;
		v->kept[b] = count_kept(v, b, each);
		v->n += v->kept[b];
	}
	v->x = v->rules->scratch;
	v->y = v->x + v->n;
	v->work = v->y + v->n;
}

/* Before there are other values: the median of all regimes. */
static void summarise_all(struct values *v, const struct result *empty)
{
	const struct group *g = v->g;

	lay_values(v, g->count ? v->results[g->first].series.each : 0);
	for (size_t i = g->first; i < g->first + g->count; i++) {
		struct result *res = &v->results[i];

		if (res->refused)
			continue;
		take(v, res, res->series.ticks, is_filled(res) ? empty : NULL, v->x);
		res->all_median = median_over(v, v->x, NULL, NULL);
		res->all_n = v->n;
	}
}

/* What an earlier look made of it. */
static void forget(struct result *res)
{
	res->ticks = (struct spread){ 0 };
	res->gross = res->all_median = res->offset_min = res->offset_max = res->cycles = 0;
	res->all_n = 0;
	res->median_95 = (struct interval){ false, 0, 0 };
	res->low_half = res->high_half = 0;
	res->has_low_half = res->has_high_half = false;
	res->has_cycles = res->has_vs = false;
	res->vs = (struct comparison){ 0 };
}

void summarise(const struct group *g, struct result *results,
	       const struct summary_rules *rules)
{
	struct values v = { .g = g, .results = results, .rules = rules };
	const struct result *empty = takes_off(g)
		? group_find(g, results, ROLE_empty, 0, 0) : NULL;
	const struct result *chain = group_find(g, results, ROLE_chain, 0, 0);

	for (size_t i = g->first; i < g->first + g->count; i++)
		forget(&results[i]);
	if (takes_off(g) && !empty)
		return;			/* then nothing is known of an op */

	summarise_all(&v, empty);
	v.regimes = &g->regimes;
	lay_values(&v, results[g->first].series.each);
	for (size_t i = g->first; i < g->first + g->count; i++) {
		struct result *res = &results[i];

		if (res->refused)
			continue;
		summarise_ticks(&v, res, is_filled(res) ? empty : NULL);
		summarise_cycles(&v, res, is_filled(res) ? empty : NULL, chain);
	}
	summarise_vs(&v, empty);
}

struct summary_rules summary_rules_of(const struct run *r)
{
	return (struct summary_rules){
		.chain_cycles = r->chain_cycles, .step = r->before.step,
		.margin = (int64_t)r->config->precision * (MILLION / 1000),
		.scratch = r->scratch,
	};
}
