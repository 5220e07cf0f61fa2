/* SPDX-License-Identifier: GPL-2.0-only */
/* What patching under other CPUs came to: lines, table, JSON; see torture_report.h. */
#include "report/torture_report.h"

/* Millionths of a tick in picoseconds; 0 where the rate is not known. */
static int64_t ps_of(int64_t micro, uint64_t tsc_hz)
{
	return tsc_hz / 1000 ? micro * 1000 / (int64_t)(tsc_hz / 1000) : 0;
}

/* Hundredths. */
static uint64_t per_change(const struct torture_way *w, uint64_t n)
{
	return w->changed ? n * 100 / w->changed : 0;
}

/* Passes in 1024 ticks, in millionths. */
static uint64_t rate(uint64_t passes, uint64_t ticks)
{
	return ticks >> 10 ? passes * MILLION / (ticks >> 10) : 0;
}

/* What the others did while it was patched, in thousandths of what they did alone. */
static uint64_t throughput(const struct torture_way *w)
{
	uint64_t alone = rate(w->passes_alone, w->ticks_alone);

	return alone ? (rate(w->passes, w->ticks_patched) * 1000 + alone / 2) / alone
		: 0;
}

static uint32_t int3s(const struct torture_way *w)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < LIVE_COUNT; i++)
		n += w->int3[i];
	return n;
}

static void way_line(const struct torture_way *w, const char *name, uint64_t hz,
		     struct sink *s)
{
	int64_t ns = ps_of(w->ticks.median, hz) / 1000;

	sink_printf(s, "parapatch torture way=%s asked=%u flips=%u changed=%u "
		    "sites=%u ipis=%u resent=%u owed=%u strays=%u int3s=%u again=%u "
		    "called=%llu counted=%llu wrong=%llu ",
		    name, (unsigned)w->asked, (unsigned)w->flips,
		    (unsigned)w->changed, (unsigned)w->sites, (unsigned)w->ipis,
		    (unsigned)w->resent, (unsigned)w->owed, (unsigned)w->strays,
		    (unsigned)int3s(w), (unsigned)w->again,
		    (unsigned long long)w->called, (unsigned long long)w->counted,
		    (unsigned long long)w->wrong);
	sink_printf(s, "n=%u median_ticks_a_site=%llu ns_a_site=%llu "
		    "ipis_a_change_x100=%u throughput_permille=%u\n",
		    (unsigned)w->ticks.n,
		    (unsigned long long)(w->ticks.median / MILLION),
		    (unsigned long long)ns, (unsigned)per_change(w, w->ipis),
		    (unsigned)throughput(w));
}

static void int3_line(const struct torture_way *w, const char *name, struct sink *s)
{
	sink_printf(s, "parapatch int3 way=%s", name);
	for (unsigned i = 0; i < LIVE_COUNT; i++)
		sink_printf(s, " %s=%u", live_names[i], (unsigned)w->int3[i]);
	sink_printf(s, "\n");
}

static void serialise_line(const struct torture *t, unsigned i, struct sink *s)
{
	const struct spread *k = &t->cost[i].ticks;

	sink_printf(s, "parapatch serialise name=%s used=%u n=%u median_ticks=%llu "
		    "p5_ticks=%llu p95_ticks=%llu\n", serialise_names[i],
		    i == t->serialise, (unsigned)k->n,
		    (unsigned long long)(k->median / MILLION),
		    (unsigned long long)(k->p5 / MILLION),
		    (unsigned long long)(k->p95 / MILLION));
}

void torture_lines(const struct torture *t, uint64_t tsc_hz, struct sink *s)
{
	for (unsigned i = 0; i < SERIALISE_COUNT; i++)
		serialise_line(t, i, s);
	if (!t->asked)
		return;
	for (unsigned i = 0; i < WAY_COUNT; i++) {
		if (!t->way[i].ran)
			continue;
		way_line(&t->way[i], torture_way_names[i], tsc_hz, s);
		int3_line(&t->way[i], torture_way_names[i], s);
	}
	sink_printf(s, "parapatch tortured cpus=%u of=%u sites=%u seed=%llu "
		    "nmis=%u woken=%u not_run=\"%s\" failed=\"%s\"\n", t->cpus, t->machine_cpus,
		    t->sites, (unsigned long long)t->seed, (unsigned)t->nmis,
		    (unsigned)t->woken,
		    t->not_run ? t->not_run : "", t->failed);
}

static void way_row(const struct torture_way *w, const char *name, uint64_t hz,
		    struct sink *s)
{
	uint64_t ipis = per_change(w, w->ipis), went = throughput(w);

	sink_printf(s, "%-8s %7u %7u %8u %6u %10llu %8u.%02u %9u %5u.%u%%\n", name,
		    (unsigned)w->flips, (unsigned)w->changed, (unsigned)w->sites,
		    (unsigned)w->ticks.n,
		    (unsigned long long)(ps_of(w->ticks.median, hz) / 1000),
		    (unsigned)(ipis / 100), (unsigned)(ipis % 100),
		    (unsigned)int3s(w), (unsigned)(went / 10), (unsigned)(went % 10));
}

/* The configuration's bound of time may come first. */
static void short_row(const struct torture_way *w, const char *name, struct sink *s)
{
	if (w->changed < w->asked)
		sink_printf(s, "%s: %u of %u changes asked for (time is up)\n", name,
			    (unsigned)w->changed, (unsigned)w->asked);
}

