/* SPDX-License-Identifier: GPL-2.0-only */
/* One report as a table, the application's verdicts beside the bootstrap's. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "check_run.h"
#include "exits.h"
#include "print.h"

bool chosen(const struct options *o, const struct group *g)
{
	return !o->only || !regexec(o->only, g->name, 0, NULL, 0);
}

const char *label_of(const struct bench *b, char *to, size_t room)
{
	static const char *const roles[ROLE_COUNT] = {
		[ROLE_TWIN] = "A/A twin", [ROLE_EMPTY] = "filler",
		[ROLE_CHAIN] = "IMUL chain",
	};

	bool padded = strcmp(b->padding, "long") != 0;

	if (roles[b->role])
		snprintf(to, room, "%s", roles[b->role]);
	else
		snprintf(to, room, "%s/%s/%s%s%s", b->backend, b->convention, b->mode,
			 padded ? "+" : "", padded ? b->padding : "");
	return to;
}

bool not_patched(const struct bench *b)
{
	return strcmp(b->mode, "indirect")
		&& (!strncmp(b->outcome, "kept-", 5) || !strcmp(b->outcome, "mixed"));
}

const char *figure(char *to, size_t room, int decimals, double v)
{
	if (isnan(v) || isinf(v))
		snprintf(to, room, "-");
	else
		snprintf(to, room, "%.*f", decimals, v);
	return to;
}

/* In percent. */
static const char *percent(char *to, size_t room, double v)
{
	if (isnan(v) || isinf(v))
		snprintf(to, room, "not known");
	else
		snprintf(to, room, "%.2f%%", 100 * v);
	return to;
}

static const char *range_text(char *to, size_t room, struct range r)
{
	if (r.known)
		snprintf(to, room, "%.4f..%.4f", r.lo, r.hi);
	else
		snprintf(to, room, "-");
	return to;
}

static void print_dropped(const struct group *g)
{
	json_t *dropped = json_object_get(g->json, "dropped"), *v;
	const char *key;

	json_object_foreach(dropped, key, v)
		if (json_integer_value(v))
			printf(", %" JSON_INTEGER_FORMAT " dropped: %s",
			       json_integer_value(v), key);
}

static void print_group(const struct group *g, struct floors boot)
{
	char a[32], b[32], m[32];
	struct floors aa = group_floors(g);

	printf("\n%s: %" PRIu32 " batches at %u offsets", g->name, g->shape.total,
	       g->shape.count);
	if (g->kept_total < g->shape.total)
		printf(", %" PRIu32 " of them of the regime used", g->kept_total);
	print_dropped(g);
	printf("\n  A/A floor %s by bootstrap, %s by order statistics; margin %s\n",
	       percent(b, sizeof(b), boot.ratio), percent(a, sizeof(a), aa.ratio),
	       percent(m, sizeof(m), g->rules->margins == OF_PRECISION ? g->precision
		       : fmax(boot.ratio, g->precision)));
	printf("  the twin in ticks: %s by bootstrap, %s by order statistics\n",
	       figure(b, sizeof(b), 2, boot.difference),
	       figure(a, sizeof(a), 2, aa.difference));
	if (g->reference && !g->reference->native)
		printf("  compared with %s: %s\n", g->of, g->native
		       ? "the native cell is a call too" : "there is no native cell");
	printf("  %-*s %10s %8s %9s %17s  %-12s %s\n", LABEL_COLUMNS, "", "ticks",
	       "cycles", "ratio", "95% bootstrap", "verdict", "application");
}

/* The application's word, "verdict" or "by"; "-" where it has none. */
static const char *stated(const struct bench *b, const char *key)
{
	const json_t *vs = json_object_get(b->json, "vs");
	const char *word = json_string_value(json_object_get(vs, key));

	return word ? word : "-";
}

static bool differ(const struct bench *b, const struct finding *f)
{
	return f->compared && strcmp(stated(b, "verdict"),
				     verdict_words[f->judged_boot.verdict]);
}

/* What the verdict rests on: of the ratio, or where it is by the difference, of
 * that, in ticks. */
static const char *rests_on(char *to, size_t room, const struct finding *f)
{
	struct range d = f->difference_boot;

	if (!f->judged_boot.by_difference || !d.known)
		return range_text(to, room, f->ratio_boot);
	snprintf(to, room, "%+.2f..%+.2ft", d.lo, d.hi);
	return to;
}

