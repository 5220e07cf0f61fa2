/* SPDX-License-Identifier: GPL-2.0-only */
/* The report file: what jq, by filters, and the report tool say of it. */
#include "made_up_report.h"

/* Of the complete report. */
static const char *const complete[] = {
	".schema == \"parapatch-report/3\"",
	".clock == \"tsc\" and (has(\"clock_step_ticks\") | not)",
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
	".batches.tried == (.groups | length * 50)"
		" and .batches.dropped.gap == (.groups | length * 2)"
		" and .batches.dropped.smi == 0 and .batches.windows == (.groups | length * 3)"
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
		" and .name == (.group | sub(\"/native/\"; \"/native/native/native/\")) + "
		"\":chain\"] | all",
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
		" \"isa\", \"feature\", \"cold\", \"emulated\", \"privileged\", "
		"\"dangerous\", \"crowded\"] | sort)",
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
		" | length == 22 and all",
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
	".schema == \"parapatch-report/3\"",
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

/* Another that is not to be had here is no failure. */
static const char *const left_out[] = {
	".status == \"complete\"",
	".benchmarks[1] | .error_occurred and .left_out and .error_message"
		" == \"left out: body of one copy: IF is \\\"1\\\"\"",
	".benchmarks[1].fault == {vector: 13, name: \"#GP\", error: 65528, address: 4660}",
	"[.benchmarks[] | select(.left_out or .fault)] | length == 1",
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
	"[.benchmarks[] | select(.group == \"irq_disable/native/dense/warm\") | "
	"has(\"median_ticks\")"
		" or has(\"gross_ticks\") or has(\"mad_ticks\") or has(\"real_time\")"
		" or has(\"vs\") or has(\"cycles\")] | any | not",
	"[.benchmarks[] | select(.group != \"irq_disable/native/dense/warm\") | "
	"has(\"median_ticks\")]"
		" | length == 64 and all",
};

/* No batch, because of the machine: fails; because of what the op is: does not. */
static const char *const disturbed[] = {
	".groups[0].not_measured == \"the machine disturbed all of 26 tries: smi 3 gap 23\"",
	".groups[0].gap_own == 12 and .groups[0].gap_bound_ticks == 26000",
	".status == \"check-failed\"",
};
static const char *const wakes_late[] = {
	".groups[0].not_measured == \"the machine disturbed all of 26 tries: smi 3 gap 23;"
		" it waits, and is woken late: raise gap_us\"",
	".status == \"complete\"",
};
static const char *const varies[] = {
	".groups[0].not_measured == \"its time cannot be told from disturbances, as it "
	"varies by itself"
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
	"[.benchmarks[] | select(.mode == \"inline\" and .state == \"warm\").vs | .verdict "
	"== \"faster\""
		" and .ratio > 0.3 and .ratio < 0.5] | length > 100 and all",
	"[.benchmarks[] | select(.role == \"cell\").op] | unique"
		" == [\"irq_disable\", \"irq_save_restore\", \"save_fl\"]",
};

static void test_ends(void)
{
	save(NULL);
	ASK(running);
	refuse(1);
	save(&run);
	ASK(refused);
	results[1].left_out = results[1].faulted = true;
	results[1].fault = (struct fault){ 13, 0xfff8, 0x1234 };
	save(&run);
	ASK(left_out);
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
	enum workload_id was;
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
	was = groups[0].workload;
	groups[0].workload = WORKLOAD_safe_halt;
	save(&run);
	ASK(wakes_late);
	groups[0].workload = was;
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
	tool();
	ok(tool_says("\\([0-9]*\\) of \\1 numbers stated follow")
	   && tool_says("^  xen/wide32/retpoline+prefix  *[0-9]")
	   && tool_says("^  xen/callee/nop .* (mixed)$"),
	   "the report tool confirms them");
	one_site_each();
	save(&run);
	ASK(halved);
	tool();
	ok(tool_says("\\([0-9]*\\) of \\1 numbers stated follow"), "and halves");
	orphan = true;
	build();
	save(&run);
	ASK(orphans);
	tool();
	ok(tool_says("\\([0-9]*\\) of \\1 numbers stated follow")
	   && tool_says("compared with indirect/ccall: there is no native cell"),
	   "the report tool confirms what has no native cell");
	many = orphan = false;
	close(fd);
	unlink(path);
}

int main(void)
{
	test_json();
	test_many();
	all_are_valid();
	free(batches);
	free(scratch);
	return done();
}
