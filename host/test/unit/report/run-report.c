/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The three faces of a report, of a run whose counts are made up and summarised
 * by core: the JSON file as jq and the report tool read it, the lines, the table.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "report/report.h"
#include "workload/code_table.h"
#include "lib/line_wrap.h"
#include "backend/backends.h"

/* run.h has a plan() too. */
#define plan tap_plan
#include "sets.h"
#include "run/summary.h"
#include "tap.h"
#undef plan

/* core/workload/code_table.c's table is the image's; nothing here runs. */
const struct workload_code workload_code[CONVENTION_COUNT][WORKLOAD_COUNT];

enum { OFFSETS = 8, EACH = 6, REPS = 10, CELLS_MAX = 1200, GROUPS_MAX = 120 };

/* More backends, conventions, modes and paddings than the preset; no native; and
 * nothing that the seed had. */
static bool many, orphan, bare;

static struct config config;
static struct platform machine;
static struct environment env;
static struct findings findings;
static struct run run;
static struct group groups[GROUPS_MAX];
static struct result results[CELLS_MAX];
static struct batch *batches;
static int64_t *scratch;

static char bytes[1 << 25];
static struct memory_sink sink;

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % below;
}

/* The run. */

static void environment(void)
{
	env = (struct environment){
		.version = "1-g\"quoted\"", .arch = "x86_64",
		.compiler = "gcc 12", .flags = "-O2 -I\\dir",
		.cpu = { "GenuineIntel", 6, 0x97, 2 },
		.brand = "A \"CPU\" \\ with\ttab\x01\x7f and \xe9",
		.firmware = "EDK II", .date = "2026-11-23T20:00:00",
		.tsc_hz = 2000000000, .tsc_source = "CPUID leaf 15h",
		.text_addr = 0x7ffffff0000000, .text_len = 4096,
		.ops_addr = 0x7ffffff0002000,
		.invariant_tsc = true,
	};
	findings = (struct findings){
		.ops = { .checked = 31, .failed = 0, .not_run = 20, .trapping = 14 },
	};
}

static uint64_t counter(void)
{
	return 0;
}

/* Thousandths of a tick that one copy takes, filler included. */
static uint32_t cost(const struct cell *c, const struct group *g, unsigned twin)
{
	static const uint32_t filler[LAYOUT_COUNT] = {
		[LAYOUT_line] = 8000, [LAYOUT_work] = 16000,
	};
	uint32_t op = 10000 + 5000 * (g->workload == WORKLOAD_save_fl);

	if (c->workload == WORKLOAD_imul_chain)
		return 1500;			/* two ticks are four cycles */
	if (c->workload == WORKLOAD_lfence)
		op = 5976;			/* as published: 11.951 cycles */
	if (c->workload == WORKLOAD_pushf_popf)
		op = 15220;			/* 30.441 */
	if (c->role == ROLE_empty)
		op = 0;
	if (c->role == ROLE_twin)
		op += op * twin / 1000;
	if (c->mode == MODE_indirect)
		op = 5 * op / 2;
	if (c->mode == MODE_retpoline)
		op *= 3;
	return op + filler[g->layout];
}

/* What copies take in one timing, give or take a thousandth. */
static uint32_t timed(unsigned copies, uint32_t milli)
{
	uint32_t t = copies * REPS * (milli / 8) / 125;

	return 120 + t + t * rnd(21) / 10000;
}

static void fill(struct batch *b, uint32_t milli)
{
	for (unsigned i = 0; i < OFFSETS * EACH; i++)
		b[i] = (struct batch){ timed(WORKLOAD_N, milli),
				       timed(2 * WORKLOAD_N, milli) };
}

static void measured(struct result *r, const struct group *g, size_t i,
		     unsigned twin)
{
	size_t each = OFFSETS * EACH * (machine.cycles ? 2 : 1);
	struct batch *at = batches + i * each;

	r->series = (struct series){ REPS, EACH, at, NULL };
	fill(at, cost(&r->cell, g, twin));
	for (unsigned o = 0; o < OFFSETS; o++)
		r->address[o] = 0x7fffff000000000 + i * 4096 + o * 8;
	if (machine.cycles) {
		fill(at + OFFSETS * EACH, 2 * cost(&r->cell, g, twin));
		r->series.cycles = at + OFFSETS * EACH;
	}
	if (!conventions[r->cell.convention].sites)
		return;
	r->sites = r->shown = 2;
	r->site_len[0] = r->cell.convention == CONVENTION_wide32 ? 48 : 6;
	r->site_len[1] = r->cell.convention == CONVENTION_wide32 ? 48 : 10;
	r->site_bytes = r->site_len[0] + r->site_len[1];
	r->site_nops = 3;
	r->call_at = 5 + 4 * r->cell.convention;
	r->counts.sites = 2;
	r->counts.outcome[r->cell.mode == MODE_indirect ? KEPT_AS_BUILT
			  : PATCHED_INLINE] = 2;
	if (r->cell.mode == MODE_nop || r->cell.mode == MODE_key_jmp) {
		r->counts.outcome[PATCHED_INLINE] = r->cell.mode == MODE_nop;
		r->counts.outcome[KEPT_TOO_SMALL] = 1 + (r->cell.mode == MODE_key_jmp);
	}
	for (unsigned k = 0; k < 16; k++)
		r->bytes[k] = (uint8_t)(k * 16 + k);
}

static void summarise_all(void)
{
	for (size_t i = 0; i < run.plan.groups; i++)
		summarise(&groups[i], results, EACH, run.chain_cycles,
			  run.before.step, scratch);
}

/* Named workloads in all layouts, and some states. */
static void configure(void)
{
	config_preset(&config);
	config.offsets = OFFSETS;
	config.from[CONFIG_offsets] = (struct config_origin){ FROM_FILE, 3 };
	config.batches = EACH;
	config.from[CONFIG_batches] = (struct config_origin){ FROM_OPTIONS, 2 };
	config.workloads = these(1 << WORKLOAD_irq_disable | 1 << WORKLOAD_save_fl
		| 1 << WORKLOAD_imul_chain | 1 << WORKLOAD_lfence
		| 1 << WORKLOAD_pushf_popf);
	config.states = these(1 << STATE_warm | 1 << STATE_cold_branch);
	if (many) {
		config.workloads.bits[0] |= 1 << WORKLOAD_irq_save_restore;
		config.backends.bits[0] |= 1 << BACKEND_xen;
		config.conventions.bits[0] |= 1 << CONVENTION_callee | 1 << CONVENTION_wide32;
		config.modes.bits[0] |= 1 << MODE_retpoline | 1 << MODE_nop | 1 << MODE_key_jmp;
		config.paddings.bits[0] |= 1 << PADDING_prefix;
	}
	if (bare)
		config.modes = these(1 << MODE_retpoline);
	if (orphan)
		config.conventions.bits[0] &= ~(1u << CONVENTION_native);
}

static const struct nop_table *nopl(void)
{
	unsigned t = 0;

	while (strcmp(nop_tables[t]->name, "nopl"))
		t++;
	return nop_tables[t];
}

static void plan_run(void)
{
	memset(results, 0, sizeof(results));
	memset(groups, 0, sizeof(groups));
	run = (struct run){
		.config = &config, .machine = &machine, .nops = nopl(),
		.group = groups, .results = results, .seed = 77,
		.chain_cycles = 3, .pass_ticks = 4000,
		.before = { .step = 2 },
		.quality = { .tried = 5000, .dropped = { [DROPPED_gap] = 12 },
			     .largest_gap = 12345, .windows = 60, .overran = 1,
			     .longest_window = 31000000 },
	};
	run.plan = plan(&config, &machine, groups, results);
	free(batches);
	free(scratch);
	batches = malloc(run_batches(&config, &run.plan, &machine) * sizeof(*batches));
	scratch = malloc(run_scratch(&config, &run.plan) * sizeof(*scratch));
	run.batches = batches;
}

/* A finished run; the twins are that many thousandths off. */
static void build_with(unsigned twin)
{
	environment();
	configure();
	plan_run();
	for (size_t i = 0; i < run.plan.groups; i++) {
		struct group *g = &groups[i];

		for (unsigned o = 0; o < OFFSETS; o++)
			g->taken[o] = EACH;
		g->quality = (struct quality){ .tried = 50, .windows = 3 };
		for (size_t k = g->first; k < g->first + g->count; k++)
			measured(&results[k], g, k, twin);
	}
	summarise_all();
	run.was_applied[BACKEND_native][MODE_inline] = true;
	run.applied[BACKEND_native][MODE_inline] = (struct text_counts){
		.sites = 120, .nops = 200, .max_nops = 3,
		.outcome = { [PATCHED_INLINE] = 112, [KEPT_NO_FORM] = 8 },
	};
}

static void build(void)
{
	machine = (struct platform){ .features = { UINT64_MAX } };
	build_with(0);
}

static void refuse(size_t i)
{
	results[i].refused = true;
	strcpy(results[i].why, "body of one copy: IF is \"1\"");
	results[i].site_bytes = results[i].sites = results[i].shown = 0;
	results[i].has_vs = false;
}

/* No batch of that group counted. */
static void empty_group(size_t i)
{
	memset(groups[i].taken, 0, sizeof(groups[i].taken));
	for (size_t k = groups[i].first; k < groups[i].first + groups[i].count; k++)
		results[k].has_vs = results[k].has_cycles = false;
	summarise_all();
}

/* So it came: of 26 tries all were dropped, so many for what varies by itself. */
static void drop_all(uint32_t own)
{
	groups[0].quality = (struct quality){
		.tried = 26, .dropped = { [DROPPED_smi] = 3, [DROPPED_gap] = 23 },
		.gap_bound = 26000, .gap_own = own,
	};
}

