/* SPDX-License-Identifier: GPL-2.0-only */
/* Regimes of a made-up run, in all its faces: a core that is alone in so many of the
 * batches, of one CPU or two. */
#include "made_up_report.h"
#include "measure/width_probe.h"
#include "run/regimes.h"

static struct width_taken *width;
static struct run_cpu cpu[2] = { { .number = 0, .boot = true }, { .number = 3 } };

/* 5 ADDs a cycle alone; two of five are left by the neighbour, on all CPUs but those
 * that are alone throughout. */
static void take_widths(unsigned alone_of_6, unsigned quiet_cpu)
{
	uint32_t chain = width_unit.links, n = 0;

	free(width);
	width = calloc(run_widths(&config, &run.plan, &machine), sizeof(*width));
	run.width = width;
	for (size_t i = 0; i < run.plan.groups; i++) {
		struct group *g = &groups[i];

		g->width_blocks = 0;
		for (unsigned b = 0; b < g->blocks; b++) {
			struct width_taken *w = run_width(&run, g, b);

			for (unsigned k = 0; k < g->taken[b]; k++, n++) {
				bool alone = g->cpu == quiet_cpu || k < alone_of_6;
				uint32_t probe = width_unit.adds / (alone ? 5 : 2);

				w[k] = (struct width_taken){
					probe, n % 20 ? probe : width_unit.adds / 2, chain,
					{ 0, 0 }, 0,
				};
			}
		}
	}
	run_regimes(&run);
	summarise_all();
}

static void build_shared(unsigned alone_of_6, uint32_t published, unsigned quiet_cpu)
{
	build();
	run.published = (struct width){ "Zen 9", published, published ? "a book" : NULL };
	take_widths(alone_of_6, quiet_cpu);
}

/* By code of its own, from the raw probes and ticks. */
static void tool_confirms(const char *what)
{
	save(&run);
	tool();
	ok(tool_says("\\([0-9]*\\) of \\1 numbers stated follow")
	   && !tool_says("is stated as"), "%s: the report tool confirms it", what);
}

/* That it can say no. */
static void tool_refuses(const char *filter, const char *words)
{
	char command[400];

	save(&run);
	snprintf(command, sizeof(command), "jq '%s' %s >%s.other && mv %s.other %s", filter,
		 path, path, path, path);
	ok(!system(command), "planted: %s", filter);
	tool();
	ok(tool_says(words), "the report tool says: %s", words);
}

static void test_all_median(void)
{
	build_shared(4, 5300, 99);
	tool_refuses("(.benchmarks[] | select(.vs).all_median_ticks) += 0.01",
		     "all_median_ticks is stated as [0-9]");
	tool_refuses("del(.benchmarks[] | select(.vs).all_median_ticks)",
		     "all_median_ticks is stated as missing");
	build();
	tool_refuses("(.benchmarks[] | select(.vs).all_median_ticks) += 0.01",
		     "all_median_ticks is stated as [0-9]");
}

static void test_alone(void)
{
	static const char *const want[] = {
		".probe == {\"adds\": 5120, \"links\": 1280, \"registers\": 8}",
		".regime | length == 1",
		".regime[0] | .used == \"alone\" and .wide_is == \"alone\" and .cpu == 0",
		".regime[0] | .threshold > 2100 and .threshold < 4900",
		".regime[0] | .wide > 4800 and .wide <= 5000",
		".regime[0] | .narrow > 1950 and .narrow <= 2000",
		".regime[0] | .published == 5300 and .of == \"Zen 9\" and .source == \"a book\"",
		".regime[0].batches as $b | ([.groups[].taken[]] | add) == ([$b[]] | add)"
		" and $b.shared * 2 > $b.alone - $b.between * 2 and $b.single == 0",
		"[.groups[] | .taken == (.probe_first | map(length))"
		" and .taken == (.probe_last | map(length))"
		" and .taken == (.probe_chain | map(length))] | all",
		".regime[0].batches.alone as $a | [.benchmarks[] | select(.role == \"chain\").n]"
		" | add <= $a and add > $a * 0.8",
		"[.benchmarks[] | has(\"all_median_ticks\")] | all",
		".fields.all_median_ticks | test(\"all regimes\")",
	};

	build_shared(4, 5300, 99);
	save(&run);
	ask("four of six alone", want, sizeof(want) / sizeof(want[0]));
	tool_confirms("four of six alone");
	lines();
	ok(line_with("parapatch regime cpu=0 used=alone threshold=", " single=0\n"),
	   "a line of it");
	table();
	ok(narrow && strstr(bytes, "\nThis core was alone in 6"), "and words");
	ok(strstr(bytes, "% of the batches; the figures are of those.\n"), "and of which");
}

static void test_shared(void)
{
	build_shared(1, 5300, 99);
	tool_confirms("one of six");
	table();
	ok(strstr(bytes, "\nThis core was shared in 8")
	   && strstr(bytes, "% of the batches and alone in 1")
	   && strstr(bytes, "%; the figures are of\n those in which it was shared.\n"),
	   "one of six: shared is used");
	build_shared(0, 5300, 99);
	tool_confirms("never alone");
	table();
	ok(strstr(bytes, "\nThis core was the same throughout: 2.0 ADDs a cycle were left to it, "
		  "published\n are 5.3.\n"), "never alone: one regime, half of what is published");
	build_shared(0, 0, 99);
	tool_confirms("nothing published");
	table();
	ok(strstr(bytes, ": 2.0 ADDs a cycle were left to it, and nothing\n is published"),
	   "nothing published");
	build_shared(6, 5300, 0);
	tool_confirms("always alone");
	table();
	ok(strstr(bytes, "\nThis core was alone throughout: 4.9 ADDs"), "always alone");
}

