/* SPDX-License-Identifier: GPL-2.0-only */
/* Stated against computed, see check.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "check.h"
#include "why.h"

/* One of the last digit that a report may have: thousandths of a tick or cycle,
 * millionths of a ratio. */
#define TICKS_DIGIT	1e-3
#define RATIO_DIGIT	1e-6

struct check {
	const struct report *r;
	const struct bench *b;
	const json_t *o;	/* whose members are looked at */
	const char *prefix;	/* of their names: "" or "vs." */
	struct checked *sum;
};

static void differs(struct check *c, const char *key, const char *stated,
		    const char *computed)
{
	char whole[80];

	c->sum->wrong++;
	snprintf(whole, sizeof(whole), "%s%s", c->prefix, key);
	differences_add(&c->sum->differences, c->b->name, whole, stated, computed);
}

/* A member must be a number from least to most, but for a last digit. */
static void number(struct check *c, const char *key, double least, double most,
		   double digit)
{
	const json_t *v = json_object_get(c->o, key);
	double stated = json_number_value(v), slack = digit + fabs(most) * 1e-12;
	char is[40] = "missing", want[80];

	c->sum->numbers++;
	if (json_is_number(v) && stated >= least - slack && stated <= most + slack)
		return;
	if (json_is_number(v))
		snprintf(is, sizeof(is), "%.*f", digit ? 6 : 0, stated);
	snprintf(want, sizeof(want), "%.*f", digit ? 6 : 0, (least + most) / 2);
	differs(c, key, is, want);
}

static void ticks(struct check *c, const char *key, double value)
{
	number(c, key, value - BATCH_ROUNDING, value + BATCH_ROUNDING, TICKS_DIGIT);
}

static void absent(struct check *c, const char *key)
{
	c->sum->numbers++;
	if (json_is_number(json_object_get(c->o, key)))
		differs(c, key, "a number", "none");
}

/* Of more than 63 values the application may take one rank further out. */
static bool within(const json_t *v, double least, double most, double digit)
{
	double stated = json_number_value(v);

	return stated >= least - digit && stated <= most + digit;
}

static void interval(struct check *c, const char *lo, const char *hi,
		     const struct estimate *low, const struct estimate *high,
		     double digit)
{
	const json_t *l = json_object_get(c->o, lo), *h = json_object_get(c->o, hi);

	if (!low->in_95.known) {
		absent(c, lo);
		absent(c, hi);
		return;
	}
	if (json_is_number(l) && json_is_number(h)
	    && within(l, low->further.lo, high->further.lo, digit)
	    && within(h, low->further.hi, high->further.hi, digit)) {
		c->sum->numbers += 2;
		return;
	}
	number(c, lo, low->in_95.lo, high->in_95.lo, digit);
	number(c, hi, low->in_95.hi, high->in_95.hi, digit);
}

/* An interval as it is stated, wider by that at both ends. */
static struct range stated_range(const json_t *vs, const char *lo, const char *hi,
				 double wider)
{
	const json_t *l = json_object_get(vs, lo);

	return (struct range){ json_is_number(l), json_number_value(l) - wider,
		json_number_value(json_object_get(vs, hi)) + wider, 0 };
}

/* What follows from the numbers stated, which have been checked, so that an end
 * that is rounded to the margin's edge is not held against the report.
 * @wider: than a difference's interval is stated; @grain: of the ratio, which is not stated;
 * @old: is it by ratios alone? */
static struct judged follows(const struct check *c, const struct finding *f,
			     double wider, double grain, bool old)
{
	const struct bench *twin = c->b->group->twin;
	const json_t *aa = twin ? json_object_get(twin->json, "vs") : NULL;
	struct range ratio = stated_range(c->o, "ratio_lo", "ratio_hi", 0);
	double margin = json_number_value(json_object_get(c->o, "margin"));
	struct rules how = *c->r->rules;
	double floor = fmax(least_difference(c->b->group),
			    floor_of(stated_range(aa, "difference_lo", "difference_hi",
						  0), 0));

	if (old)
		how.overlap = IS_FASTER;
	ratio.known &= f->has_ratio;
	ratio.grain = grain;
	if (isinf(f->margin))
		margin = INFINITY;
	if (old || c->b->role == ROLE_TWIN)
		return (struct judged){ verdict_of(ratio, margin, &how), false };
	return vetoed(judge(ratio, margin,
			    stated_range(c->o, "difference_lo", "difference_hi", wider),
			    floor, &how),
		      twin_is_apart(c->b), &how);
}

/* @want or @or, which differ at most by how a difference or a grain is rounded. */
static void word(struct check *c, const char *key, const char *want, const char *or)
{
	const char *stated = json_string_value(json_object_get(c->o, key));

	c->sum->numbers++;
	if (!stated || (strcmp(stated, want) && strcmp(stated, or)))
		differs(c, key, stated ? stated : "missing", want);
}

/* A report from before verdicts were given by differences has no "by". */
static void verdict(struct check *c, const struct finding *f)
{
	bool old = !json_object_get(c->o, "by");
	struct judged least = follows(c, f, 2 * TICKS_DIGIT, f->grain_least, old);
	struct judged most = follows(c, f, -2 * TICKS_DIGIT, f->grain_most, old);

	word(c, "verdict", verdict_words[most.verdict], verdict_words[least.verdict]);
	if (old)
		return;
	word(c, "by", basis_word(most), basis_word(least));
	if (c->r->rules->margins == OF_PRECISION)
		check_why(c->b, f, c->sum);
}

