/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as the JSON report, see report.h and record.def. */
#include "json.h"
#include "number.h"
#include "report.h"

/* Unit and direction of every field, so that nobody has to guess. */
static void put_fields(struct json *j)
{
	json_open(j, "fields", "{");
#define TEXT(name, value)
#define COUNT(name, value, unit)		json_text(j, #name, unit);
#define MILLI(name, value, unit, better)	json_text(j, #name, unit ", " better " is better");
#include "record.def"
#undef TEXT
#undef COUNT
#undef MILLI
	json_text(j, "real_time", "ns an op, median, lower is better");
	json_text(j, "cpu_time", "the same");
	json_text(j, "iterations", "ops timed in the long bodies' surplus, all batches");
	json_text(j, "site", "bytes of the sites of one op, as they were timed");
	json_text(j, "copies_n", "copies of the op in the short body");
	json_text(j, "ticks_n", "TSC ticks of reps passes over copies_n copies, one a batch");
	json_text(j, "ticks_2n", "the same over twice as many copies");
	json_close(j, "}");
}

static void put_raw(struct json *j, const char *key, const struct series *s,
		    bool twice)
{
	json_key(j, key);
	for (uint32_t i = 0; i < s->count; i++)
		sink_printf(j->s, "%s%u", i ? "," : "[",
			    (unsigned)(twice ? s->batch[i].n2 : s->batch[i].n));
	sink_printf(j->s, s->count ? "]" : "[]");
}

static void put_sites(struct json *j, const struct result *res)
{
	json_open(j, "site", "[");
	for (unsigned i = 0, at = 0; i < res->sites; at += res->site_len[i++]) {
		json_item(j);
		sink_put(j->s, "\"", 1);
		for (unsigned k = 0; k < res->site_len[i]; k++)
			sink_printf(j->s, "%s%02x", k ? " " : "",
				    res->bytes[at + k]);
		sink_put(j->s, "\"", 1);
	}
	json_close(j, "]");
}

static void put_times(struct json *j, const struct result *res,
		      const struct environment *env)
{
	int64_t ns = milli_ns(env, res->summary.median);

	json_number(j, "iterations", (uint64_t)WORKLOAD_N * res->series.reps
	       * res->summary.n);
	if (env->tsc_hz) {
		json_milli(j, "real_time", ns);
		json_milli(j, "cpu_time", ns);
		json_text(j, "time_unit", "ns");
	}
}

static void put_benchmark(struct json *j, const struct result *res,
			  const struct environment *env)
{
	char name[120];

	json_open(j, NULL, "{");
	text_format(name, sizeof(name), "%s/%s/%s/%s",
		    workloads[res->cell.workload].name,
		    backends[res->cell.backend]->name,
		    conventions[res->cell.convention].name,
		    modes[res->cell.mode].name);
	json_text(j, "name", name);
	json_text(j, "run_name", name);
	json_text(j, "run_type", "iteration");
	json_number(j, "repetitions", 1);
	json_number(j, "repetition_index", 0);
	json_number(j, "threads", 1);
	if (!res->refused)
		put_times(j, res, env);
	if (res->refused) {
		json_bool(j, "error_occurred", true);
		json_text(j, "error_message", res->why);
	}
#define TEXT(name, value)			json_text(j, #name, value);
#define COUNT(name, value, unit)		json_number(j, #name, value);
#define MILLI(name, value, unit, better)	\
	if (!res->refused)			\
		json_milli(j, #name, value);
#include "record.def"
#undef TEXT
#undef COUNT
#undef MILLI
	put_sites(j, res);
	json_number(j, "copies_n", WORKLOAD_N);
	put_raw(j, "ticks_n", &res->series, false);
	put_raw(j, "ticks_2n", &res->series, true);
	json_close(j, "}");
}

static void put_counts(struct json *j, const struct run *r)
{

	json_open(j, "applied", "{");
	for (unsigned m = 0; m < MODE_COUNT; m++) {
		if (!r->was_applied[m])
			continue;
		json_open(j, modes[m].name, "{");
		json_number(j, "sites", r->applied[m].sites);
		for (unsigned i = 0; i < PATCHED_COUNT; i++)
			json_number(j, patched_names[i], r->applied[m].outcome[i]);
		json_number(j, "nops", r->applied[m].nops);
		json_number(j, "most_nops_in_a_site", r->applied[m].max_nops);
		json_close(j, "}");
	}
	json_close(j, "}");
	json_text(j, "nop_table", r->nops->name);
	json_text(j, "layout", "dense");
	json_text(j, "state", "warm");
}

static void put_config(struct json *j, const struct config *c)
{
	char bytes[1024];
	struct memory_sink m = memory_sink(bytes, sizeof(bytes) - 1);

	config_print(c, &m.sink);
	bytes[m.len] = '\0';
	json_text(j, "config", bytes);
}

/* "complete" is what nothing was found wrong with. */
static const char *status_of(const struct run *r, const struct environment *env)
{
	if (!r)
		return "running";
	if (r->failed)
		return "failed";
	return run_refused(r) || env->ops.failed || env->check_failed
		? "check-failed" : "complete";
}

void report_json(const struct run *r, const struct config *c,
		 const struct environment *env, struct sink *s)
{
	struct json j = { s, true };

	sink_put(s, "{", 1);
	json_text(&j, "schema", REPORT_SCHEMA);
	json_text(&j, "status", status_of(r, env));
	if (r && r->failed)
		json_text(&j, "error", r->failed);
	json_open(&j, "context", "{");
	environment_json(&j, env);
	json_close(&j, "}");
	put_config(&j, c);
	if (r)
		put_counts(&j, r);
	put_fields(&j);
	json_open(&j, "benchmarks", "[");
	for (size_t i = 0; r && i < r->cells; i++)
		put_benchmark(&j, &r->results[i], env);
	json_close(&j, "]");
	sink_put(s, "\n}\n", 3);
}