static void sink_begin(void)
{
	memset(bytes, 0, sink.len + 1);
	sink = memory_sink(bytes, sizeof(bytes) - 1);
}

/* JSON, by the letter of RFC 8259: jq takes NaN and more. */

static const char *after_number(const char *p)
{
	p += *p == '-';
	if (*p == '0')
		p++;
	else if (*p >= '1' && *p <= '9')
		p += strspn(p, "0123456789");
	else
		return NULL;
	if (*p == '.') {
		if (!strspn(p + 1, "0123456789"))
			return NULL;
		p += 1 + strspn(p + 1, "0123456789");
	}
	return p;
}

static const char *after_string(const char *p)
{
	for (p++; *p != '"'; p++) {
		if (*p < ' ' || *p > '~')
			return NULL;
		if (*p == '\\' && !strchr("\"\\u", *++p))
			return NULL;
	}
	return p + 1;
}

/* Outside of strings: brackets, numbers, true and false; and nothing else. */
static bool strict(const char *p)
{
	while (p && *p) {
		if (strchr("{}[],: \n", *p))
			p++;
		else if (*p == '"')
			p = after_string(p);
		else if (!strncmp(p, "true", 4) || !strncmp(p, "false", 5))
			p += *p == 't' ? 4 : 5;
		else
			p = after_number(p);
	}
	return p != NULL;
}

static char path[] = "/tmp/run-report.XXXXXX";

static void save(const struct run *r)
{
	FILE *f = fopen(path, "w");

	sink_begin();
	report_json(r, &config, &env, &findings, &sink.sink);
	if (f) {
		fwrite(bytes, 1, sink.len, f);
		fclose(f);
	}
}

static bool jq(const char *filter)
{
	char command[8000];

	snprintf(command, sizeof(command), "jq -e '%s' %s >/dev/null 2>&1",
		 filter, path);
	return system(command) == 0;
}

/* Of the complete report. */
static const char *const complete[] = {
	".schema == \"parapatch-report/2\"",
	".status == \"complete\" and (has(\"error\") | not)",
	".context.date == \"2026-11-23T20:00:00\"",
	".context.parapatch_version == \"1-g\\\"quoted\\\"\"",
	".context.flags == \"-O2 -I\\\\dir\"",
	".context.cpu.name == \"A \\\"CPU\\\" \\\\ with\\ttab\\u0001\\u007f and \\u00e9\"",
	".context.cpu.vendor == \"GenuineIntel\" and .context.cpu.family == 6"
		" and .context.cpu.model == 151 and .context.cpu.stepping == 2",
	".context.cpu.tsc_hz == 2000000000 and .context.mhz_per_cpu == 2000",
	".context.cpu.invariant_tsc == true and .context.cpu.hypervisor == \"\"",
	".context.ops_check == {checked: 31, failed: 0, not_run: 20, trapping: 14}",
	".config | startswith(\"plan = default\\noffsets = 8\\nbatches = 6\\n\")",
	".config_from == ([.config | split(\"\\n\")[] | select(length > 0)"
		" | split(\" = \")[0] | {key: ., value: \"preset\"}] | from_entries"
		" + {offsets: \"\\\\parapatch.cfg line 3\", batches: \"option word 2\"})",
	".seed == 77 and .ring == 0 and .gap_us == 10 and .chain_cycles == 3",
	".offset_step_bytes == 8 and .pass_ticks == 4000 and .tsc_step_ticks == 2",
	".cycles_from == \"IMUL chain\"",
	".gaps_before == {watched_ticks: 0, count: 0, largest_ticks: 0}",
	".batches.tried == 5000 and .batches.dropped.gap == 12"
		" and .batches.dropped.smi == 0 and .batches.windows == 60"
		" and .batches.windows_overran == 1"
		" and .batches.longest_window_ticks == 31000000"
		" and .batches.largest_gap_ticks == 12345",
	".applied | keys == [\"native\"]", ".applied.native | keys == [\"inline\"]",
	".applied.native.inline | .sites == 120 and .inline == 112"
		" and .[\"kept-no-form\"] == 8 and .[\"direct-call\"] == 0"
		" and .[\"stub-call\"] == 0 and .jump == 0 and .[\"test-and-call\"] == 0"
		" and .nops == 200 and .most_nops_in_a_site == 3",
	".nop_table == \"nopl\"",
	/* 2 ops in dense, line, work, warm, and line, cold; three others. */
	".groups | length == 11",
	".groups[0] == (.groups[0] | .name = \"irq_disable/native/dense/warm\""
		" | .taken = [6,6,6,6,6,6,6,6] | .tried = 50 | .windows = 3)",
	/* Seven cells a group, and one of filler alone; three of each of the others. */
	".benchmarks | length == 2 * (7 + 3 * 8) + 3 * 3",
	"[.benchmarks[].name] | unique | length == 71",
	"[.benchmarks[].group] - [.groups[].name] == []",
	"[.groups[].name] - [.benchmarks[].group] == []",
	"[.benchmarks[] | .role] | group_by(.) | map(length) == [43, 11, 6, 11]",
	".benchmarks[0].name == \"irq_disable/native/native/native/dense/warm\"",
	"[.benchmarks[] | select(.role == \"twin\").name | endswith(\"/warm:twin\")"
		" or endswith(\"/cold_branch:twin\")] | all",
	/* The chain is dense and warm in every group, and named by its group. */
	"[.benchmarks[] | select(.role == \"chain\") | .op == \"imul_chain\""
		" and .layout == \"dense\" and .state == \"warm\""
		" and .name == (.group | sub(\"/native/\"; \"/native/native/native/\")) + \":chain\"] | all",
	"[.benchmarks[] | select(.role == \"chain\").cycles == 3] | all",
	"[.benchmarks[] | select(.role == \"empty\").layout] | unique == [\"line\", \"work\"]",
	"[.benchmarks[] | .cpu_time == .real_time and .time_unit == \"ns\""
		" and .iterations == 24 * 10 * 48 and .n == 48 and .reps == 10] | all",
	"[.benchmarks[] | (2 * .real_time - .median_ticks) | fabs < 0.002] | all",
	".benchmarks[0] | .site == [] and .sites == 0 and (has(\"vs\") | not)",
	".benchmarks[1].site == [\"00 11 22 33 44 55\","
		" \"66 77 88 99 aa bb cc dd ee ff\"]",
	".benchmarks[1] | .sites == 2 and .site_bytes == 16 and .site_nops == 3"
		" and .call_at == 9 and .padding == \"long\"",
	".benchmarks[0].outcome == \"-\" and .benchmarks[1].outcome == \"kept-as-built\""
		" and .benchmarks[2].outcome == \"inline\"",
	"[.benchmarks[] | has(\"low_half_ticks\") or has(\"high_half_ticks\")] | any | not",
	".skipped | .apart > 0 and .isa == 0 and keys == ([\"apart\", \"full\", \"once\","
		" \"isa\", \"feature\", \"cold\", \"emulated\", \"privileged\", \"crowded\"] | sort)",
	"has(\"left_out\") | not",
	".benchmarks[1] | .vs.of == \"native\" and .vs.verdict == \"slower\"",
	"[.benchmarks[] | select(.role == \"twin\").vs.verdict == \"same\"] | all",
	"[.benchmarks[] | select(.mode == \"inline\").vs.verdict == \"same\"] | all",
	"[.benchmarks[] | select(.mode == \"indirect\" and .state == \"warm\").vs"
		" | .verdict == \"slower\" and .ratio_lo > 2.4 and .ratio_hi < 2.6] | all",
	"[.benchmarks[] | select(has(\"vs\")).vs | .ratio_lo <= .ratio"
		" and .ratio <= .ratio_hi and .difference_lo <= .difference"
		" and .difference <= .difference_hi and .margin >= 0.01] | all",
	"[.benchmarks[] | .copies_n == 24 and (.address | length == 8)] | all",
	"[.benchmarks[] | .ticks_n, .ticks_2n | length == 8 and all(length == 6)] | all",
	"[.benchmarks[] | has(\"cycles_n\") or has(\"cycles_2n\")] | any | not",
	"[.benchmarks[] | has(\"error_occurred\") | not] | all",
	"[.benchmarks[] | .min_ticks <= .p5_ticks and .p5_ticks <= .p25_ticks"
		" and .p25_ticks <= .median_ticks and .median_ticks <= .p75_ticks"
		" and .p75_ticks <= .p95_ticks and .p95_ticks <= .max_ticks"
		" and .offset_min_ticks <= .median_ticks"
		" and .median_ticks <= .offset_max_ticks] | all",
	"[.benchmarks[] | select(.layout != \"dense\" and .role == \"cell\""
		" and .state == \"warm\") | .gross_ticks > .median_ticks + 7] | all",
	/* Nothing is taken off in a cold state. */
	"[.benchmarks[] | select(.state == \"cold_branch\")"
		" | .gross_ticks == .median_ticks] | all",
	/* Every number that a benchmark has is explained: unit and direction. */
	". as $r | [.benchmarks[] | to_entries[] | select(.value | type == \"number\")"
		" | .key] - [\"repetitions\", \"repetition_index\", \"threads\"]"
		" | all(in($r.fields))",
	". as $r | [.benchmarks[] | .vs // {} | to_entries[]"
		" | select(.value | type == \"number\") | \"vs.\" + .key]"
		" | length > 100 and all(in($r.fields))",
	"[.benchmarks[] | select(has(\"vs\")).vs.by == \"ratio\"] | all",
	". as $r | [.benchmarks[] | .vs // {} | keys[] | \"vs.\" + . | select(. != \"vs.of\")]"
		" | all(in($r.fields))",
	"[.fields | to_entries[] | select(.key | test(\"_ticks$|^vs[.][rmd]|^cycles$\")).value"
		" | test(\"(ticks|cycles).* (lower|neither) is better$\")]"
		" | length == 21 and all",
	"[.fields[] | length > 0] | all",
};