void serialise_table(const struct torture *t, struct sink *s)
{
	if (!t->cost[t->serialise].ticks.n)
		return;
	sink_printf(s, "\nSerialising, TSC ticks of one (median; less is better):");
	for (unsigned i = 0; i < SERIALISE_COUNT; i++)
		if (t->cost[i].ticks.n)
			sink_printf(s, "%s %s %llu%s", i && t->cost[0].ticks.n ? "," : "",
				    serialise_names[i],
				    (unsigned long long)(t->cost[i].ticks.median / MILLION),
				    i == t->serialise ? " (used)" : "");
	sink_printf(s, "\n");
}

void torture_table(const struct torture *t, uint64_t tsc_hz, struct sink *s)
{
	if (!t->asked)
		return;
	if (t->not_run) {
		sink_printf(s, "Patching under other CPUs: not done: %s.\n", t->not_run);
		return;
	}
	sink_printf(s, "Patching under %u other CPU%s, %u sites run flat out:\n"
		    "way        flips changed    sites      n  ns a site IPIs/change"
		    "     INT3s   others\n", t->cpus, t->cpus == 1 ? "" : "s", t->sites);
	for (unsigned i = 0; i < WAY_COUNT; i++)
		if (t->way[i].ran)
			way_row(&t->way[i], torture_way_names[i], tsc_hz, s);
	if (t->failed[0]) {
		sink_printf(s, "FAILED: %s\n", t->failed);
		return;
	}
	for (unsigned i = 0; i < WAY_COUNT; i++)
		if (t->way[i].ran)
			short_row(&t->way[i], torture_way_names[i], s);
	sink_printf(s, "No op lost, no exception, the bytes are right.  (ns a site: median "
		    "of n changes; others: what they did\nmeanwhile, the choosing of modes "
		    "included, of what they do alone in the same modes.)\n");
}

static void put_spread(struct json *j, const char *key, const struct spread *k)
{
	json_open(j, key, "{");
	json_number(j, "n", k->n);
	json_micro(j, "median", k->median, 3);
	json_micro(j, "min", k->min, 3);
	json_micro(j, "p5", k->p5, 3);
	json_micro(j, "p95", k->p95, 3);
	json_micro(j, "max", k->max, 3);
	json_close(j, "}");
}

static void put_way(struct json *j, const struct torture_way *w, const char *name,
		    uint64_t hz)
{
	json_open(j, name, "{");
	json_number(j, "asked", w->asked);
	json_number(j, "flips", w->flips);
	json_number(j, "changed", w->changed);
	json_number(j, "sites", w->sites);
	json_number(j, "ipis", w->ipis);
	json_number(j, "ipis_resent", w->resent);
	json_number(j, "ipis_owed", w->owed);
	json_number(j, "strays", w->strays);
	json_number(j, "ops_called", w->called);
	json_number(j, "ops_counted", w->counted);
	json_number(j, "ops_wrong", w->wrong);
	put_spread(j, "ticks_a_site", &w->ticks);
	json_micro(j, "ns_a_site", ps_of(w->ticks.median, hz) * 1000, 3);
	json_number(j, "passes_alone", w->passes_alone);
	json_number(j, "ticks_alone", w->ticks_alone);
	json_number(j, "passes", w->passes);
	json_number(j, "ticks", w->ticks_patched);
	json_number(j, "throughput_permille", throughput(w));
	json_open(j, "int3", "{");
	for (unsigned i = 0; i < LIVE_COUNT; i++)
		json_number(j, live_names[i], w->int3[i]);
	json_number(j, "again", w->again);
	json_close(j, "}");
	json_close(j, "}");
}

static void put_serialise(struct json *j, const struct torture *t)
{
	if (!t->cost[t->serialise].ticks.n)
		return;			/* not measured here */
	json_open(j, "serialise", "{");
	json_text(j, "used", serialise_names[t->serialise]);
	for (unsigned i = 0; i < SERIALISE_COUNT; i++)
		if (t->cost[i].ticks.n)
			put_spread(j, serialise_names[i], &t->cost[i].ticks);
	json_close(j, "}");
}

void torture_json(const struct torture *t, uint64_t tsc_hz, struct json *j)
{
	char left_out[TORTURE_LEFT_OUT];

	put_serialise(j, t);
	if (!t->asked)
		return;
	json_open(j, "torture", "{");
	if (t->not_run)
		json_text(j, "not_run", t->not_run);
	if (t->failed[0])
		json_text(j, "failed", t->failed);
	json_number(j, "cpus", t->cpus);
	json_number(j, "machine_cpus", t->machine_cpus);
	if (t->apic) {
		json_text(j, "apic", t->apic);
		json_number(j, "apic_id_max", t->apic_id_max);
	}
	json_number(j, "sites", t->sites);
	json_number(j, "seed", t->seed);
	json_number(j, "nmis", t->nmis);
	json_number(j, "nmis_woken", t->woken);
	json_text(j, "left_out", torture_left_out(left_out));
	for (unsigned i = 0; i < WAY_COUNT; i++)
		if (t->way[i].ran)
			put_way(j, &t->way[i], torture_way_names[i], tsc_hz);
	json_close(j, "}");
}