/* A group whose core was never alone, of a run that was in most batches. */
static void test_no_number(void)
{
	static const char *const want[] = {
		".groups[0].name as $g | [.benchmarks[] | select(.group == $g)]"
		" | length > 3 and (map(has(\"all_median_ticks\") and (has(\"median_ticks\")"
		" or has(\"real_time\") | not)) | all)",
		".groups[0].name as $g | [.benchmarks[] | select(.group == $g and .vs).vs]"
		" | length > 1 and all(.verdict == \"inconclusive\" and .why == \"not_alone\""
		" and (has(\"ratio\") | not))",
		".groups[1].name as $g | [.benchmarks[] | select(.group == $g)]"
		" | all(has(\"median_ticks\"))",
	};

	build_shared(4, 5300, 99);
	for (unsigned b = 0; b < groups[0].blocks; b++)
		for (unsigned k = 0; k < groups[0].taken[b]; k++) {
			struct width_taken *w = &groups[0].width[b * groups[0].width_each + k];

			w->first = w->last = width_unit.adds / 2;
		}
	groups[0].width_blocks = 0;
	run_regimes(&run);
	summarise_all();
	save(&run);
	ask("one group never alone", want, sizeof(want) / sizeof(want[0]));
	tool_confirms("one group never alone");
	table();
	ok(strstr(bytes, "\nirq_disable seed 16 - - [-] - [-] ?\n")
	   && strstr(bytes, "\nWithout a number, for too few of their batches are of those: 1 of "),
	   "and the table");
}

/* Another CPU's neighbour is that CPU's. */
static void test_cpus(void)
{
	machine = (struct platform){ .features = { UINT64_MAX }, .cpu = cpu, .cpus = 2 };
	build_with(0);
	run.published = (struct width){ "Zen 9", 5300, "a book" };
	take_widths(4, 1);
	save(&run);
	ok(jq(".regime | map([.cpu, .used, .threshold > 0]) == [[0, \"alone\", true], "
	      "[3, \"alone\", false]]"), "a regime each");
	tool_confirms("two CPUs");
	table();
	ok(strstr(bytes, "\nCPU 0 was alone in 6") && strstr(bytes, "\nCPU 3 was alone through"),
	   "and a line each");
	cpu[1].kind = CORE_efficiency;
	take_widths(4, 1);
	ok(groups[0].regimes.wide_is == REGIME_alone
	   && groups[run.plan.groups - 1].regimes.wide_is == REGIME_single,
	   "of a small core nothing is published");
}

static unsigned times_said(const char *what)
{
	unsigned n = 0;

	for (const char *at = bytes; (at = strstr(at, what)); at++)
		n++;
	return n;
}

/* A group that was not timed has no widths: its CPU is told once all the same. */
static void test_not_timed(void)
{
	build_shared(4, 5300, 99);
	groups[1].width = NULL;
	ok(run.plan.groups > 2 && groups[0].width && groups[2].width,
	   "a group in the middle that was never timed");
	save(&run);
	ok(jq(".regime | map(.cpu) == [0]"), "its CPU has one entry");
	lines();
	ok(times_said("parapatch regime cpu=0") == 1, "one line");
	table();
	ok(times_said("This core was ") == 1, "one sentence");
	build_shared(4, 5300, 99);
	groups[0].width = NULL;
	lines();
	ok(times_said("parapatch regime cpu=0") == 1, "and so where it was the first");
}

/* Where it is not asked nothing is said. */
static void test_not_asked(void)
{
	build();
	save(&run);
	ok(jq("(has(\"regime\") or has(\"probe\")) | not")
	   && jq("[.groups[] | has(\"probe_first\")] | any | not"), "no widths: no regime");
	build();
	machine.emulated = true;
	run.width = width;
	ok(!run_width(&run, &groups[0], 0) && !groups[0].width, "not in an emulator");
	machine.emulated = false;
	run.clock.id = CLOCK_instructions;
	ok(!run_width(&run, &groups[0], 0), "not by a clock that counts instructions");
	run.clock.id = CLOCK_tsc;
	run.before.step = PROBE_STEP_MOST + 1;
	ok(!run_width(&run, &groups[0], 0), "not by one that is too coarse");
	run.before.step = PROBE_STEP_MOST;
	ok(run_width(&run, &groups[0], 1) == width + EACH, "but by one that is not");
}

/* Of blocks that are added only those that are new are looked at; a change is told. */
static void test_changed(void)
{
	build_shared(4, 5300, 99);
	ok(!run_regimes(&run), "nothing is new: nothing has changed");
	for (size_t i = 0; i < run.plan.groups; i++)
		for (unsigned b = 0; b < groups[i].blocks; b++)
			for (unsigned k = 1; k < EACH; k++) {
				groups[i].width[b * EACH + k].bin[0] = 150;
				groups[i].width[b * EACH + k].bin[1] = 150;
			}
	ok(run_regimes(&run) && groups[0].regimes.used == REGIME_shared,
	   "another regime is used: that is told");
}

int main(void)
{
	int fd = mkstemp(strcpy(path, "/tmp/run-report.XXXXXX"));

	test_alone();
	test_all_median();
	test_shared();
	test_no_number();
	test_cpus();
	test_not_timed();
	test_not_asked();
	test_changed();
	all_are_valid();
	close(fd);
	unlink(path);
	free(width);
	free(batches);
	free(scratch);
	return done();
}
