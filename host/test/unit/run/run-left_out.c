/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the table's ops were asked for and not timed, and why; of runs that are made
 * up: a plan, and what became of its cells. */
#include <string.h>
#include "plan/plan.h"
#include "run/left_out.h"
#include "workload/code_table.h"
#include "sets.h"
#include "../../../../core/run/count.h"

/* plan.h has one too. */
#define plan tap_plan
#include "no_mixes.h"
#include "tap.h"
#undef plan

#define CELLS	2000

/* Nothing here runs. */
const struct workload_code *code_of(unsigned convention, unsigned id)
{
	(void)convention, (void)id;
	return NULL;
}

static struct group group[300];
static struct result result[CELLS];
static struct config config;
static struct platform machine;
static struct run run;

static const char *lend(void *ctx, const struct table_op *op, struct work *w)
{
	(void)ctx, (void)op, (void)w;
	return NULL;
}

static void begin(enum plan_id id, unsigned ring)
{
	config_preset(&config);
	config.plan = id;
	machine = (struct platform){ .ring = ring, .features = { UINT64_MAX }, .lend = lend };
}

static void plan_it(void)
{
	memset(group, 0, sizeof(group));
	memset(result, 0, sizeof(result));
	run = (struct run){ .config = &config, .machine = &machine, .group = group,
			    .results = result };
	run.plan = plan(&config, &machine, NULL, NULL);
	if (run.plan.cells <= CELLS)
		run.plan = plan(&config, &machine, group, result);
}

static const struct table_op *op_of(enum workload_id w)
{
	return table_op_of(&workloads[w]);
}

/* Is it left out, for that? */
static bool is_out(enum workload_id w, const char *want)
{
	char why[LEFT_OUT_ROOM] = "";
	bool out = op_left_out(&run, op_of(w), why, sizeof(why));

	if (out != !!want || (want && strcmp(why, want))) {
		diag("%s: %d, %s", workloads[w].name, out, why);
		return false;
	}
	return true;
}

/* What becomes of the cells of an op; of the n-th alone, counted from 0, or of all. */
static void refuse(enum workload_id w, int nth, bool left_out, const char *why)
{
	int n = 0;

	for (size_t i = 0; i < run.plan.cells; i++) {
		struct result *res = &result[i];

		if (res->cell.workload != w || res->cell.role == ROLE_chain)
			continue;
		if (nth >= 0 && n++ != nth)
			continue;
		res->refused = true;
		res->left_out = left_out;
		strcpy(res->why, why);
	}
}

static void test_asked(void)
{
	struct ops_tally n;

	begin(PLAN_DEFAULT, 0);
	plan_it();
	n = run_ops(&run);
	ok(is_out(WORKLOAD_read_cr0, NULL) && !n.left_out && n.timed,
	   "what is not asked for is not left out: %u ops of the default plan", n.timed);
	begin(PLAN_OPS, 0);
	plan_it();
	n = run_ops(&run);
	ok(n.timed == run.plan.groups && n.timed + n.left_out == TABLE_ROWS
	   && is_out(WORKLOAD_read_cr0, NULL), "plan ops: %u timed, %u left out", n.timed,
	   n.left_out);
}

static void test_reasons(void)
{
	struct ops_tally n;

	begin(PLAN_OPS, 3);
	plan_it();
	ok(is_out(WORKLOAD_write_cr0, "this ring may not run it") && is_out(WORKLOAD_cpuid, NULL)
	   && is_out(WORKLOAD_save_fl, NULL), "ring 3");
	ok(is_out(WORKLOAD_halt, "this ring may not run it")
	   && is_out(WORKLOAD_safe_halt, "this ring may not run it")
	   && set_has(&run.plan.above, WORKLOAD_halt) && set_is_empty(&run.plan.dangerous),
	   "ring 3: a dangerous op is no matter of being named");
	begin(PLAN_OPS, 0);
	plan_it();
	ok(is_out(WORKLOAD_halt, "it is timed only where it is named")
	   && set_has(&run.plan.dangerous, WORKLOAD_halt), "ring 0: it is");
	begin(PLAN_OPS, 0);
	machine.features = (struct features){ 0 };
	plan_it();
	ok(is_out(WORKLOAD_read_tsc, "this CPU lacks tsc")
	   && is_out(WORKLOAD_read_msr, "this CPU lacks sep") && is_out(WORKLOAD_read_cr0, NULL),
	   "a feature, which is named");
	begin(PLAN_OPS, 0);
	machine.lend = NULL;
	plan_it();
	ok(is_out(WORKLOAD_read_cr0, "what it touches cannot be lent here")
	   && is_out(WORKLOAD_cpuid, NULL), "nothing is lent");
	begin(PLAN_OPS, 0);
	config.workloads = these(0);
	set_add(&config.workloads, WORKLOAD_cpuid);
	config.modes = these(1u << MODE_inline);
	config.conventions = these(1u << CONVENTION_native);
	config.from[CONFIG_modes].from = config.from[CONFIG_conventions].from = FROM_FILE;
	plan_it();
	n = run_ops(&run);
	ok(is_out(WORKLOAD_cpuid, "no cell of it was asked for") && is_out(WORKLOAD_read_cr0, NULL)
	   && n.timed == 0 && n.left_out == 1, "sets that go with none of its cells");
}

