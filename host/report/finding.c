/* SPDX-License-Identifier: GPL-2.0-only */
/* From raw ticks to ratios and verdicts, see finding.h. */
#include <math.h>
#include <stdlib.h>
#include "finding.h"

static double *series(const struct group *g)
{
	double *v = calloc(g->shape.total + 1, sizeof(*v));

	if (!v)
		abort();
	return v;
}

/* x / y, or the least (the largest) that it can be if x and y are off by up to
 * -rounding (by rounding). */
static double quotient(double x, double y, double rounding)
{
	bool away = rounding < 0 ? x + rounding < 0 : x + rounding > 0;

	if (y <= 0)
		return NAN;
	y += away ? -fabs(rounding) : fabs(rounding);
	if (y <= 0)
		return rounding < 0 ? -INFINITY : INFINITY;
	return (x + rounding) / y;
}

/* What a median of values that come in steps cannot tell, in ticks. */
static double grain(const struct bench *b)
{
	return fmax(b->grain, b->group->reference->grain);
}

/* The application's is a whole number of millionths. */
#define GRAIN_ROUNDING	1e-6

/* The same in the ratio: NAN where there is no telling.  @rounding: of what the reference
 * takes, as quotient() has it; what is less than a tick makes much of a millionth. */
static double grain_ratio(const struct bench *b, double rounding)
{
	const struct bench *reference = b->group->reference;
	double y = estimate(&b->group->shape, reference->net).value;

	if (!grain(b))
		return 0;
	if (y <= 0)
		return NAN;
	if (rounding < 0)
		return fmax(0, grain(b) - GRAIN_ROUNDING) / (y - rounding);
	if (y <= rounding)
		return INFINITY;
	return (grain(b) + (rounding > 0 ? GRAIN_ROUNDING : 0)) / (y - rounding);
}

/* Each end by another. */
static struct range spread(struct range r, double below, double above)
{
	r.known = r.known && !isnan(below);
	r.lo -= below;
	r.hi += above;
	return r;
}

static struct range widened(struct range r, double by)
{
	r = spread(r, by, by);
	r.grain = by;
	return r;
}

static struct estimate ratio(const struct bench *b, double rounding)
{
	const struct group *g = b->group;
	double *v = series(g);
	/* The lowest ends are where the grain is most below, and least above. */
	double below = grain_ratio(b, -rounding), above = grain_ratio(b, rounding);
	struct estimate e;

	for (uint32_t i = 0; i < g->shape.total; i++)
		v[i] = quotient(b->net[i], g->reference->net[i], rounding);
	e = estimate(&g->shape, v);
	free(v);
	e.in_95 = spread(e.in_95, below, above);
	e.further = spread(e.further, below, above);
	e.in_95.grain = grain_ratio(b, 0);
	return e;
}

static double *ratios(const struct bench *b)
{
	double *v = series(b->group);

	for (uint32_t i = 0; i < b->group->shape.total; i++)
		v[i] = quotient(b->net[i], b->group->reference->net[i], 0);
	return v;
}

static double *differences(const struct bench *b)
{
	double *v = series(b->group);

	for (uint32_t i = 0; i < b->group->shape.total; i++)
		v[i] = b->net[i] - b->group->reference->net[i];
	return v;
}

static double cycles_of(const struct bench *b)
{
	const struct group *g = b->group;
	double *v = series(g);
	struct estimate e;

	if (!g->chain) {
		free(v);
		return NAN;
	}
	for (uint32_t i = 0; i < g->shape.total; i++) {
		double chain = g->chain->gross[i];

		v[i] = chain > 0 ? b->net[i] * g->chain_cycles / chain : NAN;
	}
	e = estimate(&g->shape, v);
	free(v);
	return e.n ? e.value : NAN;
}

/* More than one pair in fifty without a ratio: there is none. */
static bool enough(const struct estimate *e, const struct group *g)
{
	return e->n && 50.0 * e->n >= 49.0 * g->kept_total;
}

static struct estimate difference(const struct bench *b)
{
	double *v = differences(b);
	struct estimate e = estimate(&b->group->shape, v);

	free(v);
	e.in_95 = widened(e.in_95, grain(b));
	e.further = widened(e.further, grain(b));
	return e;
}

static struct range ratio_if(bool has, struct range r)
{
	return has ? r : (struct range){ 0 };
}

/* The report's rules, but that overlap is no speed, whoever wrote it. */
static struct rules now(const struct bench *b)
{
	struct rules how = *b->group->rules;

	how.overlap = IS_INCONCLUSIVE;
	return how;
}

/* What is apart by itself is not judged by that. */
static struct judged judge_bench(const struct bench *b, struct range ratio,
				 double margin, struct range in_ticks, struct floors aa)
{
	struct rules how = now(b);

	if (b->role == ROLE_TWIN)
		return (struct judged){ verdict_of(ratio, margin, &how), false };
	return vetoed(judge(ratio, margin, in_ticks,
			    fmax(aa.difference, least_difference(b->group)), &how),
		      aa.apart, &how);
}

