/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as the JSON report, see report.h and result_field.def. */
#include "report/fit.h"
#include "lib/json.h"
#include "measure/measure.h"
#include "lib/number.h"
#include "report/environment_report.h"
#include "report/report.h"
#include "report/torture_report.h"
#include "measure/scale.h"

/* Unit and direction of every field, so that nobody has to guess. */
static void put_fields(struct json *j)
{
	json_open(j, "fields", "{");
#define TEXT(name, value)
#define COUNT(name, value, unit)	json_text(j, #name, unit);
#define MICRO(name, value, decimals, has, unit, better) \
	json_text(j, #name, unit ", " better " is better");
#include "list/result_field.def"
#undef TEXT
#undef COUNT
#undef MICRO
#define WORD(name, value, what)			json_text(j, "vs." #name, what);
#define RATIO(name, value, has, what)		json_text(j, "vs." #name, what);
#define DIFFERENCE(name, value, has, what)	json_text(j, "vs." #name, what);
#include "list/comparison_field.def"
#undef WORD
#undef RATIO
#undef DIFFERENCE
	json_text(j, "real_time", "ns an op, median, lower is better; 0.0001 for what is less, see median_ticks");
	json_text(j, "cpu_time", "the same");
	json_text(j, "iterations", "ops timed in the long bodies' surplus, all batches");
	json_text(j, "site", "bytes of the sites of one op, as they were timed; of many, of the first");
	json_text(j, "copies_n", "copies of the op in the short body");
	json_text(j, "ticks_n", "TSC ticks of reps passes over copies_n copies: a list an offset, a number a batch");
	json_text(j, "ticks_2n", "the same over twice as many copies");
	json_text(j, "cycles_n", "as ticks_n, in core cycles, where they are counted");
	json_text(j, "address", "of the first repeated copy of the short body, at each offset");
	json_close(j, "}");
}

/* One half of the counts of all offsets. */
static void put_raw(struct json *j, const char *key, const struct group *g,
		    const struct series *s, const struct batch *b, bool twice,
		    unsigned offsets)
{
	json_open(j, key, "[");
	for (unsigned o = 0; o < offsets; o++) {
		json_item(j);
		sink_put(j->s, "[", 1);
		for (uint32_t i = 0; i < g->taken[o]; i++) {
			const struct batch *at = &b[(size_t)o * s->each + i];

			sink_printf(j->s, "%s%u", i ? "," : "",
				    (unsigned)(twice ? at->n2 : at->n));
		}
		sink_put(j->s, "]", 1);
	}
	json_close(j, "]");
}

static void put_raws(struct json *j, const struct group *g,
		     const struct result *res, unsigned offsets)
{
	const struct series *s = &res->series;

	json_number(j, "copies_n", WORKLOAD_N);
	json_open(j, "address", "[");
	for (unsigned o = 0; o < offsets; o++) {
		json_item(j);
		sink_printf(j->s, "%llu", (unsigned long long)res->address[o]);
	}
	json_close(j, "]");
	put_raw(j, "ticks_n", g, s, s->ticks, false, offsets);
	put_raw(j, "ticks_2n", g, s, s->ticks, true, offsets);
	if (!s->cycles)
		return;
	put_raw(j, "cycles_n", g, s, s->cycles, false, offsets);
	put_raw(j, "cycles_2n", g, s, s->cycles, true, offsets);
}

static void put_sites(struct json *j, const struct result *res)
{
	json_open(j, "site", "[");
	for (unsigned i = 0, at = 0; i < res->shown; at += res->site_len[i++]) {
		json_item(j);
		sink_put(j->s, "\"", 1);
		for (unsigned k = 0; k < res->site_len[i]; k++)
			sink_printf(j->s, "%s%02x", k ? " " : "",
				    res->bytes[at + k]);
		sink_put(j->s, "\"", 1);
	}
	json_close(j, "]");
}

/* The least that is written of a time: its readers take logarithms, and a cell that
 * takes nothing, its loop taken off, may come out below.  In median_ticks it is as it
 * is. */
#define LEAST_NS	100		/* millionths: what 4 decimals can say */

static int64_t positive_ns(int64_t ns)
{
	return ns < LEAST_NS ? LEAST_NS : ns;
}

/* What Google Benchmark's readers look for in a benchmark. */
static void put_gbench(struct json *j, const struct result *res,
		       const struct environment *env)
{
	int64_t ns = positive_ns(micro_ns(env->tsc_hz, res->ticks.median));

	json_text(j, "run_type", "iteration");
	json_number(j, "repetitions", 1);
	json_number(j, "repetition_index", 0);
	json_number(j, "threads", 1);
	if (res->refused) {
		json_bool(j, "error_occurred", true);
		json_text(j, "error_message", res->why);
		return;
	}
	json_number(j, "iterations", (uint64_t)WORKLOAD_N * res->series.reps
		    * res->ticks.n);
	if (!env->tsc_hz || !res->ticks.n)
		return;
	json_micro(j, "real_time", ns, 4);
	json_micro(j, "cpu_time", ns, 4);
	json_text(j, "time_unit", "ns");
}

static void put_versus(struct json *j, const struct comparison *vs,
		       const struct result *reference)
{
	char of[40];

	reference_name(of, sizeof(of), &reference->cell);
	json_open(j, "vs", "{");
	json_text(j, "of", of);
#define WORD(name, value, what)	json_text(j, #name, value);
#define RATIO(name, value, has, what)					\
	if (has)							\
		json_micro(j, #name, value, 6);
#define DIFFERENCE(name, value, has, what)				\
	if (has)							\
		json_micro(j, #name, value, 3);
#include "list/comparison_field.def"
#undef WORD
#undef RATIO
#undef DIFFERENCE
	json_close(j, "}");
}

/* "restore_fl/native/ccall/inline+prefix/line/warm", the padding where it is not
 * long, and ":twin" where that is its role; the group's op, backend, layout and
 * state, whatever the cell's are: so names differ. */
static void put_names(struct json *j, const struct group *g,
		      const struct result *res)
{
	const struct cell *c = &res->cell;
	bool padded = c->padding != PADDING_long, cell = c->role == ROLE_cell;
	char name[200], group[GROUP_NAME_ROOM];

	group_name(group, sizeof(group), g);
	text_format(name, sizeof(name), "%s/%s/%s/%s%s%s/%s/%s%s%s",
		    workload_of(g->workload)->name, backends[g->backend]->name,
		    conventions[c->convention].name, modes[c->mode].name,
		    padded ? "+" : "", padded ? paddings[c->padding].name : "",
		    layouts[g->layout].name, states[g->state].name,
		    cell ? "" : ":", cell ? "" : role_names[c->role]);
	json_text(j, "name", name);
	json_text(j, "run_name", name);
	json_text(j, "group", group);
}

static void put_benchmark(struct json *j, const struct run *r,
			  const struct group *g, const struct result *res,
			  const struct environment *env)
{
	const struct result *reference = group_reference(g, r->results);

	json_open(j, NULL, "{");
	put_names(j, g, res);
	put_gbench(j, res, env);
#define TEXT(name, value)			json_text(j, #name, value);
#define COUNT(name, value, unit)		json_number(j, #name, value);
#define MICRO(name, value, decimals, has, unit, better)		\
	if (!res->refused && (has))				\
		json_micro(j, #name, value, decimals);
#include "list/result_field.def"
#undef TEXT
#undef COUNT
#undef MICRO
	if (reference && res->has_vs && !res->refused && res->ticks.n)
		put_versus(j, &res->vs, reference);
	put_sites(j, res);
	if (!res->refused)
		put_raws(j, g, res, r->config->offsets);
	json_close(j, "}");
}

static void put_quality(struct json *j, const struct quality *q)
{
	json_number(j, "tried", q->tried);
	json_open(j, "dropped", "{");
	for (unsigned i = 0; i < DROPPED_COUNT; i++)
		json_number(j, dropped_names[i], q->dropped[i]);
	json_close(j, "}");
	json_number(j, "largest_gap_ticks", q->largest_gap);
	json_number(j, "gap_bound_ticks", q->gap_bound);
	json_number(j, "gap_own", q->gap_own);
	json_number(j, "windows", q->windows);
	json_number(j, "windows_overran", q->overran);
	json_number(j, "longest_window_ticks", q->longest_window);
}

static void put_groups(struct json *j, const struct run *r)
{
	char name[GROUP_NAME_ROOM], why[UNMEASURED_ROOM];

	json_open(j, "groups", "[");
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		json_open(j, NULL, "{");
		group_name(name, sizeof(name), g);
		json_text(j, "name", name);
		json_open(j, "taken", "[");
		for (unsigned o = 0; o < r->config->offsets; o++) {
			json_item(j);
			sink_printf(j->s, "%u", (unsigned)g->taken[o]);
		}
		json_close(j, "]");
		if (unmeasured_text(g, why, sizeof(why)))
			json_text(j, "not_measured", why);
		put_quality(j, &g->quality);
		json_close(j, "}");
	}
	json_close(j, "]");
}

static void put_gaps(struct json *j, const char *key, const struct gaps *g)
{
	json_open(j, key, "{");
	json_number(j, "watched_ticks", g->ticks);
	json_number(j, "count", g->count);
	json_number(j, "largest_ticks", g->largest);
	json_close(j, "}");
}

static void put_applied_mode(struct json *j, enum mode_id mode,
			     const struct text_counts *c)
{
	json_open(j, modes[mode].name, "{");
	json_number(j, "sites", c->sites);
	for (unsigned i = 0; i < PATCHED_COUNT; i++)
		json_number(j, patched_names[i], c->outcome[i]);
	json_number(j, "nops", c->nops);
	json_number(j, "most_nops_in_a_site", c->max_nops);
	json_close(j, "}");
}

static bool was_applied(const struct run *r, enum backend_id b)
{
	for (unsigned m = 0; m < MODE_COUNT; m++)
		if (r->was_applied[b][m])
			return true;
	return false;
}

/* By backend and mode. */
static void put_applied(struct json *j, const struct run *r)
{
	json_open(j, "applied", "{");
	for (unsigned b = 0; b < BACKEND_COUNT; b++) {
		if (!was_applied(r, b))
			continue;
		json_open(j, backends[b]->name, "{");
		for (unsigned m = 0; m < MODE_COUNT; m++)
			if (r->was_applied[b][m])
				put_applied_mode(j, m, &r->applied[b][m]);
		json_close(j, "}");
	}
	json_close(j, "}");
	json_text(j, "nop_table", r->nops->name);
}

/* How often it was looked at what a site does to registers. */
static void put_clobbers(struct json *j, const struct run *r)
{
	json_open(j, "clobbers", "{");
	json_number(j, "checked", r->clobbers.checked);
	json_number(j, "failed", r->clobbers.failed);
	json_number(j, "not_run", r->clobbers.not_run);
	json_close(j, "}");
}

/* Of what was asked for, in sentences and in numbers of cells. */
static void put_left_out(struct json *j, const struct run *r)
{
	char note[PLAN_NOTE_ROOM];

	if (plan_note(r->config, &r->plan, note, sizeof(note)))
		json_text(j, "left_out", note);
	json_open(j, "skipped", "{");
	for (unsigned i = 0; i < SKIPPED_COUNT; i++)
		json_number(j, skipped_names[i], r->plan.skipped[i]);
	json_close(j, "}");
}

/* How it was measured: what is needed to compute it again, or to doubt it. */
static void put_run(struct json *j, const struct run *r,
		    const struct environment *env, const struct findings *found)
{
	struct anchors anchors;

	json_number(j, "seed", r->seed);
	json_number(j, "ring", r->machine->ring);
	json_number(j, "gap_us", r->config->gap_us);
	json_number(j, "offset_step_bytes", run_offset_step(r->config));
	put_left_out(j, r);
	json_text(j, "cycles_from", r->machine->cycles ? "counter" : "IMUL chain");
	json_bool(j, "branches_flushed_by_ibpb", r->machine->flush_branches);
	json_number(j, "chain_cycles", r->chain_cycles);
	/* Of the ENDBR that every target of an indirect call begins with. */
	json_number(j, "endbr_bytes", r->text ? r->text->where.endbr : 0);
	json_number(j, "tsc_step_ticks", r->before.step);
	json_number(j, "pass_ticks", r->pass_ticks);
	put_gaps(j, "gaps_before", &r->before);
	put_gaps(j, "gaps_after", &r->after);
	json_open(j, "batches", "{");
	put_quality(j, &r->quality);
	json_close(j, "}");
	put_applied(j, r);
	put_clobbers(j, r);
	modules_json(r, j);
	torture_json(&found->torture, env->tsc_hz, j);
	fit_json(r->text, r->nops, j);
	run_anchors(r, env, &anchors);
	anchors_json(&anchors, j);
	put_groups(j, r);
	if (r->scale) {
		json_open(j, "scale", "{");
		scale_json(r->scale, j);
		json_close(j, "}");
	}
}

/* As a file that is read back to the same, and where each value is from. */
static void put_config(struct json *j, const struct config *c)
{
	struct json_string_sink text = json_text_open(j, "config");
	char from[CONFIG_FROM_ROOM];

	config_print(c, &text.sink);
	json_text_close(&text);
	json_open(j, "config_from", "{");
	for (unsigned k = 0; k < CONFIG_KEYS; k++)
		json_text(j, config_key_name(k), config_origin_text(from, c->from[k]));
	json_close(j, "}");
}

const char *const report_status_names[] = {
	[REPORT_RUNNING] = "running", [REPORT_FAILED] = "failed",
	[REPORT_CHECK_FAILED] = "check-failed", [REPORT_COMPLETE] = "complete",
};

enum report_status report_status(const struct run *r,
				 const struct findings *found)
{
	if (!r)
		return REPORT_RUNNING;
	if (r->failed)
		return REPORT_FAILED;
	return run_refused(r) || run_empty(r) || run_modules_missing(r)
		|| found->ops.failed || found->check_failed
		|| found->torture.failed[0]
		? REPORT_CHECK_FAILED : REPORT_COMPLETE;
}

static void put_benchmarks(struct json *j, const struct run *r,
			   const struct environment *env)
{
	for (size_t i = 0; i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		for (unsigned k = 0; k < g->count; k++)
			put_benchmark(j, r, g, &r->results[g->first + k], env);
	}
}

void report_json(const struct run *r, const struct config *c,
		 const struct environment *env, const struct findings *found,
		 struct sink *s)
{
	struct json j = { s, true };

	sink_put(s, "{", 1);
	json_text(&j, "schema", REPORT_SCHEMA);
	json_text(&j, "status", report_status_names[report_status(r, found)]);
	if (r && r->failed)
		json_text(&j, "error", r->failed);
	json_open(&j, "context", "{");
	environment_json(&j, env);
	findings_json(&j, found);
	json_close(&j, "}");
	put_config(&j, c);
	if (r)
		put_run(&j, r, env, found);
	put_fields(&j);
	json_open(&j, "benchmarks", "[");
	if (r)
		put_benchmarks(&j, r, env);
	json_close(&j, "]");
	sink_put(s, "\n}\n", 3);
}

/* What the configuration takes: its line ends and origins are escaped, see put_config(). */
#define CONFIG_ROOM	(CONFIG_PRINTED_ROOM + CONFIG_KEYS * (6 + CONFIG_FROM_ROOM + 8) \
			 + CONFIG_BYTES_keys)

/* A batch is two numbers of at most ten digits and their commas. */
size_t report_room(const struct run *r)
{
	return 65536 + CONFIG_ROOM + TORTURE_ROOM + 8192 + BACKEND_COUNT * MODE_COUNT * 512
		+ fit_room(r->text)
		+ modules_room(r)
		+ r->plan.groups * 2048 + r->plan.cells * 4096
		+ run_batches(r->config, &r->plan, r->machine) * 22;
}
