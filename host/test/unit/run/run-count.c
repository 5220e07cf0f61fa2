/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run on a machine whose clock counts instructions, or seems to: on the made-up one,
 * where a native op is 10 of them, one through the table 50, and a patched one 15.
 */
#include "made_up_run.h"
#include "sets.h"
#include "../../../../core/run/count.h"

#define STEP	2

static void some_workloads(void)
{
	config.workloads = these(1u << WORKLOAD_irq_disable | 1u << WORKLOAD_cli_sti
				 | 1u << WORKLOAD_imul_chain);
	config.states = these(1u << STATE_warm);
}

static void begin_counting(void)
{
	begin();
	machine.emulated = true;
	mu_each = STEP;
	some_workloads();
}

static uint32_t want_of(const struct cell *c)
{
	uint32_t ops = c->workload == WORKLOAD_cli_sti ? 2 : 1;

	switch (c->role) {
	case ROLE_empty:
		return 0;
	case ROLE_chain:
		return 1;
	case ROLE_cell:
	case ROLE_twin:
	case ROLE_COUNT:
		break;
	}
	if (c->workload == WORKLOAD_imul_chain)
		return 1;
	return ops * (c->mode == MODE_native ? 10 : c->mode == MODE_indirect ? 50 : 15);
}

static unsigned wrong_cells(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < run.plan.cells; i++) {
		const struct result *res = &run.results[i];

		n += !res->counted || res->instructions != want_of(&res->cell)
			|| res->has_vs || res->has_cycles || res->series.reps != 1;
	}
	return n;
}

static bool all_taken(unsigned blocks, uint32_t batches)
{
	for (size_t i = 0; i < run.plan.groups; i++) {
		const struct group *g = &run.group[i];

		if (g->blocks != blocks || g->first_blocks != blocks)
			return false;
		for (unsigned b = 0; b < blocks; b++)
			if (g->taken[b] != batches)
				return false;
	}
	return true;
}

static void test_counts(void)
{
	begin_counting();
	config_preset(&config);
	some_workloads();
	ok(go() && !run.failed, "counted: the run ends well");
	ok(run.clock.id == CLOCK_instructions && run.clock.step == STEP, "its clock is known");
	ok(!wrong_cells() && !run.differ, "every cell has its number, whatever the layout");
	ok(all_taken(COUNT_OFFSETS, COUNT_BATCHES), "by two batches at two offsets");
	ok(!run.before.ticks && !run.after.ticks, "gaps were not watched for");
	ok(run.group[0].offset[1] == 32, "half a cache line apart");
	ok(put_back(), "and all is put back");
	for (size_t i = 0; i < run.plan.cells; i++) {
		struct result *res = &run.results[i];

		if (res->cell.role == ROLE_cell && res->cell.layout == LAYOUT_line
		    && res->cell.mode == MODE_inline)
			res->instructions++;
	}
	count_compare(&run);
	ok(run.differ == 4 && !strcmp(run.differs, "irq_disable/native/line/warm seed/inline "
				      "has 16 instructions, in dense, warm it has 15"),
	   "a layout that differs is named, the first of 4: %s", run.differs);
	end();
}

static void test_given(void)
{
	begin_counting();
	config.from[CONFIG_offsets].from = FROM_FILE;
	config.from[CONFIG_batches].from = FROM_OPTIONS;
	config.offsets = 4;
	ok(go() && run.clock.id == CLOCK_instructions && all_taken(4, 3) && !wrong_cells(),
	   "offsets and batches that are given are taken");
	end();
}

static void test_times(void)
{
	begin_counting();
	mu_each = 0;
	ok(go() && run.clock.id == CLOCK_tsc
	   && !strcmp(run.clock.why, "imul_chain, batch 1: 1440 ticks for 24 instructions more"),
	   "a clock that does not count: %s", run.clock.why);
	ok(all_taken(2, 3) && run.before.ticks, "is timed by");
	end();
	begin_counting();
	machine.emulated = false;
	ok(go() && run.clock.id == CLOCK_tsc && !run.clock.why[0] && all_taken(2, 3),
	   "where no emulator is known nothing is asked");
	end();
	begin_counting();
	config.times = 1;
	ok(go() && run.clock.id == CLOCK_tsc && !run.clock.why[0] && all_taken(2, 3),
	   "nor where times are asked for");
	end();
}

/* In that batch, counted from the first rehearsal, a timing takes a little longer. */
static unsigned late_batch;
static int64_t late_by;

static void late(unsigned batch, bool before)
{
	if (batch == late_batch && before)
		mu.hiccup = late_by;
}

static void test_unequal(int64_t by)
{
	begin_counting();
	/* The rehearsal and 3 of the trial, a rehearsal and one of the first block. */
	late_batch = 4 + 2;
	late_by = by;
	mu.upset = late;
	ok(go() && run.clock.id == CLOCK_tsc
	   && strstr(run.clock.why, "irq_disable/native/dense/warm ")
	   && strstr(run.clock.why, ", offset 1, batch 2: "),
	   "%d ticks more: %s", (int)by, run.clock.why);
	ok(all_taken(2, 3) && run.before.ticks && run.after.ticks && run.config == &config,
	   "then all of it is timed");
	ok(run.results[0].ticks.median == 20 * MILLION && run.results[0].series.reps > 1
	   && run.results[1].has_vs && !run.results[0].counted && put_back(),
	   "as ever");
	end();
}

static void test_stopped(void)
{
	begin_counting();
	mu.stops_at = 3;
	ok(!go() && run.failed && strstr(run.failed, "the TSC stands still"),
	   "a clock that stops before anything is counted ends the run");
	end();
}

int main(void)
{
	if (!text_begin())
		return 1;
	test_counts();
	test_given();
	test_times();
	test_unequal(1);
	test_unequal(WORKLOAD_N * STEP);
	test_stopped();
	return text_done();
}
