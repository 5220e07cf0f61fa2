/* SPDX-License-Identifier: GPL-2.0-only */
/* A run as the JSON report, see report.h and record.def. */
#include "number.h"
#include "report.h"

/* The one place that knows where a comma goes: before every item but the first
 * of its object or list. */
struct json {
	struct sink *s;
	bool first;
};

static void comma(struct json *j)
{
	if (!j->first)
		sink_put(j->s, ",", 1);
	j->first = false;
	sink_put(j->s, "\n", 1);
}

static void put_string(struct json *j, const char *v)
{
	sink_put(j->s, "\"", 1);
	for (; *v; v++) {
		unsigned char c = (unsigned char)*v;

		if (c == '"' || c == '\\')
			sink_printf(j->s, "\\%c", c);
		else if (c < ' ' || c > '~')
			sink_printf(j->s, "\\u%04x", c);
		else
			sink_put(j->s, v, 1);
	}
	sink_put(j->s, "\"", 1);
}

static void put_key(struct json *j, const char *key)
{
	comma(j);
	put_string(j, key);
	sink_put(j->s, ": ", 2);
}

static void open(struct json *j, const char *key, const char *bracket)
{
	if (key)
		put_key(j, key);
	else
		comma(j);
	sink_put(j->s, bracket, 1);
	j->first = true;
}

static void close(struct json *j, const char *bracket)
{
	sink_put(j->s, "\n", 1);
	sink_put(j->s, bracket, 1);
	j->first = false;
}

static void text(struct json *j, const char *key, const char *v)
{
	put_key(j, key);
	put_string(j, v);
}

static void number(struct json *j, const char *key, uint64_t v)
{
	put_key(j, key);
	sink_printf(j->s, "%llu", (unsigned long long)v);
}

static void milli(struct json *j, const char *key, int64_t v)
{
	char t[32];

	put_key(j, key);
	sink_printf(j->s, "%s", milli_text(t, sizeof(t), v, 3));
}

static void boolean(struct json *j, const char *key, bool v)
{
	put_key(j, key);
	sink_printf(j->s, v ? "true" : "false");
}

/* What Google Benchmark's readers look for, as far as it is known here: one CPU
 * takes part; nothing is known of frequency scaling, and nothing is said. */
static void put_gbench_context(struct json *j, const struct environment *env)
{
	text(j, "date", env->date);
	text(j, "host_name", env->brand);
	text(j, "executable", "parapatch");
	number(j, "num_cpus", 1);
	number(j, "mhz_per_cpu", (env->tsc_hz + 500000) / 1000000);
	text(j, "library_build_type", "release");
}

static void put_cpu(struct json *j, const struct environment *env)
{
	open(j, "cpu", "{");
	text(j, "vendor", env->cpu.vendor);
	text(j, "name", env->brand);
	number(j, "family", env->cpu.family);
	number(j, "model", env->cpu.model);
	number(j, "stepping", env->cpu.stepping);
	text(j, "hypervisor", env->hypervisor);
	boolean(j, "invariant_tsc", env->invariant_tsc);
	number(j, "tsc_hz", env->tsc_hz);
	text(j, "tsc_source", env->tsc_source);
	close(j, "}");
}

static void put_context(struct json *j, const struct environment *env)
{
	open(j, "context", "{");
	put_gbench_context(j, env);
	text(j, "parapatch_version", env->version);
	text(j, "arch", env->arch);
	text(j, "compiler", env->compiler);
	text(j, "flags", env->flags);
	text(j, "firmware", env->firmware);
	number(j, "text_address", env->text_addr);
	number(j, "text_bytes", env->text_len);
	put_cpu(j, env);
	open(j, "ops_check", "{");
	number(j, "checked", env->ops.checked);
	number(j, "failed", env->ops.failed);
	number(j, "not_run", env->ops.not_run);
	number(j, "trapping", env->ops.trapping);
	for (unsigned i = 0; i < env->ops.notes; i++) {
		const struct op_note *n = &env->ops.note[i];
		char line[200];

		text_format(line, sizeof(line), "%s: %s", n->result, n->why);
		text(j, n->name, line);
	}
	close(j, "}");
	close(j, "}");
}

