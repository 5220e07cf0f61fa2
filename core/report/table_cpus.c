/* SPDX-License-Identifier: GPL-2.0-only */
/* Several CPUs, see table_cpus.h. */
#include "lib/number.h"
#include "report/report.h"
#include "stats/cores.h"
#include "table_box.h"
#include "table_cpus.h"
#include "workload/registry.h"

/* What is named by itself; of the rest their number. */
#define ODD_SHOWN	8

/* CPUs of one kind: "0 (boot), 2 to 5". */
static void put_numbers(const struct platform *m, enum core_kind kind, struct sink *s)
{
	bool any = false;

	for (unsigned i = 0; i < m->cpus; i++) {
		const struct run_cpu *cpu = &m->cpu[i];

		if (cpu->kind != kind || cpu->not_run[0])
			continue;
		sink_printf(s, "%s%u%s", any ? ", " : "", cpu->number,
			    cpu->boot ? " (boot)" : "");
		any = true;
	}
}

static bool has_kind(const struct platform *m, enum core_kind kind)
{
	for (unsigned i = 0; i < m->cpus; i++)
		if (m->cpu[i].kind == kind && !m->cpu[i].not_run[0])
			return true;
	return false;
}

static void put_list(const struct run *r, struct sink *s)
{
	const struct platform *m = r->machine;

	sink_printf(s, "Timed on CPUs, one after the other:");
	for (unsigned k = 0, any = 0; k < CORE_KIND_COUNT; k++) {
		if (!has_kind(m, k))
			continue;
		sink_printf(s, "%s ", any++ ? ";" : "");
		put_numbers(m, k, s);
		if (k != CORE_unknown)
			sink_printf(s, ": %s", core_kind_names[k]);
	}
	sink_printf(s, ". The table is of CPU %u; the report has all.\n",
		    group_cpu(&r->group[0]));
}

static void put_not_run(const struct platform *m, struct sink *s)
{
	for (unsigned i = 0; i < m->cpus; i++)
		if (m->cpu[i].not_run[0])
			sink_printf(s, "CPU %u: not timed, or not to its end: %s.\n",
				    m->cpu[i].number, m->cpu[i].not_run);
}

/* The columns of the table. */
static const struct column {
	enum mode_id mode;
	const char *name;
} columns[] = {
	{ MODE_native, "normal" }, { MODE_indirect, "paravirt" },
	{ MODE_inline, "paravirt-patch" },
};
#define COLUMNS	(sizeof(columns) / sizeof(columns[0]))

/* Where in the table: a cell of the first CPU's groups. */
struct place {
	const struct run *run;
	size_t group;			/* of those of a CPU */
	unsigned cell;			/* of the group's */
};

static const struct result *on_cpu(const struct place *p, unsigned cpu)
{
	size_t each = p->run->plan.groups / p->run->plan.cpus;
	const struct group *g = &p->run->group[each * cpu + p->group];

	return &p->run->results[g->first + p->cell];
}

/* The same cell on every CPU that has numbers of it.  Return: how many. */
static unsigned gather(const struct place *p, struct core_taken *to)
{
	size_t each = p->run->plan.groups / p->run->plan.cpus;
	unsigned n = 0;

	for (unsigned k = 0; k < p->run->plan.cpus; k++) {
		const struct result *res = on_cpu(p, k);
		const struct run_cpu *cpu = p->run->group[each * k].on;

		if (!res->refused && res->ticks.n)
			to[n++] = (struct core_taken){
				.cpu = cpu->number, .kind = cpu->kind,
				.median = res->ticks.median, .median_95 = res->median_95,
			};
	}
	return n;
}

static const struct column *column_of(const struct cell *c)
{
	for (unsigned i = 0; i < COLUMNS; i++)
		if (table_in_columns(c) && c->mode == columns[i].mode)
			return &columns[i];
	return NULL;
}