static double margin_of(const struct bench *b, struct floors aa)
{
	double least = b->group->precision;

	return b->role == ROLE_TWIN || b->group->rules->margins == OF_PRECISION
		? least : fmax(aa.ratio, least);
}

double least_difference(const struct group *g)
{
	return g->reference && g->rules->margins == OF_PRECISION
		? g->precision * estimate(&g->shape, g->reference->net).value : 0;
}

/* Of a twin: what it does to the others. */
static struct floors floors_of(const struct bench *twin, struct range ratio,
			       struct range difference)
{
	struct rules how = now(twin);
	enum verdict v = verdict_of(ratio, twin->group->precision, &how);

	return (struct floors){ floor_of(ratio, 1), floor_of(difference, 0),
		v == VERDICT_faster || v == VERDICT_slower };
}

struct floors group_floors(const struct group *g)
{
	struct estimate e;

	if (!g->twin || !g->reference)
		return (struct floors){ INFINITY, INFINITY, false };
	e = ratio(g->twin, 0);
	return floors_of(g->twin, ratio_if(enough(&e, g), e.in_95),
			 difference(g->twin).in_95);
}

static void compare(struct finding *f, const struct bench *b)
{
	struct floors aa = group_floors(b->group);

	f->difference = difference(b);
	f->ratio = ratio(b, 0);
	f->ratio_low = ratio(b, -BATCH_ROUNDING);
	f->ratio_high = ratio(b, BATCH_ROUNDING);
	f->grain_least = grain_ratio(b, -BATCH_ROUNDING);
	f->grain_most = grain_ratio(b, BATCH_ROUNDING);
	f->has_ratio = enough(&f->ratio, b->group);
	f->margin = margin_of(b, aa);
	f->judged = judge_bench(b, ratio_if(f->has_ratio, f->ratio.in_95), f->margin,
				f->difference.in_95, aa);
}

/* As net, of the offsets at which the call ends in that half of its line. */
static struct estimate half_of(const struct bench *b, int half)
{
	const struct blocks *s = &b->group->shape;
	double *v = series(b->group);
	struct estimate e;

	for (unsigned k = 0; k < s->count; k++)
		for (uint32_t i = s->first[k]; i < s->first[k] + s->n[k]; i++)
			v[i] = b->half[k] == half ? b->net[i] : NAN;
	e = estimate(s, v);
	free(v);
	return e;
}

struct finding find(const struct bench *b)
{
	struct finding f = {
		.cycles = NAN, .judged = { VERDICT_inconclusive, false },
		.judged_boot = { VERDICT_inconclusive, false },
	};

	if (!b->timed)
		return f;
	f.net = estimate(&b->group->shape, b->net);
	f.gross = estimate(&b->group->shape, b->gross);
	f.cycles = cycles_of(b);
	for (int half = 0; half < 2; half++)
		f.half[half] = half_of(b, half);
	f.compared = b->group->reference && b != b->group->reference
		&& (b->role == ROLE_CELL || b->role == ROLE_TWIN);
	if (f.compared)
		compare(&f, b);
	return f;
}

/* So that what is drawn for one benchmark does not depend on which others are
 * looked at.  FNV-1a. */
static uint64_t seed_for(const struct bench *b, uint64_t seed)
{
	uint64_t hash = 0xcbf29ce484222325 ^ seed;

	for (const char *p = b->name; *p; p++)
		hash = (hash ^ (unsigned char)*p) * 0x100000001b3;
	return hash;
}

static struct range boot_ratio(const struct bench *b, uint64_t seed)
{
	double *v = ratios(b);
	struct range r = bootstrap(&b->group->shape, v, seed_for(b, seed));

	free(v);
	return widened(r, grain_ratio(b, 0));
}

static struct range boot_difference(const struct bench *b, uint64_t seed)
{
	double *v = differences(b);
	struct range r = bootstrap(&b->group->shape, v, seed_for(b, seed) + 1);

	free(v);
	return widened(r, grain(b));
}

struct floors group_floors_boot(const struct group *g, uint64_t seed)
{
	struct estimate e;

	if (!g->twin || !g->reference)
		return (struct floors){ INFINITY, INFINITY, false };
	e = ratio(g->twin, 0);
	return floors_of(g->twin, enough(&e, g) ? boot_ratio(g->twin, seed)
			 : (struct range){ 0 }, boot_difference(g->twin, seed));
}

void find_bootstrap(struct finding *f, const struct bench *b, uint64_t seed,
		    struct floors aa, bool all)
{
	struct rules how = now(b);

	if (!f->compared)
		return;
	if (f->has_ratio)
		f->ratio_boot = boot_ratio(b, seed);
	f->margin_boot = margin_of(b, aa);
	if (all || (b->role != ROLE_TWIN && !ratio_decides(f->ratio_boot, f->margin_boot,
						      &how)))
		f->difference_boot = boot_difference(b, seed);
	f->judged_boot = judge_bench(b, f->ratio_boot, f->margin_boot,
				     f->difference_boot, aa);
}
