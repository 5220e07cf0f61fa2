/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts of instructions from raw ticks, see counts.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "counts.h"
#include "whole.h"

struct counted count_of(const struct report *r, const struct bench *b)
{
	struct counted c = { .known = b->timed && b->group->shape.total };

	if (!c.known)
		return c;
	c.least = INFINITY;
	c.most = -INFINITY;
	for (uint32_t i = 0; i < b->group->shape.total; i++) {
		c.least = fmin(c.least, b->net[i] / r->step);
		c.most = fmax(c.most, b->net[i] / r->step);
	}
	/* Quotients of integers far below 2^53: a whole one is exact. */
	c.n = llround(c.least);
	c.whole = c.least == c.most && c.least == (double)c.n;
	return c;
}

/* Of one op and site, whatever the layout and the state. */
static bool is_like(const struct bench *a, const struct bench *b)
{
	return a->role == b->role && !strcmp(text_in(a->json, "op"), text_in(b->json, "op"))
		&& !strcmp(a->backend, b->backend)
		&& !strcmp(a->convention, b->convention) && !strcmp(a->mode, b->mode)
		&& !strcmp(a->padding, b->padding);
}

/* The first of its op and site in the report, maybe itself. */
static const struct bench *first_like(const struct report *r, const struct bench *b)
{
	const struct bench *f = r->bench;

	while (!f->timed || !is_like(f, b))
		f++;
	return f;
}

/* The cell of its group that a twin is one of, whether that is a reference or not. */
static const struct bench *twinned(const struct report *r, const struct bench *twin)
{
	for (size_t i = 0; i < r->benches; i++) {
		const struct bench *b = &r->bench[i];

		if (b->role == ROLE_CELL && b->timed && b->group == twin->group
		    && !strcmp(b->backend, twin->backend)
		    && !strcmp(b->convention, twin->convention)
		    && !strcmp(b->mode, twin->mode) && !strcmp(b->padding, twin->padding))
			return b;
	}
	return NULL;
}

static const char *whole_text(char *to, size_t room, int64_t n)
{
	snprintf(to, room, "%" PRId64, n);
	return to;
}

/* What must be as many instructions as @b has; not known where that is told itself. */
static void alike(const struct report *r, const struct bench *b, const struct counted *c,
		  const struct bench *other, struct checked *sum)
{
	struct counted of;
	char mine[24], theirs[sizeof(sum->differences.of->first) / 2];

	if (!other || other == b)
		return;
	of = count_of(r, other);
	sum->numbers++;
	if (!of.whole || of.n == c->n)
		return;
	sum->wrong++;
	snprintf(theirs, sizeof(theirs), "%" PRId64 " for %s, which must be alike", of.n,
		 other->name);
	differences_add(&sum->differences, b->name, "instructions",
			whole_text(mine, sizeof(mine), c->n), theirs);
}

static void not_whole(const struct bench *b, const struct counted *c, struct checked *sum)
{
	const json_t *v = json_object_get(b->json, "instructions");
	char is[24] = "missing", are[80];

	sum->wrong++;
	if (json_is_integer(v))
		whole_text(is, sizeof(is), json_integer_value(v));
	snprintf(are, sizeof(are), "%.6g to %.6g in its batches", c->least, c->most);
	differences_add(&sum->differences, b->name, "instructions", is, are);
}

void check_count(const struct report *r, const struct bench *b, struct checked *sum)
{
	struct counted c = count_of(r, b);

	if (!c.known)
		return;
	check_whole(sum, b->name, b->json, "n", b->group->shape.total);
	if (b->role == ROLE_CHAIN)
		check_whole(sum, b->name, r->json, "clock_step_ticks",
			    (uint64_t)llround(b->gross[0]));
	if (!c.whole) {
		sum->numbers++;
		not_whole(b, &c, sum);
		return;
	}
	check_whole(sum, b->name, b->json, "instructions", (uint64_t)c.n);
	if (b->role == ROLE_TWIN)
		alike(r, b, &c, twinned(r, b), sum);
	if (b->role == ROLE_CELL)
		alike(r, b, &c, first_like(r, b), sum);
}

/* ---- shown */

/* Is a row of it in the table already, by another layout?  Of what has no number none is. */
static bool is_shown(const struct report *r, const struct options *o,
		     const struct bench *b)
{
	struct counted c = count_of(r, b);

	for (const struct bench *f = r->bench; c.known && f < b; f++) {
		struct counted d;

		if (!chosen(o, f->group) || !is_like(f, b))
			continue;
		d = count_of(r, f);
		if (d.known && d.least == c.least && d.most == c.most)
			return true;
	}
	return false;
}

static const char *count_text(char *to, size_t room, const struct counted *c)
{
	if (!c->known)
		snprintf(to, room, "-");
	else if (c->whole)
		snprintf(to, room, "%" PRId64, c->n);
	else
		snprintf(to, room, "%.3f..%.3f", c->least, c->most);
	return to;
}

