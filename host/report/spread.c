/* SPDX-License-Identifier: GPL-2.0-only */
/* Several reports of one machine: how far they agree. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "print.h"

/* A number of every report that has it. */
struct over {
	unsigned n;
	double *v;
};

/* A benchmark over the reports. */
struct repeated {
	struct over ticks, ratio;
	unsigned compared, verdicts[VERDICT_COUNT];
};

static double median_of(const struct over *o)
{
	struct blocks one = { 1, (uint32_t[]){ o->n }, (uint32_t[]){ 0 }, o->n, 0 };

	return o->n ? estimate(&one, o->v).value : NAN;
}

static double extreme(const struct over *o, double (*pick)(double, double))
{
	double e = NAN;

	for (unsigned i = 0; i < o->n; i++)
		e = pick(e, o->v[i]);	/* fmin() and fmax() prefer a number */
	return e;
}

/* Standard deviation (of n - 1) over mean. */
static double variation(const struct over *o)
{
	double mean = 0, sum = 0;

	for (unsigned i = 0; i < o->n; i++)
		mean += o->v[i] / o->n;
	for (unsigned i = 0; i < o->n; i++)
		sum += (o->v[i] - mean) * (o->v[i] - mean);
	return o->n > 1 && mean > 0 ? sqrt(sum / (o->n - 1)) / mean : NAN;
}

const struct bench *find_bench(const struct report *r, const char *name)
{
	for (size_t i = 0; i < r->benches; i++)
		if (!strcmp(r->bench[i].name, name))
			return &r->bench[i];
	return NULL;
}

static void add(struct repeated *all, const struct finding *f)
{
	if (!f->net.n)
		return;
	all->ticks.v[all->ticks.n++] = f->net.value;
	if (!f->compared)
		return;
	all->compared++;
	all->verdicts[f->judged.verdict]++;
	if (f->has_ratio)
		all->ratio.v[all->ratio.n++] = f->ratio.value;
}

static struct repeated gather(const struct report *r, unsigned reports,
			      const char *name)
{
	struct repeated all = { 0 };

	all.ticks.v = calloc(reports, sizeof(double));
	all.ratio.v = calloc(reports, sizeof(double));
	if (!all.ticks.v || !all.ratio.v)
		abort();
	for (unsigned i = 0; i < reports; i++) {
		const struct bench *b = find_bench(&r[i], name);
		struct finding f;

		if (!b)
			continue;
		f = find(b);
		add(&all, &f);
	}
	return all;
}

static void release(struct repeated *all)
{
	free(all->ticks.v);
	free(all->ratio.v);
}

static const char *from_to(char *to, size_t room, int decimals,
			   const struct over *o)
{
	if (o->n)
		snprintf(to, room, "%.*f..%.*f", decimals, extreme(o, fmin), decimals,
			 extreme(o, fmax));
	else
		snprintf(to, room, "-");
	return to;
}

static void print_row(const struct bench *b, const struct repeated *all)
{
	char label[80], t[32], range[64], cv[32], q[32];

	printf("  %-*s %2u %9s %17s %5s", LABEL_COLUMNS,
	       label_of(b, label, sizeof(label)), all->ticks.n,
	       figure(t, sizeof(t), 2, median_of(&all->ticks)),
	       from_to(range, sizeof(range), 2, &all->ticks),
	       figure(cv, sizeof(cv), 1, 100 * variation(&all->ticks)));
	if (all->compared) {
		printf(" %7s %14s", figure(q, sizeof(q), 3, median_of(&all->ratio)),
		       from_to(range, sizeof(range), 3, &all->ratio));
		for (unsigned v = 0; v < VERDICT_COUNT; v++)
			printf(" %4u", all->verdicts[v]);
	}
	printf("\n");
}