/* The next cell of an op in a column, from @p on.  False: there is none. */
static bool next_place(struct place *p)
{
	size_t each = p->run->plan.groups / p->run->plan.cpus;

	for (; p->group < each; p->group++, p->cell = 0) {
		const struct group *g = &p->run->group[p->group];

		if (!kind_has_rows(workload_of(g->workload)->kind))
			continue;
		for (; p->cell < g->count; p->cell++)
			if (column_of(&p->run->results[g->first + p->cell].cell))
				return true;
	}
	return false;
}

/* Efficiency beside performance cores: how far, from op to op. */
struct kinds_range {
	unsigned n, apart;
	int64_t least, most;
};

static void stretch(struct kinds_range *r, const struct kinds_apart *k)
{
	if (!k->known)
		return;
	if (!r->n || k->ratio < r->least)
		r->least = k->ratio;
	if (!r->n || k->ratio > r->most)
		r->most = k->ratio;
	r->n++;
	r->apart += k->apart;
}

static void put_kinds(const struct kinds_range *range, struct sink *s)
{
	char least[24], most[24];
	bool any = false;

	for (unsigned i = 0; i < COLUMNS; i++) {
		if (!range[i].n)
			continue;
		sink_printf(s, "%s %s %s to %s (apart in %u of %u)", any ? ";"
			    : "Efficiency cores take so many times a performance core's "
			      "ticks:", columns[i].name,
			    micro_text(least, sizeof(least), range[i].least, 2),
			    micro_text(most, sizeof(most), range[i].most, 2),
			    range[i].apart, range[i].n);
		any = true;
	}
	if (any)
		sink_printf(s, ".\n");
}

static void put_odd(const struct place *p, const struct core_taken *t, unsigned n,
		    unsigned odd, struct sink *s)
{
	const struct group *g = &p->run->group[p->group];
	const struct cell *c = &p->run->results[g->first + p->cell].cell;
	char its[24], others[24];
	unsigned one = 0;

	while (one + 1 < n && (one == odd || t[one].kind != t[odd].kind))
		one++;
	sink_printf(s, "The odd core: CPU %u: %s, %s, %s, %s, %s: %s ticks; CPU %u: %s.\n",
		    t[odd].cpu, workload_of(g->workload)->column,
		    conventions[c->convention].name, column_of(c)->name,
		    layouts[g->layout].name, states[g->state].name,
		    micro_text(its, sizeof(its), t[odd].median, 1), t[one].cpu,
		    micro_text(others, sizeof(others), t[one].median, 1));
}

static void put_differences(const struct run *r, struct sink *s)
{
	static struct core_taken t[RUN_CPUS_MOST];
	struct kinds_range range[COLUMNS] = { { 0, 0, 0, 0 } };
	unsigned found = 0, cells = 0, apart = 0;

	for (struct place p = { r, 0, 0 }; next_place(&p); p.cell++) {
		const struct column *c = column_of(&on_cpu(&p, 0)->cell);
		unsigned n = gather(&p, t), odd = odd_core(t, n);
		struct kinds_apart k = kinds_apart(t, n, CORE_efficiency, CORE_performance);

		stretch(&range[c - columns], &k);
		cells += n == 2;
		apart += n == 2 && cores_apart(&t[0], &t[1]);
		if (odd < n && found++ < ODD_SHOWN)
			put_odd(&p, t, n, odd, s);
	}
	if (found > ODD_SHOWN)
		sink_printf(s, "And of %u more cells.\n", found - ODD_SHOWN);
	put_kinds(range, s);
	if (r->plan.cpus == 2)
		sink_printf(s, "The two are apart in %u of %u cells of the table.\n", apart,
			    cells);
	if (!found && r->plan.cpus > 2)
		sink_printf(s, "No core is unlike the others of its kind, in any cell of the "
			    "table.\n");
}

void table_cpus(const struct run *r, struct sink *s)
{
	const struct platform *m = r->machine;

	if (!m->cpu || m->cpus < 2)
		return;
	put_list(r, s);
	put_not_run(m, s);
	if (r->plan.cpus > 1)
		put_differences(r, s);
}