/* The clock agrees with what is published for the model. */
static const char *const anchors[] = {
	".anchors.anchored == \"verified\"",
	".anchors.summary | startswith(\"verified clock: 2 of 2 anchors\")",
	".anchors.lfence | .verdict == \"agrees\" and .published == 11.951"
		" and .of == \"Golden Cove\" and .source != \"\""
		" and .cycles > 11.7 and .cycles < 12.2",
	".anchors.imul_chain | .cycles == 3",
	".anchors.pushf_popf | .verdict == \"agrees\" and .cycles > 30 and .cycles < 31",
	".anchors.cpuid_0 | has(\"cycles\") | not",
	".anchors | length == 9",
};

/* A counter of core cycles: raw counts of its own. */
static const char *const counted[] = {
	".cycles_from == \"counter\"",
	"[.benchmarks[] | .cycles_n, .cycles_2n | length == 8 and all(length == 6)] | all",
	"[.benchmarks[] | select(.role == \"cell\") | .cycles / .median_ticks"
		" | . > 1.96 and . < 2.04] | all",
};

static const char *const running[] = {
	".status == \"running\"",
	".benchmarks == []",
	".schema == \"parapatch-report/2\"",
	".context.arch == \"x86_64\"",
	"has(\"applied\") or has(\"groups\") or has(\"anchors\") or has(\"seed\") | not",
	".config | length > 0",
	".fields | length > 30",
};

static const char *const refused[] = {
	".status == \"check-failed\"",
	".benchmarks[1] | .error_occurred == true"
		" and .error_message == \"body of one copy: IF is \\\"1\\\"\"",
	".benchmarks[1] | has(\"ticks_n\") or has(\"iterations\") or has(\"median_ticks\")"
		" or has(\"vs\") or has(\"cycles\") or has(\"real_time\") | not",
	"[.benchmarks[] | select(.error_occurred)] | length == 1",
};

static const char *const op_failed[] = { ".status == \"check-failed\"" };
static const char *const not_put_back[] = { ".status == \"check-failed\"" };

/* What ended early says why, and keeps what it has. */
static const char *const failed[] = {
	".status == \"failed\" and .error == \"no \\\"quiet\\\" window\"",
	".benchmarks | length == 71",
	".benchmarks[0] | .median_ticks > 9 and has(\"vs\") == false",
};

/* Nothing counted: raw lists are empty, and there are no numbers made of nothing. */
static const char *const empty[] = {
	".groups[0].taken == [0,0,0,0,0,0,0,0]",
	".groups[0].not_measured == \"nothing of it was timed\"",
	"[.groups[1:][] | has(\"not_measured\")] | any | not",
	".status == \"check-failed\"",
	"[.benchmarks[] | select(.group == \"irq_disable/native/dense/warm\")"
		" | .n == 0 and .iterations == 0 and .ticks_n == [[],[],[],[],[],[],[],[]]] | all",
	"[.benchmarks[] | select(.group == \"irq_disable/native/dense/warm\") | has(\"median_ticks\")"
		" or has(\"gross_ticks\") or has(\"mad_ticks\") or has(\"real_time\")"
		" or has(\"vs\") or has(\"cycles\")] | any | not",
	"[.benchmarks[] | select(.group != \"irq_disable/native/dense/warm\") | has(\"median_ticks\")]"
		" | length == 64 and all",
};

/* No batch, because of the machine: fails; because of what the op is: does not. */
static const char *const disturbed[] = {
	".groups[0].not_measured == \"the machine disturbed all of 26 tries: smi 3 gap 23\"",
	".groups[0].gap_own == 12 and .groups[0].gap_bound_ticks == 26000",
	".status == \"check-failed\"",
};
static const char *const varies[] = {
	".groups[0].not_measured == \"its time cannot be told from disturbances, as it varies by itself"
		" or lasts so long that a batch meets gaps of the clock: 13 of 26 tries\"",
	".status == \"complete\"",
};

/* What takes less than nothing, nothing, or next to nothing: times that a logarithm can
 * be taken of, and the ticks as they are. */
static const char *const negative[] = {
	"[.benchmarks[] | .real_time > 0 and .cpu_time > 0] | all",
	".benchmarks[0] | .real_time == 0.0001 and .cpu_time == 0.0001 and .median_ticks == -5",
	".benchmarks[1] | .real_time == 0.0001 and .median_ticks == 0",
	".benchmarks[2] | .real_time == 0.0001 and .cpu_time == 0.0001",
	".benchmarks[3] | .real_time == 1.5 and .cpu_time == 1.5 and .median_ticks == 3",
	".fields.real_time | contains(\"0.0001\")",
};

static const char *const no_rate[] = {
	"[.benchmarks[] | has(\"real_time\") or has(\"time_unit\")] | any | not",
	"[.benchmarks[] | has(\"median_ticks\")] | all",
};

static const char *const nothing[] = {
	".status == \"complete\" and .benchmarks == [] and .groups == []",
	".applied == {}",
	".anchors.anchored == \"not-measured\"",
};

/* Of a run with more of everything: 3 ops under 2 backends, 4 groups each; native
 * once, 4 conventions of 3 modes that have 2 paddings and 2 that have one. */
static const char *const more[] = {
	".groups | length == 3 * 2 * 4 + 3",
	"[.benchmarks[] | select(.role == \"cell\" and .group == \"save_fl/xen/line/warm\")]"
		" | length == 1 + 4 * (3 * 2 + 2)",
	"[.benchmarks[].name] | length == (unique | length)",
	"[.benchmarks[] | select(.mode == \"native\").backend] | unique == [\"native\"]",
	"[.benchmarks[].name] | contains([\"save_fl/xen/native/native/line/warm\","
		" \"save_fl/xen/callee/inline/line/warm\","
		" \"save_fl/xen/wide32/retpoline+prefix/line/warm\","
		" \"save_fl/xen/native/native/line/warm:twin\","
		" \"save_fl/xen/native/native/line/warm:chain\"])",
	"[.benchmarks[] | select(.padding != \"long\") | .padding == \"prefix\""
		" and (.mode | . == \"inline\" or . == \"retpoline\" or . == \"nop\")]"
		" | length == 24 * 4 * 3 and all",
	"[.benchmarks[] | [.mode, .outcome]] | unique == [[\"indirect\", \"kept-as-built\"],"
		" [\"inline\", \"inline\"], [\"key_jmp\", \"kept-too-small\"],"
		" [\"native\", \"-\"], [\"nop\", \"mixed\"], [\"retpoline\", \"inline\"]]",
	"[.benchmarks[] | select(has(\"vs\")).vs.of] | unique == [\"native\"]",
	".config | contains(\"\\nbackends = native xen\\n\")"
		" and contains(\"\\npaddings = long prefix\\n\")",
	/* Of each op's group, and of each anchor: of 5 conventions, 6 modes, 2 paddings. */
	".skipped | .full == 24 * (1 + 4 * 2) + 3 and .isa == 0 and .crowded == 0",
};

/* Without native cells. */
static const char *const orphans[] = {
	"[.benchmarks[] | select(has(\"vs\")).vs.of] | unique == [\"indirect/ccall\"]",
	"[.benchmarks[] | select(.mode == \"indirect\" and .convention == \"ccall\""
		" and .role == \"cell\") | has(\"vs\")] | length == 24 and (any | not)",
	"[.benchmarks[] | select(.role == \"twin\") | .mode == \"indirect\""
		" and .convention == \"ccall\" and .vs.verdict == \"same\""
		" and .outcome == \"kept-as-built\"] | length == 24 and all",
	"[.benchmarks[] | select(.mode == \"inline\" and .state == \"warm\").vs | .verdict == \"faster\""
		" and .ratio > 0.3 and .ratio < 0.5] | length > 100 and all",
	"[.benchmarks[] | select(.role == \"cell\").op] | unique"
		" == [\"irq_disable\", \"irq_save_restore\", \"save_fl\"]",
};

static void ask(const char *what, const char *const *filter, size_t n)
{
	ok(!sink.sink.failed && jq(".") && strict(bytes), "%s: is JSON", what);
	ok(sink.len < report_room(&run), "%s: in the room for it", what);
	for (size_t i = 0; i < n; i++)
		ok(jq(filter[i]), "%s: %s", what, filter[i]);
}
#define ASK(list)	ask(#list, list, sizeof(list) / sizeof(list[0]))

static void test_ends(void)
{
	save(NULL);
	ASK(running);
	refuse(1);
	save(&run);
	ASK(refused);
	build();
	findings.ops.failed = 1;
	save(&run);
	ASK(op_failed);
	build();
	findings.check_failed = "the 8259s' masks";
	save(&run);
	ASK(not_put_back);
	build();
	run.failed = "no \"quiet\" window";
	save(&run);
	ASK(failed);
}

static void test_json(void)
{
	int fd = mkstemp(path);

	build();
	save(&run);
	ASK(complete);
	ASK(anchors);
	test_ends();
	machine.cycles = counter;
	build_with(0);
	save(&run);
	ASK(counted);
	build();
	empty_group(0);
	save(&run);
	ASK(empty);
	drop_all(12);
	save(&run);
	ASK(disturbed);
	drop_all(13);
	save(&run);
	ASK(varies);
	build();
	results[0].ticks.median = -5000000;
	results[1].ticks.median = 0;
	results[2].ticks.median = 1;
	results[3].ticks.median = 3000000;
	save(&run);
	ASK(negative);
	build();
	env.tsc_hz = 0;
	save(&run);
	ASK(no_rate);
	build();
	run.plan.cells = run.plan.groups = 0;
	run.was_applied[BACKEND_native][MODE_inline] = false;
	save(&run);
	ASK(nothing);
	close(fd);
	unlink(path);
}