static struct estimate moved(struct estimate e, double by)
{
	e.in_95.lo += by;
	e.in_95.hi += by;
	e.further.lo += by;
	e.further.hi += by;
	return e;
}

/* The floor is one of the ends of the twin's interval. */
static void margin(struct check *c, const struct finding *f)
{
	const json_t *vs = c->b->group->twin
		? json_object_get(c->b->group->twin->json, "vs") : NULL;
	struct range aa = { true,
		json_number_value(json_object_get(vs, "ratio_lo")),
		json_number_value(json_object_get(vs, "ratio_hi")), 0 };

	if (c->b->role == ROLE_TWIN || c->r->rules->margins == OF_PRECISION)
		number(c, "margin", f->margin, f->margin, RATIO_DIGIT);
	else if (!isinf(f->margin))
		number(c, "margin", fmin(f->margin, fmax(floor_of(aa, 1), MARGIN_LEAST)),
		       fmax(f->margin, fmax(floor_of(aa, 1), MARGIN_LEAST)),
		       2 * RATIO_DIGIT);
}

/* All of a group are compared with one cell: the native one, where it has one that is no
 * call; else one that is as it was built. */
static void of(struct check *c)
{
	const struct group *g = c->b->group;
	const char *stated = json_string_value(json_object_get(c->o, "of"));
	const char *want = g->has_native || !g->of ? "native" : g->of;

	if (g->native_calls && g->has_indirect)
		want = g->of && !strncmp(g->of, "indirect/", 9) ? g->of : "indirect";
	c->sum->numbers++;
	if (!stated || strcmp(stated, want))
		differs(c, "of", stated ? stated : "missing", want);
}

static void comparison(struct check *c, const struct finding *f)
{
	struct estimate low = moved(f->difference, -2 * BATCH_ROUNDING);
	struct estimate high = moved(f->difference, 2 * BATCH_ROUNDING);

	c->prefix = "vs.";
	c->o = json_object_get(c->b->json, "vs");
	of(c);
	if (f->has_ratio) {
		number(c, "ratio", f->ratio_low.value, f->ratio_high.value,
		       2 * RATIO_DIGIT);
		interval(c, "ratio_lo", "ratio_hi", &f->ratio_low, &f->ratio_high,
			 2 * RATIO_DIGIT);
	} else {
		absent(c, "ratio");
	}
	number(c, "difference", f->difference.value - 2 * BATCH_ROUNDING,
	       f->difference.value + 2 * BATCH_ROUNDING, TICKS_DIGIT);
	interval(c, "difference_lo", "difference_hi", &low, &high, TICKS_DIGIT);
	margin(c, f);
	verdict(c, f);
}

static void distribution(struct check *c)
{
	static const struct { const char *key; unsigned percent; } quantiles[] = {
		{ "min_ticks", 0 }, { "p5_ticks", 5 }, { "p25_ticks", 25 },
		{ "p75_ticks", 75 }, { "p95_ticks", 95 }, { "max_ticks", 100 },
	};
	struct sorted all = sorted_values(&c->b->group->shape, c->b->net);

	for (unsigned i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		ticks(c, quantiles[i].key, quantile(&all, quantiles[i].percent));
	ticks(c, "mad_ticks", mad(&all));
	free(all.v);
}

/* Of a report that has them. */
static void halves(struct check *c, const struct finding *f)
{
	static const char *const keys[] = { "low_half_ticks", "high_half_ticks" };

	for (unsigned i = 0; i < 2; i++)
		if (f->half[i].n)
			ticks(c, keys[i], f->half[i].value);
		else
			absent(c, keys[i]);
}

/* Where there are regimes, and where it is stated. */
static void of_all_regimes(struct check *c)
{
	const struct group *g = c->b->group;

	if (c->b->timed && g->shape.total && c->b->role != ROLE_EMPTY
	    && (g->width || json_object_get(c->b->json, "all_median_ticks")))
		ticks(c, "all_median_ticks", c->b->all_median);
}

/* Timed, and no batch counts: where there are some, of another regime, it is compared,
 * and that says nothing. */
static void of_nothing(struct check *c, const struct finding *f)
{
	if (!c->b->timed)
		return;
	number(c, "n", 0, 0, 0);
	absent(c, "median_ticks");
	if (f->compared && c->b->group->shape.total)
		comparison(c, f);
}

void check_bench(const struct report *r, const struct bench *b,
		 const struct finding *f, struct checked *sum)
{
	struct check c = { r, b, b->json, "", sum };
	double slack = fabs(f->cycles) * 1e-5 + 1e-5;

	of_all_regimes(&c);
	if (!f->net.n) {
		of_nothing(&c, f);
		return;
	}
	number(&c, "n", f->net.n, f->net.n, 0);
	ticks(&c, "gross_ticks", f->gross.value);
	if (b->role == ROLE_EMPTY)
		return;		/* nothing of its own once it is taken off */
	ticks(&c, "median_ticks", f->net.value);
	ticks(&c, "offset_min_ticks", f->net.least);
	ticks(&c, "offset_max_ticks", f->net.most);
	distribution(&c);
	halves(&c, f);
	/* Those of a counter have raw counts of their own. */
	if (!isnan(f->cycles) && b->role != ROLE_CHAIN
	    && !json_object_get(b->json, "cycles_n"))
		number(&c, "cycles", f->cycles - slack, f->cycles + slack,
		       TICKS_DIGIT);
	if (f->compared)
		comparison(&c, f);
}