static void print_bench(const struct bench *b, const struct finding *f)
{
	char label[80], t[32], c[32], q[32], range[64];

	label_of(b, label, sizeof(label));
	if (!b->timed || !f->net.n) {
		printf("  %-*s %s\n", LABEL_COLUMNS, label, b->timed ? "no batches"
		       : "not timed: its check failed");
		return;
	}
	printf("  %-*s %10s", LABEL_COLUMNS, label,
	       figure(t, sizeof(t), 3, f->net.value));
	if (b->role == ROLE_CELL || b->role == ROLE_TWIN)
		printf(" %8s", figure(c, sizeof(c), 2, f->cycles));
	if (f->compared)
		printf(" %9s %17s  %-12s %s%s",
		       figure(q, sizeof(q), 4, f->has_ratio ? f->ratio.value : NAN),
		       rests_on(range, sizeof(range), f),
		       verdict_words[f->judged_boot.verdict], stated(b, "verdict"),
		       differ(b, f) ? " *" : "");
	if (not_patched(b))
		printf(" (%s)", b->outcome);
	printf("\n");
}

static void csv_number(double v)
{
	if (isnan(v) || isinf(v))
		printf(",");
	else
		printf(",%.6f", v);
}

static void csv_range(struct range r)
{
	csv_number(r.known ? r.lo : NAN);
	csv_number(r.known ? r.hi : NAN);
}

static void csv_bench(const struct report *r, const struct bench *b,
		      const struct finding *f)
{
	char label[80];

	if (!f->net.n)
		return;
	printf("\"%s\",%s,%s,%" PRIu32, r->path, b->group->name,
	       label_of(b, label, sizeof(label)), f->net.n);
	csv_number(f->net.value);
	csv_number(f->net.least);
	csv_number(f->net.most);
	csv_number(f->gross.value);
	csv_number(f->cycles);
	csv_number(f->has_ratio ? f->ratio.value : NAN);
	csv_range(f->ratio_boot);
	csv_range(f->has_ratio ? f->ratio.in_95 : (struct range){ 0 });
	csv_number(f->compared ? f->difference.value : NAN);
	csv_range(f->difference_boot);
	csv_number(f->compared ? f->margin_boot : NAN);
	csv_number(f->compared ? f->margin : NAN);
	printf(",%s,%s", f->compared ? verdict_words[f->judged_boot.verdict] : "",
	       f->compared ? stated(b, "verdict") : "");
	for (unsigned half = 0; half < 2; half++)
		csv_number(f->half[half].n ? f->half[half].value : NAN);
	printf(",%s,%s", b->outcome, f->compared && b->group->of
	       ? b->group->of : "");
	printf(",%s,%s\n", f->compared ? basis_word(f->judged_boot) : "",
	       f->compared ? stated(b, "by") : "");
}

static void print_head(const struct report *r, const struct options *o)
{
	if (o->csv)
		printf("file,group,cell,n,ticks,offset_min_ticks,offset_max_ticks,"
		       "gross_ticks,cycles,ratio,boot_lo,boot_hi,order_lo,order_hi,"
		       "difference_ticks,difference_boot_lo,difference_boot_hi,"
		       "margin_boot,margin_order,verdict_boot,verdict_application,"
		       "low_half_ticks,high_half_ticks,outcome,of,by_boot,"
		       "by_application\n");
	else
		printf("%s: %s\nseed %" PRIu64 ", %d resamples of offsets and of the "
		       "batches in them\n", r->path, r->cpu, r->seed, RESAMPLES);
}

struct verdicts { unsigned compared, differ; };

static void show_group(const struct report *r, const struct group *g,
		       const struct options *o, struct verdicts *n,
		       struct checked *sum)
{
	struct floors aa = group_floors_boot(g, r->seed);

	if (!o->csv)
		print_group(g, aa);
	for (size_t i = 0; i < r->benches; i++) {
		const struct bench *b = &r->bench[i];
		struct finding f;

		if (b->group != g)
			continue;
		f = find(b);
		find_bootstrap(&f, b, r->seed, aa, o->csv);
		if (o->csv)
			csv_bench(r, b, &f);
		else
			print_bench(b, &f);
		n->compared += f.compared;
		n->differ += differ(b, &f);
		check_bench(r, b, &f, sum);
	}
}

void check_groups(const struct report *r, const struct options *o, struct checked *sum)
{
	for (size_t g = 0; g < r->groups; g++)
		if (chosen(o, &r->group[g]))
			check_group(r, &r->group[g], sum);
	if (!o->only)
		check_run(r, sum);
}

void print_report(const struct report *r, const struct options *o,
		  struct checked *sum)
{
	struct verdicts n = { 0, 0 };

	print_head(r, o);
	for (size_t g = 0; g < r->groups; g++)
		if (chosen(o, &r->group[g]))
			show_group(r, &r->group[g], o, &n, sum);
	if (!o->csv && !o->only)
		print_ops(r);
	check_groups(r, o, sum);
	differences_print(&sum->differences, r->path, stderr);
	if (!o->csv)
		printf("\n%u of %u verdicts of the application differ from those by "
		       "bootstrap (*)\n", n.differ, n.compared);
}