static bool tool_says(const char *words)
{
	char command[200];

	snprintf(command, sizeof(command), "out/test/report %s 2>&1 | grep -q '%s'",
		 path, words);
	return !system(command);
}

/* Sites of 6 bytes, one a copy, at 8 offsets of a line: none goes over its end. */
static void one_site_each(void)
{
	for (size_t i = 0; i < run.plan.cells; i++)
		if (results[i].cell.convention == CONVENTION_ccall) {
			results[i].sites = 1;
			results[i].site_bytes = 6;
		}
	summarise_all();
}

static const char *const halved[] = {
	"[.benchmarks[] | select(.convention == \"ccall\" and .mode == \"indirect\""
		" and .layout == \"line\") | has(\"low_half_ticks\") and has(\"high_half_ticks\")]"
		" | length > 3 and all",
	"[.benchmarks[] | select(.convention != \"ccall\" or .mode == \"inline\""
		" or .layout != \"line\") | has(\"low_half_ticks\") or has(\"high_half_ticks\")]"
		" | any | not",
	".fields.low_half_ticks | test(\"sites is 1, site_bytes 6\")",
};

static void test_many(void)
{
	int fd = mkstemp(strcpy(path, "/tmp/run-report.XXXXXX"));

	many = true;
	build();
	save(&run);
	ASK(more);
	ok(tool_says("\\([0-9]*\\) of \\1 numbers stated follow")
	   && tool_says("^  xen/wide32/retpoline+prefix  *[0-9]")
	   && tool_says("^  xen/callee/nop .* (mixed)$"),
	   "the report tool confirms them");
	one_site_each();
	save(&run);
	ASK(halved);
	ok(tool_says("\\([0-9]*\\) of \\1 numbers stated follow"), "and halves");
	orphan = true;
	build();
	save(&run);
	ASK(orphans);
	ok(tool_says("\\([0-9]*\\) of \\1 numbers stated follow")
	   && tool_says("compared with indirect/ccall: there is no native cell"),
	   "the report tool confirms what has no native cell");
	many = orphan = false;
	close(fd);
	unlink(path);
}

/* Every number of every cell, printed here in whole thousandths or millionths,
 * is what the file has. */

/* Halves away from zero. */
static int64_t in_units(int64_t micro, int64_t unit)
{
	return micro < 0 ? -((-micro + unit / 2) / unit) : (micro + unit / 2) / unit;
}

struct number {
	const char *key;
	int64_t value;
};

/* " key value" where it is told, and " key" where it must not be. */
static void want(FILE *f, const char *key, bool is, int64_t micro, int64_t unit)
{
	if (is)
		fprintf(f, " %s=%" PRId64, key, in_units(micro, unit));
	else
		fprintf(f, " %s=-", key);
}

static void want_comparison(FILE *f, const struct result *r)
{
	const struct comparison *vs = &r->vs;
	bool is = r->has_vs && !r->refused, in = is && vs->has_ratio && vs->ratio_95.known;

	want(f, "vs.ratio", is && vs->has_ratio, vs->ratio, 1);
	want(f, "vs.ratio_lo", in, vs->ratio_95.lo, 1);
	want(f, "vs.ratio_hi", in, vs->ratio_95.hi, 1);
	want(f, "vs.margin", is && vs->margin != INT64_MAX, vs->margin, 1);
	want(f, "vs.difference", is, vs->difference, 1000);
	want(f, "vs.difference_lo", in, vs->difference_95.lo, 1000);
	want(f, "vs.difference_hi", in, vs->difference_95.hi, 1000);
}

static void want_cell(FILE *f, const struct result *r)
{
	const struct number ticks[] = {
		{ "median_ticks", r->ticks.median }, { "offset_min_ticks", r->offset_min },
		{ "offset_max_ticks", r->offset_max }, { "gross_ticks", r->gross },
		{ "min_ticks", r->ticks.min }, { "p5_ticks", r->ticks.p5 },
		{ "p25_ticks", r->ticks.p25 }, { "p75_ticks", r->ticks.p75 },
		{ "p95_ticks", r->ticks.p95 }, { "max_ticks", r->ticks.max },
		{ "mad_ticks", r->ticks.mad },
	};

	for (unsigned i = 0; i < sizeof(ticks) / sizeof(ticks[0]); i++)
		want(f, ticks[i].key, !r->refused, ticks[i].value, 1000);
	want(f, "low_half_ticks", !r->refused && r->has_low_half, r->low_half, 1000);
	want(f, "high_half_ticks", !r->refused && r->has_high_half, r->high_half, 1000);
	want(f, "cycles", !r->refused && r->has_cycles, r->cycles, 1000);
	want_comparison(f, r);
	fprintf(f, "\n");
}

/* One of a key's values, in the file, as want() has it. */
#define GOT(key, unit) \
	"\\(.\"" key "\" | if . == null then \"-\" else . * " unit " | round end)"
#define GOT_TICKS(key)	" " key "=" GOT(key, "1000")
#define GOT_VS(key, unit) " vs." key "=\\(.vs.\"" key "\" | if . == null" \
	" then \"-\" else . * " unit " | round end)"

static const char got[] =
	"jq -r '.benchmarks[] | \""
	GOT_TICKS("median_ticks") GOT_TICKS("offset_min_ticks")
	GOT_TICKS("offset_max_ticks") GOT_TICKS("gross_ticks")
	GOT_TICKS("min_ticks") GOT_TICKS("p5_ticks") GOT_TICKS("p25_ticks")
	GOT_TICKS("p75_ticks") GOT_TICKS("p95_ticks") GOT_TICKS("max_ticks")
	GOT_TICKS("mad_ticks") GOT_TICKS("low_half_ticks")
	GOT_TICKS("high_half_ticks") GOT_TICKS("cycles")
	GOT_VS("ratio", "1000000") GOT_VS("ratio_lo", "1000000")
	GOT_VS("ratio_hi", "1000000") GOT_VS("margin", "1000000")
	GOT_VS("difference", "1000") GOT_VS("difference_lo", "1000")
	GOT_VS("difference_hi", "1000") "\"' %s | diff - %s.want >&2";

static bool numbers_agree(void)
{
	char command[4000], name[sizeof(path) + 10];
	bool agree;
	FILE *f;

	save(&run);
	snprintf(name, sizeof(name), "%s.want", path);
	f = fopen(name, "w");
	for (size_t i = 0; f && i < run.plan.cells; i++)
		want_cell(f, &results[i]);
	if (!f || fclose(f))
		return false;
	snprintf(command, sizeof(command), got, path, path);
	agree = !system(command);
	unlink(name);
	return agree;
}

/* Values that no run has: their digits are all that is asked for.  A double
 * holds 15. */
static void any_numbers(void)
{
	for (size_t i = 0; i < run.plan.cells; i++) {
		struct result *r = &results[i];
		int64_t *const v[] = {
			&r->ticks.median, &r->offset_min, &r->offset_max, &r->gross,
			&r->ticks.min, &r->ticks.p5, &r->ticks.p25, &r->ticks.p75,
			&r->ticks.p95, &r->ticks.max, &r->ticks.mad, &r->cycles,
			&r->vs.ratio, &r->vs.ratio_95.lo, &r->vs.ratio_95.hi,
			&r->vs.margin, &r->vs.difference, &r->vs.difference_95.lo,
			&r->vs.difference_95.hi, &r->low_half, &r->high_half,
		};

		r->has_cycles = rnd(2);
		r->has_low_half = rnd(2);
		r->has_high_half = rnd(2);
		r->has_vs = rnd(2);
		r->vs.has_ratio = rnd(2);
		r->vs.ratio_95.known = r->vs.difference_95.known
			= r->vs.has_ratio && rnd(2);
		for (unsigned k = 0; k < sizeof(v) / sizeof(v[0]); k++)
			*v[k] = ((int64_t)rnd(1 << 30) - (1 << 29)) * (1 + rnd(1000));
		if (!rnd(4))
			r->vs.margin = INT64_MAX;
	}
}

/* Bytes of the raw counts, from the file and from memory. */
static bool raw_agrees(void)
{
	char command[200];
	bool same = true;
	FILE *f;

	snprintf(command, sizeof(command),
		 "jq '.benchmarks[] | .ticks_n[][], .ticks_2n[][], .address[0] %% 1' %s", path);
	f = popen(command, "r");
	for (size_t i = 0; f && i < run.plan.cells * (2 * OFFSETS * EACH + 1); i++) {
		size_t cell = i / (2 * OFFSETS * EACH + 1);
		size_t at = i % (2 * OFFSETS * EACH + 1);
		const struct batch *b = results[cell].series.ticks;
		unsigned long long v;

		if (fscanf(f, "%llu", &v) != 1)
			same = false;
		else if (at < OFFSETS * EACH)
			same &= v == b[at].n;
		else if (at < 2 * OFFSETS * EACH)
			same &= v == b[at - OFFSETS * EACH].n2;
	}
	return f && !pclose(f) && same;
}

static void test_equal(void)
{
	int fd = mkstemp(strcpy(path, "/tmp/run-report.XXXXXX"));
	unsigned good = 0;

	build();
	ok(numbers_agree(), "every number of every cell is the structure's");
	ok(raw_agrees(), "so are the raw counts, at each offset and batch");
	ok(tool_says("\\([0-9]*\\) of \\1 numbers stated follow"),
	   "and the report tool confirms them from those");
	refuse(4);
	while (good < 5) {
		any_numbers();
		if (!numbers_agree())
			break;
		good++;
	}
	ok(good == 5, "numbers of every size, with any of them missing");
	close(fd);
	unlink(path);
}

