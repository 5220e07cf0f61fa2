/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands in every face of a report: a verdict by the difference, and anchors. */
#include "made_up_report.h"

/* A verdict by the difference, in every face. */
static const char *const in_json[] = {
	".benchmarks[1].vs | .by == \"difference\" and .verdict == \"slower\""
		" and (has(\"ratio\") | not) and .difference == 38",
	"[.benchmarks[] | select(.vs.by == \"difference\")] | length == 1",
	".fields[\"vs.by\"] | startswith(\"what the verdict rests on: ratio\")",
};

static void test_by_difference(void)
{
	int fd = mkstemp(path);

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
	close(fd);
	unlink(path);
}

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
	test_by_difference();
	test_anchors();
	free(batches);
	free(scratch);
	return done();
}
