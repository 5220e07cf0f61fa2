/* SPDX-License-Identifier: GPL-2.0-only */
/* Cells as the report's benchmarks, see result_field.def and report_parts.h. */
#include "lib/number.h"
#include "backend/backends.h"
#include "report_parts.h"
#include "run/why_facts.h"
#include "workload/registry.h"

/* Unit and direction of every field, so that nobody has to guess. */
void report_fields_json(struct json *j)
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
	json_text(j, "vs.why", "why the verdict is inconclusive, in a word; else not there");
	json_text(j, "vs.why_text", "the same in a sentence, with the numbers of the case");
	json_text(j, "real_time",
		  "ns an op, median, lower is better; 0.0001 for what is less, see median_ticks");
	json_text(j, "cpu_time", "the same");
	json_text(j, "iterations", "ops timed in the long bodies' surplus, all batches");
	json_text(j, "cpu", "the number of the CPU it was timed on, see cpus");
	json_text(j, "site",
		  "bytes of the sites of one op, as they were timed; of many, of the first");
	json_text(j, "left_out", "true: the op is not to be had here, which is no failure; else "
		  "not there");
	json_text(j, "fault", "the exception that ended the cell, or if it is left out its "
		  "reference: vector, error code, and address, see error_message");
	json_text(j, "copies_n", "copies of the op in the short body");
	json_text(j, "ticks_n",
		  "TSC ticks of reps passes over copies_n copies: "
		  "a list a block, a number a batch");
	json_text(j, "ticks_2n", "the same over twice as many copies");
	json_text(j, "cycles_n", "as ticks_n, in core cycles, where they are counted");
	json_text(j, "address", "of the first repeated copy, in each block");
	json_close(j, "}");
}

/* One half of the counts of all blocks. */
static void put_raw(struct json *j, const char *key, const struct group *g,
		    const struct series *s, const struct batch *b, bool twice)
{
	json_open(j, key, "[");
	for (unsigned k = 0; k < g->blocks; k++) {
		json_item(j);
		sink_put(j->s, "[", 1);
		for (uint32_t i = 0; i < g->taken[k]; i++) {
			const struct batch *at = &b[(size_t)k * s->each + i];

			sink_printf(j->s, "%s%u", i ? "," : "",
				    (unsigned)(twice ? at->n2 : at->n));
		}
		sink_put(j->s, "]", 1);
	}
	json_close(j, "]");
}