static void print_row(const struct report *r, const struct bench *b)
{
	struct counted c = count_of(r, b), of;
	const struct bench *beside = b->group->native;
	char label[80], n[48];

	if (!b->timed) {
		printf("  %-*s not timed: its check failed\n", LABEL_COLUMNS,
		       label_of(b, label, sizeof(label)));
		return;
	}
	printf("  %-*s %12s", LABEL_COLUMNS, label_of(b, label, sizeof(label)),
	       count_text(n, sizeof(n), &c));
	if (beside && beside != b && c.whole) {
		of = count_of(r, beside);
		if (of.whole)
			printf(" %+7" PRId64, c.n - of.n);
	}
	if (not_patched(b))
		printf(" (%s)", b->outcome);
	printf("\n");
}

static void csv_row(const struct report *r, const struct bench *b)
{
	struct counted c = count_of(r, b);
	char label[80];

	if (!c.known)
		return;
	printf("\"%s\",%s,%s,%" PRIu32 ",%.6g,%.6g,%s\n", r->path, b->group->name,
	       label_of(b, label, sizeof(label)), b->group->shape.total, c.least, c.most,
	       b->outcome);
}

static void print_group(const struct report *r, const struct group *g,
			const struct options *o)
{
	bool named = false;

	for (size_t i = 0; i < r->benches; i++) {
		const struct bench *b = &r->bench[i];

		if (b->group != g)
			continue;
		if (o->csv) {
			csv_row(r, b);
			continue;
		}
		if (b->role != ROLE_CELL || is_shown(r, o, b))
			continue;
		if (!named)
			printf("\n%s\n", g->name);
		named = true;
		print_row(r, b);
	}
}

static void check_chosen(const struct report *r, const struct options *o,
			 struct checked *sum)
{
	for (size_t i = 0; i < r->benches; i++)
		if (chosen(o, r->bench[i].group))
			check_count(r, &r->bench[i], sum);
	check_groups(r, o, sum);
	differences_print(&sum->differences, r->path, stderr);
}

void print_counts(const struct report *r, const struct options *o, struct checked *sum)
{
	if (o->csv)
		printf("file,group,cell,n,instructions_min,instructions_max,outcome\n");
	else
		printf("%s: %s\ninstructions of one op, %g ticks of the clock each; what is "
		       "alike in several layouts\nor states stands by the first\n\n"
		       "  %-*s %12s %7s\n", r->path, r->cpu, r->step, LABEL_COLUMNS, "",
		       "instructions", "native");
	for (size_t g = 0; g < r->groups; g++)
		if (chosen(o, &r->group[g]))
			print_group(r, &r->group[g], o);
	check_chosen(r, o, sum);
	if (!o->csv)
		printf("\n");
}

/* ---- several */

/* Over the reports that have it; how many do. */
static unsigned range_over(const struct report *r, unsigned reports, const char *name,
			   struct counted *over)
{
	unsigned n = 0;

	*over = (struct counted){ .least = INFINITY, .most = -INFINITY };
	for (unsigned i = 0; i < reports; i++) {
		const struct bench *b = find_bench(&r[i], name);
		struct counted c;

		if (!b)
			continue;
		c = count_of(&r[i], b);
		if (!c.known)
			continue;
		over->least = fmin(over->least, c.least);
		over->most = fmax(over->most, c.most);
		n++;
	}
	over->known = n;
	over->n = n ? llround(over->least) : 0;
	over->whole = n && over->least == over->most && over->least == (double)over->n;
	return n;
}

void print_counts_spread(const struct report *r, unsigned reports,
			 const struct options *o, struct checked *sum)
{
	unsigned cells = 0, differ = 0;

	if (o->csv)
		printf("group,cell,n,instructions_min,instructions_max\n");
	else
		printf("%u reports: %s\ninstructions of one op\n", reports, r->cpu);
	for (size_t i = 0; i < r->benches; i++) {
		const struct bench *b = &r->bench[i];
		struct counted over;
		unsigned n;
		char label[80], text[48];

		if (!chosen(o, b->group))
			continue;
		n = range_over(r, reports, b->name, &over);
		cells += n > 0;
		differ += n && !over.whole;
		if (o->csv && n)
			printf("%s,%s,%u,%.6g,%.6g\n", b->group->name,
			       label_of(b, label, sizeof(label)), n, over.least, over.most);
		else if (!o->csv && n && !over.whole)
			printf("%s: %s in %u reports\n", b->name,
			       count_text(text, sizeof(text), &over), n);
	}
	if (!o->csv) {
		print_left_out(r, reports);
		printf("%u of %u benchmarks have the same number in all reports\n",
		       cells - differ, cells);
	}
	for (unsigned i = 0; i < reports; i++)
		check_chosen(&r[i], o, sum);
}