static void csv_over(const struct over *o)
{
	double v[] = { median_of(o), extreme(o, fmin), extreme(o, fmax) };

	for (unsigned i = 0; i < 3; i++)
		if (isnan(v[i]))
			printf(",");
		else
			printf(",%.6f", v[i]);
}

static void csv_row(const struct bench *b, const struct repeated *all)
{
	char label[80], cv[32];

	printf("%s,%s,%u", b->group->name, label_of(b, label, sizeof(label)),
	       all->ticks.n);
	csv_over(&all->ticks);
	printf(",%s", figure(cv, sizeof(cv), 3, 100 * variation(&all->ticks)));
	csv_over(&all->ratio);
	for (unsigned v = 0; v < VERDICT_COUNT; v++)
		printf(",%u", all->verdicts[v]);
	printf("\n");
}

static void print_group(const struct report *r, unsigned reports,
			const struct group *g, bool csv)
{
	if (!csv)
		printf("\n%s\n  %-*s %2s %9s %17s %5s %7s %14s %4s %4s %4s %4s %4s\n",
		       g->name, LABEL_COLUMNS, "", "n", "ticks", "min..max", "CV%", "ratio",
		       "min..max", "same", "fast", "slow", "marg", "inc.");
	for (size_t i = 0; i < r->benches; i++) {
		const struct bench *b = &r->bench[i];
		struct repeated all;

		if (b->group != g)
			continue;
		all = gather(r, reports, b->name);
		if (csv)
			csv_row(b, &all);
		else
			print_row(b, &all);
		release(&all);
	}
}

static void print_twins(const struct report *r, unsigned reports,
			const struct options *o)
{
	printf("\nA/A: the reference against the same bytes at another address\n"
	       "  %-44s %8s %18s  %s\n", "", "ratio", "min..max", "same");
	for (size_t i = 0; i < r->benches; i++) {
		const struct bench *b = &r->bench[i];
		struct repeated all;
		char q[32], range[64];

		if (b->role != ROLE_TWIN || !chosen(o, b->group))
			continue;
		all = gather(r, reports, b->name);
		printf("  %-44s %8s %18s  in %u of %u\n", b->group->name,
		       figure(q, sizeof(q), 4, median_of(&all.ratio)),
		       from_to(range, sizeof(range), 4, &all.ratio),
		       all.verdicts[VERDICT_same], all.compared);
		release(&all);
	}
}

void print_left_out(const struct report *r, unsigned reports)
{
	for (unsigned i = 1; i < reports; i++)
		for (size_t k = 0; k < r[i].benches; k++)
			if (!find_bench(&r[0], r[i].bench[k].name))
				printf("left out: %s of %s is not in %s\n",
				       r[i].bench[k].name, r[i].path, r[0].path);
}

static void check_all(const struct report *r, const struct options *o,
		      struct checked *sum)
{
	for (size_t i = 0; i < r->benches; i++) {
		struct finding f;

		if (!chosen(o, r->bench[i].group))
			continue;
		f = find(&r->bench[i]);
		check_bench(r, &r->bench[i], &f, sum);
	}
	check_groups(r, o, sum);
	differences_print(&sum->differences, r->path, stderr);
}

void print_spread(const struct report *r, unsigned reports,
		  const struct options *o, struct checked *sum)
{
	if (o->csv)
		printf("group,cell,n,ticks_median,ticks_min,ticks_max,ticks_cv_percent,"
		       "ratio_median,ratio_min,ratio_max,same,faster,slower,"
		       "margin,inconclusive\n");
	else
		printf("%u reports: %s\nverdicts by order statistics, as in the "
		       "application\n", reports, r->cpu);
	for (size_t g = 0; g < r->groups; g++)
		if (chosen(o, &r->group[g]))
			print_group(r, reports, &r->group[g], o->csv);
	if (!o->csv) {
		print_twins(r, reports, o);
		print_left_out(r, reports);
	}
	for (unsigned i = 0; i < reports; i++)
		check_all(&r[i], o, sum);
}
