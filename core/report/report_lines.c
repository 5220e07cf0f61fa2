/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as key=value lines, see report.h and result_field.def. */
#include "report/fit.h"
#include "backend/backends.h"
#include "lib/number.h"
#include "op_report.h"
#include "regime_report.h"
#include "report/report.h"
#include "workload/registry.h"

static void bytes_field(const struct result *res, struct sink *s)
{
	sink_printf(s, " bytes=");
	for (unsigned i = 0, at = 0; i < res->shown; at += res->site_len[i++]) {
		sink_printf(s, "%s", i ? "," : "");
		for (unsigned k = 0; k < res->site_len[i]; k++)
			sink_printf(s, "%02x", res->bytes[at + k]);
	}
}

static void versus_fields(const struct comparison *vs,
			  const struct result *reference, struct sink *s)
{
	char t[40];

	reference_name(t, sizeof(t), &reference->cell);
	sink_printf(s, " vs_of=%s", t);
#define WORD(name, value, what)	sink_printf(s, " " #name "=%s", value);
#define RATIO(name, value, has, what)					\
	if (has)							\
		sink_printf(s, " " #name "=%s",				\
			    micro_text(t, sizeof(t), value, 6));
#define DIFFERENCE(name, value, has, what)				\
	if (has)							\
		sink_printf(s, " " #name "=%s",				\
			    micro_text(t, sizeof(t), value, 3));
#include "list/comparison_field.def"
#undef WORD
#undef RATIO
#undef DIFFERENCE
}

static const char *status_of(const struct result *res)
{
	if (res->left_out)
		return "left-out";
	return res->refused ? "refused" : res->ticks.n ? "ok" : "not-timed";
}

static void why_fields(const struct result *res, struct sink *s)
{
	if (res->faulted)
		sink_printf(s, " fault_vector=%u fault_error=0x%llx fault_address=0x%llx",
			    res->fault.vector, (unsigned long long)res->fault.error,
			    (unsigned long long)res->fault.at);
	if (res->refused)
		sink_printf(s, " why=\"%s\"", res->why);
}

static void cell_line(const struct run *r, const struct group *g,
		      const struct result *res, struct sink *s)
{
	const struct result *reference = group_reference(g, r->results);
	char t[32], group[GROUP_NAME_ROOM];

	group_name(group, sizeof(group), g);
	sink_printf(s, "cell status=%s group=%s", status_of(res), group);
	if (r->plan.cpus > 1)
		sink_printf(s, " cpu=%u", group_cpu(g));
#define TEXT(name, value)	sink_printf(s, " " #name "=%s", value);
#define COUNT(name, value, unit) sink_printf(s, " " #name "=%u", (unsigned)(value));
#define MICRO(name, value, decimals, has, unit, better)			\
	if (!res->refused && (has))					\
		sink_printf(s, " " #name "=%s",				\
			    micro_text(t, sizeof(t), value, decimals));
#include "list/result_field.def"
#undef TEXT
#undef COUNT
#undef MICRO
	if (reference && result_is_compared(res))
		versus_fields(&res->vs, reference, s);
	bytes_field(res, s);
	why_fields(res, s);
	sink_printf(s, "\n");
}

/* What became of all sites in a mode: sums to the number of sites. */
static void applied_line(const struct run *r, enum backend_id b,
			 enum mode_id mode, struct sink *s)
{
	const struct text_counts *c = &r->applied[b][mode];

	sink_printf(s, "parapatch applied backend=%s mode=%s sites=%u",
		    backends[b]->name, modes[mode].name, c->sites);
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		sink_printf(s, " %s=%u", patched_names[i], c->outcome[i]);
	sink_printf(s, " nops=%u most_nops_in_a_site=%u table=%s\n", c->nops,
		    c->max_nops, r->nops->name);
}