/* Strings and room. */

/* Every byte that can be in a string, and only ASCII comes out. */
static void test_escapes(void)
{
	unsigned wrong = 0, outside = 0;
	int fd = mkstemp(strcpy(path, "/tmp/run-report.XXXXXX"));

	build();
	for (unsigned at = 1; at < 256; at += 40) {
		char filter[200];

		for (unsigned i = 0; i < 40; i++)
			env.brand[i] = (char)(at + i < 256 ? at + i : 'x');
		env.brand[40] = '\0';
		save(NULL);
		snprintf(filter, sizeof(filter), ".context.cpu.name | explode |"
			 " . == [range(%u; %u)] + [range(%u) | 120]", at,
			 at + 40 < 256 ? at + 40 : 256,
			 at + 40 < 256 ? 0 : at + 40 - 256);
		wrong += !jq(filter) || !strict(bytes);
		for (size_t i = 0; i < sink.len; i++)
			outside += bytes[i] != '\n' && (bytes[i] < ' ' || bytes[i] > '~');
	}
	ok(!wrong, "every byte of a string comes back as that code point");
	ok(!outside, "and the file is ASCII");
	close(fd);
	unlink(path);
}

static const char hostile[] =
	"\",\"status\":\"complete\"}\\\"\n\r\t\x01\x7f\x80\xff NaN%s%n";

/* What is said wherever a string can be, none of it outside of quotes. */
static void test_hostile(void)
{
	int fd = mkstemp(strcpy(path, "/tmp/run-report.XXXXXX"));

	build();
	env.version = env.compiler = env.flags = env.tsc_source = hostile;
	env.lfence = env.cycles = env.microcode_why = env.smbios.why = hostile;
	text_format(env.brand, sizeof(env.brand), "%s", hostile);
	text_format(env.hypervisor, sizeof(env.hypervisor), "%s", hostile);
	text_format(env.cpu.vendor, sizeof(env.cpu.vendor), "%s", hostile);
	text_format(env.firmware, sizeof(env.firmware), "%s", hostile);
	text_format(env.smbios.bios_vendor, sizeof(env.smbios.bios_vendor), "%s", hostile);
	text_format(env.tsc.doubt, sizeof(env.tsc.doubt), "%s", hostile);
	findings.ops.note[0] = (struct op_note){ "cpuid", hostile, hostile };
	findings.ops.notes = 1;
	for (size_t i = 0; i < run.plan.cells; i++) {
		refuse(i);
		strcpy(results[i].why, hostile);
	}
	run.failed = hostile;
	save(&run);
	ok(strict(bytes) && jq(".status == \"failed\"")
	   && jq("[.benchmarks[].error_message, .error, .context.flags,"
		 " .context.smbios.why] | unique | length == 1"),
	   "strings that pretend to be JSON are strings");
	close(fd);
	unlink(path);
}

/* Everything that a machine may say, as long as it can be: printable() lets a
 * backslash through, which takes two bytes. */
