/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands below the table of several CPUs, on made-up results. */
#include <string.h>
#include "report/report.h"
#include "../../../../core/report/table_cpus.h"
#define plan tap_plan
#include "tap.h"
#undef plan

#define CPUS	7
#define CELLS	3

static struct run_cpu cpu[CPUS];
static struct platform machine = { .cpu = cpu };
static struct group group[CPUS];
static struct result results[CPUS * CELLS];
static struct run run;
static char said[4096];

static void cell_is(unsigned k, unsigned i, int64_t ticks)
{
	static const enum mode_id mode[CELLS] = { MODE_native, MODE_indirect, MODE_inline };
	struct result *res = &results[k * CELLS + i];

	*res = (struct result){
		.cell = { .workload = WORKLOAD_restore_fl, .mode = mode[i],
			  .convention = mode[i] == MODE_native ? CONVENTION_native
				  : CONVENTION_ccall, .padding = PADDING_long,
			  .layout = LAYOUT_line, .role = ROLE_cell },
		.ticks = { .n = 100, .median = ticks * MILLION },
		.median_95 = { true, ticks * MILLION - MILLION / 10,
			       ticks * MILLION + MILLION / 10 },
	};
}

/* @n CPUs, of them @slow efficiency cores; all cells of a kind take as long. */
static void make(unsigned n, unsigned slow)
{
	memset(cpu, 0, sizeof(cpu));
	for (unsigned k = 0; k < n; k++) {
		bool is_slow = k >= n - slow;

		cpu[k].number = 2 * k;
		cpu[k].boot = !k;
		cpu[k].kind = is_slow ? CORE_efficiency : CORE_performance;
		group[k] = (struct group){ .workload = WORKLOAD_restore_fl,
					   .layout = LAYOUT_line, .cpu = k, .on = &cpu[k],
					   .first = k * CELLS, .count = CELLS };
		for (unsigned i = 0; i < CELLS; i++)
			cell_is(k, i, (is_slow ? 30 : 20) + i);
	}
	machine.cpus = n;
	run = (struct run){ .machine = &machine, .group = group, .results = results,
			    .plan = { .groups = n, .cells = n * CELLS, .cpus = n } };
}

static const char *say(void)
{
	struct memory_sink m = memory_sink(said, sizeof(said) - 1);

	memset(said, 0, sizeof(said));
	table_cpus(&run, &m.sink);
	return said;
}

static bool says(const char *text)
{
	if (strstr(said, text))
		return true;
	diag("%s", said);
	return false;
}

int main(void)
{
	make(1, 0);
	ok(!*say(), "one CPU: nothing is said");
	make(2, 0);
	say();
	ok(says("The two are apart in 0 of 3 cells of the table.\n"), "two CPUs alike");
	cell_is(1, 0, 21);
	say();
	ok(says("The two are apart in 1 of 3 cells of the table.\n"), "two that are not");
	make(4, 0);
	say();
	ok(says("one after the other: 0 (boot), 2, 4, 6: performance. The table is of CPU 0"),
	   "which they are");
	ok(says("No core is unlike the others"), "all alike");
	cell_is(2, 2, 27);
	say();
	ok(says("The odd core: CPU 4: ") && says(", ccall, paravirt-patch, line, warm: "
						  "27.0 ticks; CPU 0: 22.0.\n"),
	   "the odd core out, by cell");
	ok(!strstr(said, "No core"), "then not all are alike");
	make(6, 3);
	say();
	ok(says("0 (boot), 2, 4: performance; 6, 8, 10: efficiency."), "two kinds");
	ok(says("Efficiency cores take so many times a performance core's ticks: normal 1.50 "
		"to 1.50 (apart in 1 of 1); paravirt 1.48 to 1.48 (apart in 1 of 1); "
		"paravirt-patch 1.45 to 1.45 (apart in 1 of 1).\n"), "what they differ by");
	ok(says("No core is unlike the others of its kind"), "and no core within its kind");
	results[3 * CELLS].refused = results[4 * CELLS].refused = true;
	results[5 * CELLS].ticks.n = 0;
	say();
	ok(says("ticks: paravirt 1.48"), "a cell that one kind has no numbers of is left out");
	make(3, 0);
	strcpy(cpu[2].not_run, "the firmware has it switched off");
	run.plan = (struct plan){ .groups = 2, .cells = 2 * CELLS, .cpus = 2 };
	say();
	ok(says("CPU 4: not timed, or not to its end: the firmware has it switched off.\n"),
	   "one that cannot be had is named");
	ok(says("other: 0 (boot), 2: performance. The"), "and is not in the list");
	return done();
}