static void quality_fields(const struct quality *q, struct sink *s)
{
	sink_printf(s, " tried=%u", (unsigned)q->tried);
	for (unsigned i = 0; i < DROPPED_COUNT; i++)
		sink_printf(s, " dropped_%s=%u", dropped_names[i],
			    (unsigned)q->dropped[i]);
	sink_printf(s, " largest_gap_ticks=%llu windows=%u overran=%u longest_window_ticks=%llu",
		    (unsigned long long)q->largest_gap, (unsigned)q->windows,
		    (unsigned)q->overran, (unsigned long long)q->longest_window);
	sink_printf(s, " gap_bound_ticks=%llu gap_own=%u",
		    (unsigned long long)q->gap_bound, (unsigned)q->gap_own);
}

static void gaps_line(const char *when, const struct gaps *g, struct sink *s)
{
	sink_printf(s, "parapatch gaps %s watched_ticks=%llu count=%u largest_ticks=%llu\n",
		    when, (unsigned long long)g->ticks, (unsigned)g->count,
		    (unsigned long long)g->largest);
}

/* What was asked for and is not in the plan, by reason. */
static void skipped_line(const struct plan *p, struct sink *s)
{
	sink_printf(s, "parapatch skipped");
	for (unsigned i = 0; i < SKIPPED_COUNT; i++)
		sink_printf(s, " %s=%u", skipped_names[i],
			    (unsigned)p->skipped[i]);
	sink_printf(s, "\n");
}

/* What the TSC counts. */
static void clock_line(const struct run *r, struct sink *s)
{
	sink_printf(s, "parapatch counts clock=%s step_ticks=%llu differ=%u why=\"%s\"\n",
		    clock_names[r->clock.id], (unsigned long long)r->clock.step, r->differ,
		    r->clock.id == CLOCK_tsc ? r->clock.why : r->differs);
}

void report_lines(const struct run *r, const struct environment *env,
		  struct sink *s)
{
	char name[GROUP_NAME_ROOM], why[UNMEASURED_ROOM];
	struct anchors anchors;

	clock_line(r, s);
	skipped_line(&r->plan, s);
	if (r->text)
		sink_printf(s, "parapatch targets endbr_bytes=%u\n",
			    r->text->where.endbr);
	for (unsigned i = 0; i < BACKEND_COUNT * MODE_COUNT; i++)
		if (r->was_applied[i / MODE_COUNT][i % MODE_COUNT])
			applied_line(r, i / MODE_COUNT, i % MODE_COUNT, s);
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		for (unsigned k = 0; k < g->count; k++)
			cell_line(r, g, &r->results[g->first + k], s);
		group_name(name, sizeof(name), g);
		sink_printf(s, "group name=%s", name);
		if (r->plan.cpus > 1)
			sink_printf(s, " cpu=%u", group_cpu(g));
		sink_printf(s, " taken=%u", (unsigned)group_taken(g));
		quality_fields(&g->quality, s);
		if (!group_had_no_turn(r, g) && unmeasured_text(g, why, sizeof(why)))
			sink_printf(s, " not_measured=\"%s\"", why);
		sink_printf(s, "\n");
	}
	sink_printf(s, "parapatch clobbers checked=%u failed=%u not_run=%u\n",
		    r->clobbers.checked, r->clobbers.failed, r->clobbers.not_run);
	modules_lines(r, s);
	fit_lines(r->text, r->nops, s);
	if (r->clock.id == CLOCK_tsc) {
		run_anchors(r, env, &anchors);
		anchors_lines(&anchors, s);
	}
	ops_lines(r, env, s);
	gaps_line("before", &r->before, s);
	gaps_line("after", &r->after, s);
	regimes_lines(r, s);
	sink_printf(s, "parapatch batches seed=%llu pass_ticks=%u tsc_step_ticks=%llu",
		    (unsigned long long)r->seed, (unsigned)r->pass_ticks,
		    (unsigned long long)r->before.step);
	quality_fields(&r->quality, s);
	sink_printf(s, "\n");
}