static void test_run(void)
{
	struct ops_tally before, n;

	begin(PLAN_OPS, 0);
	plan_it();
	before = run_ops(&run);
	refuse(WORKLOAD_cpuid, -1, true, "the firmware keeps it");
	n = run_ops(&run);
	ok(is_out(WORKLOAD_cpuid, "the firmware keeps it")
	   && n.timed == before.timed - 1 && n.left_out == before.left_out + 1,
	   "not lent: its own sentence");
	refuse(WORKLOAD_wbinvd, 1, true, "it went");
	ok(is_out(WORKLOAD_wbinvd, NULL), "one cell of several");
	refuse(WORKLOAD_clts, -1, false, "wrong");
	n = run_ops(&run);
	ok(is_out(WORKLOAD_clts, NULL) && n.timed == before.timed - 2
	   && n.left_out == before.left_out + 1, "a failed check is another thing");
}

/* Batches of all groups but one op's, and what became of that. */
static void taken_but(enum workload_id w, uint32_t gap, uint32_t gap_own)
{
	run.pass_ticks = 4000;
	for (size_t i = 0; i < run.plan.groups; i++) {
		group[i].taken[0] = group[i].workload != w;
		if (group[i].workload == w)
			group[i].quality = (struct quality){
				.tried = gap, .dropped = { [DROPPED_gap] = gap },
				.gap_own = gap_own,
			};
	}
}

static void test_unmeasured(void)
{
	struct ops_tally n;

	begin(PLAN_OPS, 0);
	plan_it();
	ok(is_out(WORKLOAD_cpuid, NULL), "before the run nothing is measured: no reason yet");
	taken_but(WORKLOAD_cpuid, 0, 0);
	n = run_ops(&run);
	ok(is_out(WORKLOAD_cpuid, "nothing of it was timed") && is_out(WORKLOAD_save_fl, NULL)
	   && n.timed + n.left_out == TABLE_ROWS, "the run ended before its turn: it is counted");
	taken_but(WORKLOAD_cpuid, 23, 0);
	ok(is_out(WORKLOAD_cpuid, "the machine disturbed all of 23 tries: gap 23"),
	   "disturbed each time: what its group says");
}

/* On two CPUs, one of which is the boot CPU. */
static void test_cpus(void)
{
	struct run_cpu cpu[2] = { { .number = 0, .boot = true }, { .number = 1 } };
	size_t half;

	begin(PLAN_OPS, 0);
	machine.cpu = cpu;
	machine.cpus = 2;
	plan_it();
	half = run.plan.cells / 2;
	for (size_t i = half; i < run.plan.cells; i++)
		if (result[i].cell.workload == WORKLOAD_cpuid)
			result[i].refused = result[i].left_out = true;
	ok(run.plan.cpus == 2 && is_out(WORKLOAD_cpuid, NULL), "left out on one CPU of two");
}

/* By a clock that counts instructions: ops in which time passes; and taken in again where
 * it turns out to count none. */
static void test_counted(void)
{
	static const char why[] = "time passes in it: no count of instructions is its own";
	struct ops_tally before, n;
	unsigned waits = 0;

	begin(PLAN_OPS, 0);
	plan_it();
	before = run_ops(&run);
	refuse(WORKLOAD_cpuid, -1, true, "not lent");
	for (unsigned i = 0; i < TABLE_ROWS; i++)
		waits += hazards[table_ops[i].hazard].waits
			&& table_ops[i].hazard != HAZARD_dangerous;
	count_leave_out(&run);
	n = run_ops(&run);
	ok(waits && is_out(WORKLOAD_const_udelay, why) && is_out(WORKLOAD_wbinvd, NULL)
	   && n.timed == before.timed - waits - 1, "counted: %u in which time passes", waits);
	run.timing = &config;
	run.timing_plan = run.plan;
	count_end(&run);
	ok(is_out(WORKLOAD_const_udelay, NULL) && is_out(WORKLOAD_cpuid, "not lent")
	   && run_ops(&run).timed == before.timed - 1, "which are timed where it counts none");
}

int main(void)
{
	test_asked();
	test_reasons();
	test_run();
	test_unmeasured();
	test_cpus();
	test_counted();
	return done();
}
