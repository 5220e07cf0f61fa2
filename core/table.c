/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as the text table, see report.h. */
#include "number.h"
#include "report.h"

/* Thousandths in five columns: decimals go before digits do. */
static const char *five(char *to, size_t room, int64_t milli)
{
	bool large = milli >= 999950 || milli <= -99950;

	return milli_text(to, room, milli, large ? 0 : 1);
}

/* " 123.4  47.6", or dashes where there is no such cell. */
static void put_times(const struct result *res, const struct environment *env,
		      struct sink *s)
{
	char ticks[24], ns[24];

	if (!res) {
		sink_printf(s, " %5s %5s", "-", "-");
		return;
	}
	five(ticks, sizeof(ticks), res->summary.median);
	five(ns, sizeof(ns), milli_ns(env, res->summary.median));
	sink_printf(s, " %5s %5s", ticks, env->tsc_hz ? ns : "-");
}

#define OVER_MAX	99999	/* thousandths: more is "more than 9999%" */

/* " [+12.3%]" against the native cell, in nine columns. */
static void put_over(const struct result *res, const struct result *normal,
		     struct sink *s)
{
	char t[24], box[32] = "[-]";
	int64_t over;

	if (res && normal && permille_over(res->summary.median,
					   normal->summary.median, &over)) {
		/* Thousandths of the whole are tenths of a percent. */
		milli_text(t, sizeof(t), over * 100, over < 1000 && over > -1000);
		text_format(box, sizeof(box), "[%s%s%%]", over >= 0 ? "+" : "", t);
		if (over > OVER_MAX)
			text_format(box, sizeof(box), "[>9999%%]");
	}
	sink_printf(s, " %8s", box);
}

static void put_row(const struct run *r, const struct result *first,
		    const struct environment *env, struct sink *s)
{
	const struct result *normal = run_find(r, first, MODE_native);
	const struct result *indirect = run_find(r, first, MODE_indirect);
	const struct result *inlined = run_find(r, first, MODE_inline);

	sink_printf(s, "%-16s %-5s %2u", workloads[first->cell.workload].column,
		    conventions[first->cell.convention].sites
		    ? conventions[first->cell.convention].name : "-",
		    first->site_bytes);
	put_times(normal, env, s);
	put_times(indirect, env, s);
	put_over(indirect, normal, s);
	put_times(inlined, env, s);
	put_over(inlined, normal, s);
	sink_printf(s, "\n");
}

/* Is this the first cell of its row?  Native cells have a row of their own only
 * where nothing else does. */
static bool begins_row(const struct run *r, size_t i)
{
	const struct cell *c = &r->results[i].cell;

	for (size_t k = 0; k < r->cells; k++) {
		const struct cell *o = &r->results[k].cell;

		if (o->workload != c->workload || k == i)
			continue;
		if (c->mode == MODE_native
		    || (k < i && o->convention == c->convention))
			return false;
	}
	return true;
}

static void put_refused(const struct run *r, struct sink *s)
{
	for (size_t i = 0; i < r->cells; i++) {
		const struct result *res = &r->results[i];

		if (res->refused)
			sink_printf(s, "not timed: %s, %s, %s: %s\n",
				    workloads[res->cell.workload].name,
				    conventions[res->cell.convention].name,
				    modes[res->cell.mode].name, res->why);
	}
}

static void put_sites(const struct run *r, struct sink *s)
{
	const struct text_counts *c = &r->applied[MODE_inline];

	if (!r->was_applied[MODE_inline])
		return;
	sink_printf(s, "paravirt-patch:");
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		if (c->outcome[i])
			sink_printf(s, " %u %s,", c->outcome[i], patched_names[i]);
	sink_printf(s, " of %u sites; %s NOPs\n", c->sites, r->nops->name);
}

/* How far apart a cell's middle half lies, in thousandths of its median: of the
 * cell in the middle, and of the worst. */
static void put_spread(const struct run *r, struct sink *s)
{
	int64_t *spread = r->scratch, n = 0;
	char middle[24], worst[24];

	for (size_t i = 0; i < r->cells; i++) {
		const struct summary *m = &r->results[i].summary;

		if (m->n > 3 && permille_over(m->median + m->p75 - m->p25, m->median,
				  &spread[n]))
			n++;
	}
	if (!n)
		return;
	milli_text(middle, sizeof(middle), median_of(spread, (uint32_t)n) * 100, 1);
	milli_text(worst, sizeof(worst), spread[n - 1] * 100, 1);
	sink_printf(s, "Spread (p75 - p25) over the median: %s%% in the middle cell, %s%% in the worst.\n",
		    middle, worst);
}

void report_table(const struct run *r, const struct environment *env,
		  struct sink *s)
{
	sink_printf(s, "%-25s %11s %20s %20s\n", "", "normal", "paravirt",
		    "paravirt-patch");
	sink_printf(s, "%-16s %-5s %2s %5s %5s %5s %5s %8s %5s %5s\n", "op",
		    "call", "B", "ticks", "ns", "ticks", "ns", "", "ticks", "ns");
	for (size_t i = 0; i < r->cells; i++)
		if (begins_row(r, i))
			put_row(r, &r->results[i], env, s);
	put_refused(r, s);
	put_sites(r, s);
	sink_printf(s, "TSC ticks and ns for one op, median of %u batches, lower is better.\n"
		    "[+x%%]: slower than normal, [-x%%]: faster.  B: bytes of the op's call sites.\n"
		    "Dense, warm: sites back to back, predicted; IF mostly is as the op leaves it.\n",
		    (unsigned)(r->config->rounds * r->config->batches));
	put_spread(r, s);
	if (env->hypervisor[0])
		sink_printf(s, "Under a hypervisor or emulator: these are its numbers, not the CPU's.\n");
}