static void longest_environment(void)
{
	static char flags[1500], line[180];
	char *const strings[] = {
		env.brand, env.firmware, env.firmware_vendor,
		env.smbios.bios_vendor, env.smbios.bios_version,
		env.smbios.system_maker, env.smbios.system_product,
		env.smbios.board_maker, env.smbios.board_product,
		env.smbios.board_version,
	};

	memset(flags, 'f', sizeof(flags) - 1);
	memset(line, 'w', sizeof(line) - 1);
	for (unsigned i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
		memset(strings[i], '\\', i ? 59 : 48);
	memset(env.tsc.doubt, 'd', sizeof(env.tsc.doubt) - 1);
	memset(env.cycles_why, 'c', sizeof(env.cycles_why) - 1);
	memset(&env.features, 0xff, sizeof(env.features));
	env.version = env.compiler = env.flags = flags;
	env.lfence = env.microcode_why = env.smbios.why = line;
	env.secure_boot = env.text_written.found = env.text_written.mapped = line;
	env.text_written.by = env.text_written.why = env.text_written.cet = line;
	for (unsigned k = 0; k < TSC_KIND_COUNT; k++)
		env.tsc_sources[k] = (struct tsc_source){
			.kind = k, .hz = UINT64_MAX, .why = line };
	for (findings.ops.notes = 0; findings.ops.notes < OP_COUNT; findings.ops.notes++)
		findings.ops.note[findings.ops.notes] = (struct op_note){
			op_info[findings.ops.notes].name, "not run", line };
}

/* A cell's numbers, all as long as they can be. */
static void longest_result(struct result *r, bool is_refused)
{
	const struct interval all = { true, INT64_MIN, INT64_MIN };

	r->ticks = (struct spread){ UINT32_MAX, INT64_MIN, INT64_MIN, INT64_MIN,
		INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN };
	r->gross = r->offset_min = r->offset_max = r->cycles = INT64_MIN;
	r->low_half = r->high_half = INT64_MIN;
	r->has_low_half = r->has_high_half = r->has_cycles = r->has_vs = true;
	r->call_at = UINT32_MAX;
	r->vs = (struct comparison){ true, INT64_MIN, all, INT64_MIN, all,
		INT64_MIN, VERDICT_inconclusive, false };
	r->refused = is_refused;
	memset(r->why, '"', sizeof(r->why) - 1);
	r->sites = r->shown = CELL_SITES_MAX;
	for (unsigned i = 0; i < CELL_SITES_MAX; i++)
		r->site_len[i] = CELL_BYTES_MAX / CELL_SITES_MAX;
	memset(r->address, 0xff, sizeof(r->address));
}

static void longest_quality(struct quality *q)
{
	memset(q, 0xff, sizeof(*q));
}

/* Nothing in the run can be longer. */
static void longest_run(unsigned count, bool counted_too)
{
	uint32_t each = count ? count : plan_batches(&config);

	machine = (struct platform){ .features = { UINT64_MAX }, .cycles = counted_too ? counter : NULL };
	environment();
	config_preset(&config);
	config.plan = PLAN_FULL;
	config.batches = each;
	plan_run();
	memset(batches, 0xff, run_batches(&config, &run.plan, &machine) * sizeof(*batches));
	for (size_t i = 0; i < run.plan.cells; i++) {
		results[i].series = (struct series){ UINT32_MAX, each, batches,
			counted_too ? batches : NULL };
		longest_result(&results[i], false);
	}
	for (size_t i = 0; i < run.plan.groups; i++) {
		for (unsigned o = 0; o < OFFSETS_MAX; o++)
			groups[i].taken[o] = each;
		longest_quality(&groups[i].quality);
	}
	longest_quality(&run.quality);
	memset(&run.before, 0xff, offsetof(struct gaps, stopped));
	run.after = run.before;
	run.seed = UINT64_MAX;
	memset(run.was_applied, true, sizeof(run.was_applied));
	memset(run.applied, 0xff, sizeof(run.applied));
	longest_environment();
}

/* No configuration is longer, see run-config.c; nor is where it is from. */
static void longest_config(void)
{
#define NUMBER(key, preset, lowest, highest, what)	config.key = (uint32_t)(highest);
#define SET(key, list, preset, what)
#define CHOICE(key, list, preset, what)
#define NAMES(key, preset, what)	memset(config.key, 'x', CONFIG_NAMES_ROOM - 1);
#include "list/config.def"
#undef NAMES
#undef NUMBER
#undef SET
#undef CHOICE
	config.backends = set_below(BACKEND_COUNT);
	config.conventions = set_below(CONVENTION_COUNT);
	config.modes = set_below(MODE_COUNT);
	config.paddings = set_below(PADDING_poison);
	for (unsigned k = 0; k < CONFIG_KEYS; k++)
		config.from[k] = (struct config_origin){ FROM_FILE, UINT32_MAX };
}

/* What a report has of its configuration is what config_print() says, all of it. */
static void test_whole_config(void)
{
	char want[3 * CONFIG_PRINTED_ROOM], filter[2 * CONFIG_PRINTED_ROOM];
	struct memory_sink m = memory_sink(want, sizeof(want) - 1);
	size_t n = 0;

	build();
	longest_config();
	config.offsets = OFFSETS;
	config_print(&config, &m.sink);
	for (size_t i = 0; i < m.len; i++) {
		if (want[i] == '\n')
			filter[n++] = '\\';
		filter[n++] = want[i] == '\n' ? 'n' : want[i];
	}
	filter[n] = '\0';
	snprintf(want, sizeof(want), ".config == \"%s\"", filter);
	save(NULL);
	ok(jq(want), "the longest configuration, %zu bytes, is in the report whole", m.len);
	ok(jq("[.config_from[] == \"\\\\parapatch.cfg line 4294967295\"] | length > 10 and all"),
	   "and whence each value is");
	configure();
}

static void test_room(void)
{
	for (unsigned i = 0; i < 4; i++) {
		unsigned count = i & 1 ? 13 : 1;

		longest_run(count, i & 2);
		sink_begin();
		report_json(&run, &config, &env, &findings, &sink.sink);
		ok(!sink.sink.failed && sink.len <= report_room(&run) && strict(bytes),
		   "all plans, %u batches%s: at most %zu bytes, of %zu", count,
		   i & 2 ? " of both clocks" : "", sink.len, report_room(&run));
		for (size_t k = 0; k < run.plan.cells; k++)
			longest_result(&results[k], true);
		sink_begin();
		report_json(&run, &config, &env, &findings, &sink.sink);
		ok(!sink.sink.failed && sink.len <= report_room(&run),
		   "and if all cells are refused: %zu bytes", sink.len);
	}
	longest_run(1, false);
	run.plan.groups = run.plan.cells = 0;
	longest_config();
	sink_begin();
	report_json(&run, &config, &env, &findings, &sink.sink);
	ok(!sink.sink.failed && sink.len <= report_room(&run),
	   "without any cell: %zu bytes of %zu", sink.len, report_room(&run));
	machine = (struct platform){ .features = { UINT64_MAX } };
}

/* What cannot take all says so, wherever it is full. */
static void test_full(void)
{
	unsigned unsaid = 0;
	size_t len;

	build();
	sink_begin();
	report_json(&run, &config, &env, &findings, &sink.sink);
	len = sink.len;
	for (size_t room = 0; room < len; room += 1 + room / 50) {
		sink = memory_sink(bytes, room);
		report_json(&run, &config, &env, &findings, &sink.sink);
		unsaid += !sink.sink.failed;
	}
	ok(!unsaid, "a full sink is a failed one, at every length");
}

/* Lines. */

static const char *const fields[] = {
#define TEXT(name, value)				#name,
#define COUNT(name, value, unit)			#name,
#define MICRO(name, value, decimals, has, unit, better)	#name,
#include "list/result_field.def"
#undef TEXT
#undef COUNT
#undef MICRO
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static const char *const vs_fields[] = {
	"vs_of",
#define WORD(name, value, what)			#name,
#define RATIO(name, value, has, what)		#name,
#define DIFFERENCE(name, value, has, what)	#name,
#include "list/comparison_field.def"
#undef WORD
#undef RATIO
#undef DIFFERENCE
};
#define VS_FIELDS (sizeof(vs_fields) / sizeof(vs_fields[0]))

static bool has_field(const char *line, const char *name)
{
	const char *found, *end = strchr(line, '\n');
	char key[40];

	snprintf(key, sizeof(key), " %s=", name);
	found = strstr(line, key);
	return found && found < end;
}

/* The line that begins with @start and has @word; NULL if there is none. */
static const char *line_with(const char *start, const char *word)
{
	for (const char *l = bytes; *l; l = strchr(l, '\n') + 1) {
		const char *end = strchr(l, '\n'), *at = strstr(l, word);

		if (!strncmp(l, start, strlen(start)) && at && at < end)
			return l;
	}
	return NULL;
}

static unsigned lines_with(const char *start)
{
	unsigned n = 0;

	for (const char *l = bytes; *l; l = strchr(l, '\n') + 1)
		n += !strncmp(l, start, strlen(start));
	return n;
}

static void lines(void)
{
	sink_begin();
	report_lines(&run, &env, &sink.sink);
}

/* Is it a field that not every cell has?  Of halves: one site of 6 bytes, which
 * no cell has. */
static bool may_miss(const char *field)
{
	return strstr(field, "_half_");
}

/* A line of a cell has every field; of one that is compared, of those too. */
static unsigned missing_fields(void)
{
	unsigned missing = 0;

	for (const char *l = bytes; *l; l = strchr(l, '\n') + 1) {
		if (strncmp(l, "cell status=ok ", 15))
			continue;
		for (unsigned i = 0; i < FIELDS; i++)
			missing += has_field(l, fields[i]) == may_miss(fields[i]);
		for (unsigned i = 0; has_field(l, "verdict") && i < VS_FIELDS; i++)
			missing += !has_field(l, vs_fields[i]);
	}
	return missing;
}

static void test_lines(void)
{
	char want[200];

	build();
	lines();
	ok(!sink.sink.failed && lines_with("cell status=ok ") == 71,
	   "a line a cell");
	ok(!missing_fields(), "each with every field of result_field.def");
	ok(line_with("cell ", " group=irq_disable/native/dense/warm role=cell op=irq_disable"
		     " backend=native convention=seed mode=indirect padding=long"
		     " layout=dense state=warm outcome=kept-as-built sites=2"
		     " site_bytes=16 site_nops=3 call_at=9 reps=10 n=48"
		     " median_ticks=25.")
	   && line_with("cell ", " bytes=001122334455,66778899aabbccddeeff\n"),
	   "a line's values");
	ok(line_with("cell ", " vs_of=native verdict=slower by=ratio ratio=2.5")
	   || line_with("cell ", " vs_of=native verdict=slower by=ratio ratio=2.4"),
	   "what it is compared with");
	ok(line_with("cell ", " role=chain op=imul_chain ")
	   && line_with("cell ", " role=empty op=empty ")
	   && line_with("cell ", " role=twin op=save_fl "), "roles by name");
	ok(lines_with("group name=") == 11
	   && line_with("group ", "name=irq_disable/native/dense/warm taken=48 tried=50 "),
	   "a line a group");
	ok(lines_with("anchor name=") == ANCHOR_COUNT
	   && line_with("anchor ", "name=pushf_popf cycles=30.")
	   && line_with("anchor ", "name=cpuid_0 cycles=- published=123.227 verdict=not-measured "),
	   "a line an anchor, measured or not");
	ok(line_with("parapatch anchored=", "verified why=\"verified clock: "),
	   "and one for all of them");
	ok(line_with("parapatch applied ", "backend=native mode=inline sites=120 ")
	   && lines_with("parapatch applied ") == 1, "what was patched, by mode");
	run.results[0].ticks.n = 0;
	lines();
	ok(lines_with("cell status=ok ") == 70 && lines_with("cell status=not-timed ") == 1,
	   "a cell of which no batch counts is not ok");
	run.plan.skipped[SKIPPED_isa] = 3;
	run.plan.skipped[SKIPPED_crowded] = UINT32_MAX;
	lines();
	snprintf(want, sizeof(want), "skipped apart=%zu full=%zu once=%zu isa=3 feature=0"
		 " cold=%zu emulated=0 privileged=0 crowded=4294967295\n",
		 run.plan.skipped[SKIPPED_apart], run.plan.skipped[SKIPPED_full],
		 run.plan.skipped[SKIPPED_once], run.plan.skipped[SKIPPED_cold]);
	ok(line_with("parapatch ", want) && lines_with("parapatch skipped ") == 1
	   && run.plan.skipped[SKIPPED_apart], "what was left out, by reason");
	ok(line_with("parapatch batches ", "seed=77 pass_ticks=4000 tsc_step_ticks=2"
		     " tried=5000 dropped_smi=0 "), "what became of the batches");
}

static void test_lines_parts(void)
{
	const char *l;

	build();
	refuse(1);
	lines();
	l = line_with("cell status=refused ", " why=\"body of one copy");
	ok(l && !has_field(l, "median_ticks") && !has_field(l, "verdict"),
	   "a refused cell says why and has no times");
	build();
	empty_group(0);
	lines();
	l = line_with("cell ", " group=irq_disable/native/dense/warm ");
	ok(l && !has_field(l, "median_ticks") && !has_field(l, "mad_ticks")
	   && line_with("cell ", " n=0 bytes="), "nothing counted, no times");
	ok(!line_with("cell status=ok group=irq_disable/native/dense/warm ", " verdict="),
	   "and no verdict");
	ok(line_with("group name=irq_disable/native/dense/warm taken=0 ",
		     " not_measured=\"nothing of it was timed\"\n")
	   && !line_with("group name=save_fl", " not_measured="), "and the group's line says why");
	drop_all(0);
	lines();
	ok(line_with("group name=irq_disable/native/dense/warm taken=0 ",
		     " gap_bound_ticks=26000 gap_own=0 not_measured=\"the machine disturbed"
		     " all of 26 tries: smi 3 gap 23\"\n"), "what it was");
	build();
	for (size_t i = 0; i < run.plan.cells; i++)
		longest_result(&results[i], i % 2);
	lines();
	ok(!sink.sink.failed && lines_with("cell ") == 71,
	   "numbers of 20 digits fit a line's sink");
}

/* The table. */

static bool fits_80(void)
{
	for (const char *p = bytes; *p; p += strcspn(p, "\n") + 1)
		if (strcspn(p, "\n") > 80) {
			diag("%.*s", (int)strcspn(p, "\n"), p);
			return false;
		}
	return !sink.sink.failed;
}

/* How wide a column is does not matter to most of what is asked. */
static void squeeze(char *to, const char *from)
{
	for (; *from; from++)
		if (*from != ' ' || (from[1] != ' ' && from[1] != '\n'))
			*to++ = *from;
	*to = '\0';
}

static bool narrow;

static void table(void)
{
	sink_begin();
	report_table(&run, &env, &sink.sink);
	narrow = fits_80();
	squeeze(bytes, bytes);
}

static unsigned count_of(const char *word)
{
	unsigned n = 0;

	for (const char *p = bytes; (p = strstr(p, word)); p++)
		n++;
	return n;
}

/* Round numbers where a row is compared by the letter. */
static void round_row(void)
{
	static const int64_t ticks[] = { 10000000, 25000000, 10020000 };

	for (unsigned i = 0; i < 3; i++)
		results[i].ticks.median = ticks[i];
	results[1].vs.ratio = 2500000;
	results[2].vs = (struct comparison){
		.has_ratio = true, .ratio = 1002000,
		.ratio_95 = { true, 1001000, 1004000 },
		.margin = MARGIN_LEAST, .verdict = VERDICT_same,
	};
}

static void test_table(void)
{
	build();
	round_row();
	table();
	ok(narrow, "at most 80 columns");
	ok(count_of("\nirq_disable ") == 8 && count_of("\nsave_fl ") == 8
	   && count_of(" seed 16 ") == 8 && count_of(" ccall 16 ") == 8,
	   "a row for each op, convention, layout and state");
	ok(count_of("\ndense, warm normal paravirt paravirt-patch\n") == 1
	   && count_of("\nline, cold_branch normal ") == 1
	   && count_of(" normal paravirt ") == 4, "a head for each layout and state");
	ok(strstr(bytes, "\nirq_disable seed 16 10.0 25.0 [+150%] 10.0 [+0.2%+-0.2] same\n"),
	   "a row's values");
	ok(!strstr(bytes, "\nlfence") && !strstr(bytes, "\nimul"),
	   "what is no op has no row");
	ok(strstr(bytes, "112 inline") && strstr(bytes, "8 kept-no-form")
	   && strstr(bytes, "of 120 sites; nopl NOPs"), "the counts of sites");
	ok(strstr(bytes, "median over 8 code offsets of the\n median of 6 batches (cold: 2)")
	   && !strstr(bytes, "hypervisor or emulator"), "what to know of the numbers");
	ok(strstr(bytes, "\nAnchors, core cycles (published):\n imul_chain 3.00 (3.00), lfence 1")
	   && strstr(bytes, " (11.95), pushf_popf 30.") && strstr(bytes, " (30.44)\n")
	   && strstr(bytes, "\nverified clock: 2 of 2 anchors"), "the anchors");
	ok(strstr(bytes, "\nA/A twins: 8 of 8 the same within 1%; estimates 0."),
	   "the twins");
	ok(strstr(bytes, "\nBatches: 5000 tried, dropped for smi 0, nmi 0, interrupt 0, gap 12,")
	   && strstr(bytes, "60 windows, 1 overran; seed 77.\n"), "the batches");
	strcpy(env.hypervisor, "KVMKVMKVM");
	table();
	ok(narrow && strstr(bytes, "\nUnder a hypervisor: what exits"), "and of a guest");
	machine.emulated = true;
	table();
	ok(narrow && strstr(bytes, "\nAn emulator runs this"), "and of an emulator");
	machine.emulated = false;
}

static void scale(int64_t factor)
{
	for (size_t i = 0; i < run.plan.cells; i++)
		results[i].ticks.median *= factor;
}

/* Rows by the letter of what there is besides the seed's columns. */
static void test_table_many(void)
{
	many = true;
	build();
	round_row();
	table();
	ok(narrow && count_of("\nbackend xen\n") == 4 && count_of("\nirq_save+restore ") == 2 * 4 * 4
	   && count_of("\nirq_save+restore\n") == 4, "each backend has its rows");
	ok(!strstr(bytes, "\n same") && !strstr(bytes, "\n [")
	   && count_of("\nirq_save+restore wide32 96 ") == 8
	   && count_of("\nirq_disable callee 16 ") == 8, "of the longest names too");
	ok(count_of(", others B ticks\n") == 4
	   && count_of("\n native ccall retpoline 16 ") == 3 * 4
	   && count_of("\n xen callee inline+prefix 16 ") == 3 * 4
	   && count_of("\n xen wide32 retpoline+prefix 96 ") == 3 * 4
	   && !strstr(bytes, " inline 16 "), "what has no column has a row a cell");
	ok(strstr(bytes, "\n native seed retpoline 16 30.0 [+"), "with its verdict");
	ok(count_of(" 10.0 kept-too-small\n") + count_of("5.0 kept-too-small\n") > 2
	   && count_of(" kept-too-small\n") == 3 * 4 * 2 * 4
	   && count_of(" mixed\n") == 2 * 3 * 4 * 2 * 4
	   && count_of("\nkept-...: not patched, ") == 1,
	   "and what was kept is not taken for patched");
	refuse(8);
	table();
	ok(strstr(bytes, "\nnot timed: irq_disable, seed, nop+prefix, dense, warm: ")
	   || strstr(bytes, "\nnot timed: irq_disable, seed, retpoline+prefix, dense, warm: "),
	   "a refused one is said by name");
	for (size_t i = 0; i < run.plan.groups; i++)
		if (groups[i].backend == BACKEND_xen)
			empty_group(i);
	table();
	ok(narrow && strstr(bytes, "\nNot measured: save_fl, xen, line, warm: nothing of it was"),
	   "so is a group under its backend");
	scale(1000);
	table();
	ok(narrow, "thousands of ticks: at most 80 columns");
	many = false;
}

static void test_table_orphan(void)
{
	orphan = true;
	build();
	table();
	ok(narrow && count_of(" [ref] ") == 8 && count_of("\n[ref]: ") == 1
	   && strstr(bytes, "\n[ref]: its op has no normal here; what the others are "
		     "compared with:\n indirect/ccall.\n")
	   && strstr(bytes, "\nirq_disable seed 16 - 2") && strstr(bytes, "] faster\n"),
	   "without native: the reference is marked, and it is said what that is");
	bare = true;
	build();
	table();
	ok(narrow && !strstr(bytes, " normal paravirt ") && count_of(", others B ticks\n") == 4
	   && count_of("\n native ccall retpoline 16 30.") + count_of("retpoline 16 45.") > 3
	   && !strstr(bytes, "[ref]") && count_of(" [-]\n") == 2 * 2 * 4,
	   "without any of the columns: no columns, and nothing to compare with");
	bare = orphan = false;
	build();
	table();
	ok(!strstr(bytes, "[ref]") && !strstr(bytes, "others") && !strstr(bytes, "backend")
	   && !strstr(bytes, "kept-..."), "of the preset nothing of this is said");
	results[2].counts.outcome[PATCHED_INLINE] = 0;
	results[2].counts.outcome[KEPT_NO_FORM] = 2;
	round_row();
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 10.0 25.0 [+150%] 10.0 kept-no-form\n"),
	   "in the last column, what was kept has no verdict either");
}

/* The words of the last column. */
static const struct {
	const char *what;
	struct comparison vs;
	const char *want;
} words[] = {
	{ "faster", { true, 912300, { true, 900300, 920300 }, 0, { 0 },
	  10000, VERDICT_faster, false }, "[-8.8%+-1.2] faster\n" },
	{ "slower", { true, 1050000, { true, 1040000, 1070000 }, 0, { 0 },
	  10000, VERDICT_slower, false }, "[+5.0%+-2.0] slower\n" },
	{ "inconclusive", { true, 1008000, { true, 998000, 1012000 }, 0, { 0 },
	  10000, VERDICT_inconclusive, false }, "[+0.8%+-1.0] ?\n" },
	{ "same", { true, 1000000, { true, 999900, 1000100 }, 0, { 0 },
	  10000, VERDICT_same, false }, "[+0.0%+-0.0] same\n" },
	{ "a margin that is above 1%", { true, 1000000, { true, 999000, 1001000 },
	  0, { 0 }, 10001, VERDICT_same, false }, "[+0.0%+-0.1] same(2%)\n" },
	{ "of 3%", { true, 1000000, { true, 999000, 1001000 }, 0, { 0 },
	  30000, VERDICT_same, false }, "[+0.0%+-0.1] same(3%)\n" },
	{ "of 99%", { true, 1000000, { true, 999000, 1001000 }, 0, { 0 },
	  980001, VERDICT_same, false }, "[+0.0%+-0.1] same(99%)\n" },
	{ "slower, whatever the margin", { true, 1500000, { true, 1400000, 1600000 },
	  0, { 0 }, 30000, VERDICT_slower, false }, "[+50.0%+-10.0] slower\n" },
	{ "twice and more: whole per cents", { true, 3456789, { true, 3000000, 4000000 },
	  0, { 0 }, 10000, VERDICT_slower, false }, "[+246%+-54.3] slower\n" },
	{ "no interval", { true, 1500000, { false, 0, 0 }, 0, { 0 }, 10000,
	  VERDICT_inconclusive, false }, "[+50.0%+-?] ?\n" },
	{ "no ratio", { false, 0, { false, 0, 0 }, 0, { 0 }, 10000,
	  VERDICT_inconclusive, false }, "[-] ?\n" },
	{ "no floor", { true, 1000000, { true, 999000, 1001000 }, 0, { 0 },
	  INT64_MAX, VERDICT_inconclusive, false }, "[+0.0%+-0.1] ?\n" },
	{ "a hundredfold and more", { true, 100000001, { true, 99000000, 101000000 },
	  0, { 0 }, 10000, VERDICT_slower, false }, "[>9999%+-?] slower\n" },
	{ "the largest", { true, INT64_MAX, { true, 0, INT64_MAX }, 0, { 0 },
	  10000, VERDICT_inconclusive, false }, "[>9999%+-?] ?\n" },
	{ "the smallest", { true, INT64_MIN, { true, INT64_MIN, INT64_MAX }, 0, { 0 },
	  10000, VERDICT_inconclusive, false }, "[-] ?\n" },
	{ "below nothing", { true, -500000, { true, -600000, -450000 }, 0, { 0 },
	  10000, VERDICT_inconclusive, false }, "[-] ?\n" },
	{ "nothing", { true, 0, { true, -1, 1 }, 0, { 0 },
	  10000, VERDICT_inconclusive, false }, "[-] ?\n" },
	{ "next to nothing", { true, 1, { true, -1, 20000 }, 0, { 0 },
	  10000, VERDICT_inconclusive, false }, "[-100.0%+-2.0] ?\n" },
	{ "no ratio, slower by the difference", { false, 0, { false, 0, 0 }, 23200000,
	  { true, 21800000, 24000000 }, INT64_MAX, VERDICT_slower, true },
	  "[+23.2t+-1.4] slower\n" },
	{ "no ratio, faster", { false, 0, { false, 0, 0 }, -5500000,
	  { true, -6000000, -4300000 }, INT64_MAX, VERDICT_faster, true },
	  "[-5.5t+-1.2] faster\n" },
	{ "no ratio, no verdict by the difference either", { false, 0, { false, 0, 0 },
	  1000000, { true, -6000000, 8000000 }, INT64_MAX, VERDICT_inconclusive, true },
	  "[-] ?\n" },
	{ "a ratio that is wide, slower by the difference", { true, 8000000,
	  { true, -3000000, 90000000 }, 38000000, { true, 36000000, 40000000 },
	  500000, VERDICT_slower, true }, "[+38.0t+-2.0] slower\n" },
	{ "a ratio that is wide, no verdict", { true, 1500000, { true, 500000, 2000000 },
	  1000000, { true, -6000000, 8000000 }, 500000, VERDICT_inconclusive, true },
	  "[+50.0%+-100] ?\n" },
	{ "thousands of ticks", { false, 0, { false, 0, 0 }, 12345600000,
	  { true, 2345600000, 22345000000 }, INT64_MAX, VERDICT_slower, true },
	  "[+12346t+-10000] slower\n" },
	{ "more than is told", { false, 0, { false, 0, 0 }, 100000000000,
	  { true, 90000000000, 110000000000 }, INT64_MAX, VERDICT_slower, true },
	  "[>99999t+-?] slower\n" },
	{ "the smallest difference", { false, 0, { false, 0, 0 }, INT64_MIN,
	  { true, INT64_MIN, -4000000 }, INT64_MAX, VERDICT_faster, true },
	  "[<-99999t+-?] faster\n" },
};

static void test_words(void)
{
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char line[120];

		build();
		round_row();
		results[2].vs = words[i].vs;
		table();
		snprintf(line, sizeof(line), "\nirq_disable seed 16 10.0 25.0 [+150%%] 10.0 %s",
			 words[i].want);
		ok(strstr(bytes, line) && narrow, "%s: %.*s", words[i].what,
		   (int)strcspn(words[i].want, "\n"), words[i].want);
	}
}