static void put_raws(struct json *j, const struct group *g, const struct result *res)
{
	const struct series *s = &res->series;

	json_number(j, "copies_n", result_copies(res));
	json_open(j, "address", "[");
	for (unsigned b = 0; b < g->blocks; b++) {
		json_item(j);
		sink_printf(j->s, "%llu", (unsigned long long)res->address[b]);
	}
	json_close(j, "]");
	put_raw(j, "ticks_n", g, s, s->ticks, false);
	put_raw(j, "ticks_2n", g, s, s->ticks, true);
	if (!s->cycles)
		return;
	put_raw(j, "cycles_n", g, s, s->cycles, false);
	put_raw(j, "cycles_2n", g, s, s->cycles, true);
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

static void put_ns(struct json *j, const struct result *res, uint64_t tsc_hz)
{
	int64_t ns = positive_ns(micro_ns(tsc_hz, res->ticks.median));

	if (!tsc_hz || !res->ticks.n)
		return;
	json_micro(j, "real_time", ns, 4);
	json_micro(j, "cpu_time", ns, 4);
	json_text(j, "time_unit", "ns");
}

/* Why it is not timed, in words, and, of an exception, in numbers. */
static void put_error(struct json *j, const struct result *res)
{
	char what[sizeof(res->why) + 20];

	text_format(what, sizeof(what), "%s%s", res->left_out ? "left out: " : "", res->why);
	json_bool(j, "error_occurred", true);
	json_text(j, "error_message", what);
	if (res->left_out)
		json_bool(j, "left_out", true);
	if (!res->faulted)
		return;
	json_open(j, "fault", "{");
	json_number(j, "vector", res->fault.vector);
	json_text(j, "name", fault_mnemonic(res->fault.vector));
	json_number(j, "error", res->fault.error);
	json_number(j, "address", res->fault.at);
	json_close(j, "}");
}

/* What Google Benchmark's readers look for in a benchmark. */
static void put_gbench(struct json *j, const struct result *res)
{
	json_text(j, "run_type", "iteration");
	json_number(j, "repetitions", 1);
	json_number(j, "repetition_index", 0);
	json_number(j, "threads", 1);
	if (res->refused) {
		put_error(j, res);
		return;
	}
	json_number(j, "iterations",
		    (uint64_t)result_copies(res) * res->series.reps
		    * res->ticks.n);
}

/* A verdict that is none says why. */
static void put_why(struct json *j, const struct run *r, const struct group *g,
		    const struct result *res)
{
	const struct why_facts f = why_facts_of(r, g, res);
	char text[WHY_ROOM];

	if (why_of(&f) == WHY_decided)
		return;
	json_text(j, "why", why_names[why_of(&f)]);
	json_text(j, "why_text", why_sentence(text, sizeof(text), &f));
}

static void put_versus(struct json *j, const struct run *r, const struct group *g,
		       const struct result *res, const struct result *reference)
{
	const struct comparison *vs = &res->vs;
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
	put_why(j, r, g, res);
	json_close(j, "}");
}

/* "restore_fl/native/ccall/inline+prefix/line/warm", the padding where it is not
 * long, ":twin" where that is its role, and "@3" where it is not the boot CPU's; the
 * group's op, backend, layout and state, whatever the cell's are: so names differ. */
static void put_names(struct json *j, const struct group *g,
		      const struct result *res)
{
	const struct cell *c = &res->cell;
	bool padded = c->padding != PADDING_long, cell = c->role == ROLE_cell;
	char name[200], group[GROUP_NAME_ROOM], at[GROUP_AT_ROOM];

	group_name(group, sizeof(group), g);
	text_format(name, sizeof(name), "%s/%s/%s/%s%s%s/%s/%s%s%s%s",
		    workload_of(g->workload)->name, backends[g->backend]->name,
		    conventions[c->convention].name, modes[c->mode].name,
		    padded ? "+" : "", padded ? paddings[c->padding].name : "",
		    layouts[g->layout].name, states[g->state].name,
		    cell ? "" : ":", cell ? "" : role_names[c->role], group_at(at, g));
	json_text(j, "name", name);
	json_text(j, "run_name", name);
	json_text(j, "group", group);
	json_number(j, "cpu", group_cpu(g));
}

static void put_benchmark(struct json *j, const struct run *r,
			  const struct group *g, const struct result *res,
			  const struct environment *env)
{
	const struct result *reference = group_reference(g, r->results);

	json_open(j, NULL, "{");
	put_names(j, g, res);
	put_gbench(j, res);
	if (!res->refused && !run_is_counted(r))
		put_ns(j, res, env->tsc_hz);
#define TEXT(name, value)			json_text(j, #name, value);
#define COUNT(name, value, unit)		json_number(j, #name, value);
#define MICRO(name, value, decimals, has, unit, better)		\
	if (!res->refused && (has) && (!decimals || !run_is_counted(r)))	\
		json_micro(j, #name, value, decimals);
#include "list/result_field.def"
#undef TEXT
#undef COUNT
#undef MICRO
	if (reference && result_is_compared(res))
		put_versus(j, r, g, res, reference);
	put_sites(j, res);
	if (!res->refused)
		put_raws(j, g, res);
	json_close(j, "}");
}

void report_cells_json(struct json *j, const struct run *r,
		       const struct environment *env)
{
	json_open(j, "benchmarks", "[");
	for (size_t i = 0; r && i < r->plan.groups; i++) {
		const struct group *g = &r->group[i];

		for (unsigned k = 0; k < g->count; k++)
			put_benchmark(j, r, g, &r->results[g->first + k], env);
	}
	json_close(j, "]");
}