/* Unit and direction of every field, so that nobody has to guess. */
static void put_fields(struct json *j)
{
	open(j, "fields", "{");
#define TEXT(name, value)
#define COUNT(name, value, unit)		text(j, #name, unit);
#define MILLI(name, value, unit, better)	text(j, #name, unit ", " better " is better");
#include "record.def"
#undef TEXT
#undef COUNT
#undef MILLI
	text(j, "real_time", "ns an op, median, lower is better");
	text(j, "cpu_time", "the same");
	text(j, "iterations", "ops timed in the long bodies' surplus, all batches");
	text(j, "site", "bytes of the sites of one op, as they were timed");
	text(j, "copies_n", "copies of the op in the short body");
	text(j, "ticks_n", "TSC ticks of reps passes over copies_n copies, one a batch");
	text(j, "ticks_2n", "the same over twice as many copies");
	close(j, "}");
}

static void put_raw(struct json *j, const char *key, const struct series *s,
		    bool twice)
{
	put_key(j, key);
	for (uint32_t i = 0; i < s->count; i++)
		sink_printf(j->s, "%s%u", i ? "," : "[",
			    (unsigned)(twice ? s->batch[i].n2 : s->batch[i].n));
	sink_printf(j->s, s->count ? "]" : "[]");
}

static void put_sites(struct json *j, const struct result *res)
{
	open(j, "site", "[");
	for (unsigned i = 0, at = 0; i < res->sites; at += res->site_len[i++]) {
		comma(j);
		sink_put(j->s, "\"", 1);
		for (unsigned k = 0; k < res->site_len[i]; k++)
			sink_printf(j->s, "%s%02x", k ? " " : "",
				    res->bytes[at + k]);
		sink_put(j->s, "\"", 1);
	}
	close(j, "]");
}

static void put_times(struct json *j, const struct result *res,
		      const struct environment *env)
{
	int64_t ns = milli_ns(env, res->summary.median);

	number(j, "iterations", (uint64_t)WORKLOAD_N * res->series.reps
	       * res->summary.n);
	if (env->tsc_hz) {
		milli(j, "real_time", ns);
		milli(j, "cpu_time", ns);
		text(j, "time_unit", "ns");
	}
}

static void put_benchmark(struct json *j, const struct result *res,
			  const struct environment *env)
{
	char name[120];

	open(j, NULL, "{");
	text_format(name, sizeof(name), "%s/%s/%s/%s",
		    workloads[res->cell.workload].name,
		    backends[res->cell.backend]->name,
		    conventions[res->cell.convention].name,
		    modes[res->cell.mode].name);
	text(j, "name", name);
	text(j, "run_name", name);
	text(j, "run_type", "iteration");
	number(j, "repetitions", 1);
	number(j, "repetition_index", 0);
	number(j, "threads", 1);
	if (!res->refused)
		put_times(j, res, env);
	if (res->refused) {
		boolean(j, "error_occurred", true);
		text(j, "error_message", res->why);
	}
#define TEXT(name, value)			text(j, #name, value);
#define COUNT(name, value, unit)		number(j, #name, value);
#define MILLI(name, value, unit, better)	\
	if (!res->refused)			\
		milli(j, #name, value);
#include "record.def"
#undef TEXT
#undef COUNT
#undef MILLI
	put_sites(j, res);
	number(j, "copies_n", WORKLOAD_N);
	put_raw(j, "ticks_n", &res->series, false);
	put_raw(j, "ticks_2n", &res->series, true);
	close(j, "}");
}

static void put_counts(struct json *j, const struct run *r)
{

	open(j, "applied", "{");
	for (unsigned m = 0; m < MODE_COUNT; m++) {
		if (!r->was_applied[m])
			continue;
		open(j, modes[m].name, "{");
		number(j, "sites", r->applied[m].sites);
		for (unsigned i = 0; i < PATCHED_COUNT; i++)
			number(j, patched_names[i], r->applied[m].outcome[i]);
		number(j, "nops", r->applied[m].nops);
		number(j, "most_nops_in_a_site", r->applied[m].max_nops);
		close(j, "}");
	}
	close(j, "}");
	text(j, "nop_table", r->nops->name);
	text(j, "layout", "dense");
	text(j, "state", "warm");
}

static void put_config(struct json *j, const struct config *c)
{
	char bytes[1024];
	struct memory_sink m = memory_sink(bytes, sizeof(bytes) - 1);

	config_print(c, &m.sink);
	bytes[m.len] = '\0';
	text(j, "config", bytes);
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
	text(&j, "schema", REPORT_SCHEMA);
	text(&j, "status", status_of(r, env));
	if (r && r->failed)
		text(&j, "error", r->failed);
	put_context(&j, env);
	put_config(&j, c);
	if (r)
		put_counts(&j, r);
	put_fields(&j);
	open(&j, "benchmarks", "[");
	for (size_t i = 0; r && i < r->cells; i++)
		put_benchmark(&j, &r->results[i], env);
	close(&j, "]");
	sink_put(s, "\n}\n", 3);
}