/* A verdict by the difference, in every face. */
static const char *const in_json[] = {
	".benchmarks[1].vs | .by == \"difference\" and .verdict == \"slower\""
		" and (has(\"ratio\") | not) and .difference == 38",
	"[.benchmarks[] | select(.vs.by == \"difference\")] | length == 1",
	".fields[\"vs.by\"] | startswith(\"what the verdict rests on: ratio\")",
};

static void test_by_difference(void)
{
	build();
	table();
	ok(!strstr(bytes, "[+xt]"), "by ratios alone: nothing is said of differences");
	results[1].vs = (struct comparison){
		.difference = 38000000, .difference_95 = { true, 36000000, 40000000 },
		.margin = INT64_MAX, .verdict = VERDICT_slower, .by_difference = true,
	};
	table();
	ok(narrow && count_of("\n[+xt]: normal is too near 0 ") == 1,
	   "by the difference: said what that is");
	ok(count_of(" [+38.0t] ") == 1 && count_of("t+-") == 0,
	   "in the column of paravirt too");
	results[1].vs.difference = INT64_MAX;
	table();
	ok(narrow && count_of(" [>9999t] ") == 1, "and no more than fits there");
	results[1].vs.difference = 38000000;
	lines();
	ok(line_with("cell ", " vs_of=native verdict=slower by=difference difference=38.000 "),
	   "in the line");
	save(&run);
	for (unsigned i = 0; i < sizeof(in_json) / sizeof(in_json[0]); i++)
		ok(jq(in_json[i]), "%s", in_json[i]);
}

/* Twins that are apart widen what is called the same, and it is said. */
static void test_twins(void)
{
	build_with(30);
	table();
	ok(narrow && count_of("same(4%)\n") + count_of("same(3%)\n") >= 8,
	   "twins 3%% apart: the same within that, and said in %u rows",
	   count_of("same(4%)\n") + count_of("same(3%)\n"));
	ok(strstr(bytes, "\nA/A twins: 0 of 8 the same within 1%; estimates 3."),
	   "and counted");
}

/* What the plan does not have is a dash, never another cell's number. */
static void test_table_parts(void)
{
	build();
	round_row();
	refuse(1);
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 10.0 - [-] 10.0 [+0.2%+-0.2] same\n"),
	   "a refused cell is a dash, its row knows its bytes");
	ok(narrow && strstr(bytes, "\nnot timed: irq_disable, seed, indirect, dense, warm: body of one copy:"),
	   "and is said");
	memset(results[1].why, 'w', sizeof(results[1].why) - 1);
	results[1].why[60] = ' ';
	table();
	ok(narrow, "however much there is to say");
	build();
	refuse(0);
	results[1].has_vs = results[2].has_vs = false;
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 - 25."), "no native cell: a dash");
	build();
	empty_group(0);
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 - - [-] - [-]"),
	   "nothing counted: dashes, not 0.0");
	drop_all(23);
	table();
	ok(strstr(bytes, "\nNot measured: irq_disable, dense, warm: its time cannot be told"),
	   "and why");
	groups[0].taken[0] = 1;
	table();
	ok(strstr(bytes, "\nShort of batches: irq_disable, dense, warm: 1 of 48, 0 at the"),
	   "one batch is short, and measured");
	build();
	groups[0].count = 1;
	run.plan.groups = run.plan.cells = 1;
	table();
	ok(strstr(bytes, "\nirq_disable - 0 10.") && strstr(bytes, " - [-] - [-]\n"),
	   "native alone has a row");
	run.plan.groups = run.plan.cells = 0;
	table();
	ok(narrow && strstr(bytes, "op call B ticks ticks ticks\nparavirt-patch:"),
	   "no cells, no rows");
}

static void test_table_numbers(void)
{
	build();
	scale(1000);
	table();
	ok(narrow && strstr(bytes, "\nirq_disable seed 16 10"), "thousands of ticks: at most 80 columns");
	build();
	scale(-1);
	table();
	ok(narrow && strstr(bytes, "\nirq_disable seed 16 -10."), "negative medians");
	build();
	env.tsc_hz = 0;
	table();
	ok(narrow && strstr(bytes, "\nirq_disable seed 16 10."),
	   "ticks do not ask for the TSC's rate");
	build();
	for (size_t i = 0; i < run.plan.cells; i++)
		longest_result(&results[i], false);
	table();
	ok(!sink.sink.failed, "numbers that no run has are printed all the same");
}

/* What @n letters, and then @tail, come to. */
static bool wraps(unsigned n, const char *tail, unsigned first, const char *rest)
{
	struct wrap_sink w;
	char want[200];

	sink_begin();
	w = wrap_sink(&sink.sink);
	for (unsigned i = 0; i < n; i++)
		sink_put(&w.sink, "x", 1);
	sink_printf(&w.sink, "%s\n", tail);
	memset(want, 'x', first);
	strcpy(want + first, rest);
	return !w.sink.failed && !strcmp(bytes, want);
}

static void test_wrap(void)
{
	ok1(wraps(0, "", 0, "\n"));
	ok1(wraps(WRAP_COLUMNS, "", WRAP_COLUMNS, "\n"));
	ok1(wraps(WRAP_COLUMNS - 3, " yz", WRAP_COLUMNS - 3, " yz\n"));
	ok1(wraps(WRAP_COLUMNS - 2, " yz", WRAP_COLUMNS - 2, "\n    yz\n"));
	ok1(wraps(WRAP_COLUMNS - 2, " yz ab", WRAP_COLUMNS - 2, "\n    yz ab\n"));
	ok1(wraps(WRAP_COLUMNS, " ", WRAP_COLUMNS, "\n"));
	ok(wraps(WRAP_COLUMNS + 1, " y", WRAP_COLUMNS, "\n    x y\n"),
	   "a word longer than a line is cut");
}

/* Anchors. */

static const struct {
	const char *what;
	bool hypervisor, emulated;
	enum anchored want;
	const char *word;
} clocks[] = {
	{ "bare metal", false, false, ANCHORED_VERIFIED, "verified clock" },
	{ "a guest", true, false, ANCHORED_VERIFIED, "verified clock" },
	{ "an emulator", true, true, ANCHORED_UNKNOWN, "an emulator" },
};

static void test_anchors(void)
{
	struct anchors a;

	for (unsigned i = 0; i < 3; i++) {
		build();
		strcpy(env.hypervisor, clocks[i].hypervisor ? "KVMKVMKVM" : "");
		machine.emulated = clocks[i].emulated;
		run_anchors(&run, &env, &a);
		ok(a.all == clocks[i].want && strstr(a.summary, clocks[i].word),
		   "%s: %s", clocks[i].what, a.summary);
		table();
		ok(narrow, "%s: at most 80 columns", clocks[i].what);
	}
	build();
	for (size_t i = 0; i < run.plan.cells; i++)
		if (results[i].cell.workload == WORKLOAD_lfence)
			refuse(i);
	run_anchors(&run, &env, &a);
	ok(a.check[ANCHOR_lfence].measured == ANCHOR_NOT_MEASURED
	   && a.check[ANCHOR_pushf_popf].verdict == ANCHOR_AGREES
	   && a.check[ANCHOR_imul_chain].verdict == ANCHOR_OWN_CLOCK,
	   "a refused anchor was not measured, the chain counts itself");
	build();
	for (size_t i = 0; i < run.plan.cells; i++)
		if (results[i].cell.workload == WORKLOAD_lfence)
			results[i].cycles = 1999999;
	run_anchors(&run, &env, &a);
	ok(a.all == ANCHORED_NO_FENCE, "an LFENCE of 1.999 cycles is no fence");
}

int main(void)
{
	test_json();
	test_equal();
	test_many();
	test_escapes();
	test_hostile();
	test_room();
	test_whole_config();
	test_full();
	test_lines();
	test_lines_parts();
	test_table();
	test_table_many();
	test_table_orphan();
	test_words();
	test_by_difference();
	test_twins();
	test_table_parts();
	test_table_numbers();
	test_wrap();
	test_anchors();
	free(batches);
	free(scratch);
	return done();
}
