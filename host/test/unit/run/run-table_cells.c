/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs of the table's ops by themselves, on a machine that is made up: what they work on is
 * lent for every pass and taken back; what is not lent is left out, what is not left as it
 * was, or returns or stores something else in some mode, is refused; the others are timed.
 */
#include "made_up_run.h"
#include "report/report.h"

static const enum workload_id timed[] = {
	WORKLOAD_set_pte, WORKLOAD_store_gdt, WORKLOAD_read_cr0,
};
#define TIMED_OPS	(sizeof(timed) / sizeof(timed[0]))

static void prepare(void)
{
	begin();
	machine.lend = mu_lend;
	machine.take_back = mu_take_back;
	memset(&config.workloads, 0, sizeof(config.workloads));
	for (unsigned i = 0; i < TIMED_OPS; i++)
		set_add(&config.workloads, timed[i]);
}

static enum report_status status(void)
{
	static struct findings found;

	return report_status(&run, &found);
}

/* Cells of a workload, by what became of them. */
struct came {
	unsigned cells, left_out, refused, timed, said;
};

static struct came came(enum workload_id w, const char *why)
{
	struct came c = { 0 };

	for (size_t i = 0; i < run.plan.cells; i++) {
		const struct result *res = &run.results[i];

		if (res->cell.workload != w || res->cell.role != ROLE_cell)
			continue;
		c.cells++;
		c.left_out += res->left_out;
		c.refused += res->refused && !res->left_out;
		c.timed += !res->refused && res->ticks.n;
		c.said += why && strstr(res->why, why);
	}
	return c;
}

static bool all_timed(enum workload_id w)
{
	struct came c = came(w, NULL);

	return c.cells && c.timed == c.cells;
}

/* All but @but are timed, what was lent was taken back, and all else is put back. */
static bool others_right(enum workload_id but)
{
	bool right = !run.failed && put_back() && !mu_loan.misused && !mu_loan.op
		&& mu_loan.lent == mu_loan.taken_back;

	for (unsigned i = 0; i < TIMED_OPS; i++)
		right &= timed[i] == but || all_timed(timed[i]);
	return right;
}

static void test_right(void)
{
	bool went;

	prepare();
	went = go();
	ok(went && others_right(WORKLOAD_COUNT) && status() == REPORT_COMPLETE
	   && !run_refused(&run) && !run_left_out(&run),
	   "the table's ops are timed: lent and taken back %u times", mu_loan.lent);
	ok(run.clobbers.checked && !run.clobbers.failed && !run.clobbers.not_run,
	   "and probed: %u", run.clobbers.checked);
	end();
}

/* An op that takes long, measured by how long a timing should last: its bodies have few
 * copies, and it costs what it costs.  Those of workload.def keep theirs. */
static void test_few(void)
{
	static int64_t cost[500];
	bool went, same = true;
	unsigned few = 0, many = 0;

	prepare();
	set_add(&config.workloads, WORKLOAD_save_fl);
	config.layouts = (struct set){ { 1u << LAYOUT_dense } };
	config.states = (struct set){ { 1u << STATE_warm } };
	went = go();
	for (size_t i = 0; i < run.plan.cells && i < 500; i++) {
		cost[i] = run.results[i].ticks.median;
		few += result_copies(&run.results[i]) == 1;
	}
	ok(went && !few && run.plan.cells < 500, "none takes long");
	end();
	prepare();
	set_add(&config.workloads, WORKLOAD_save_fl);
	config.layouts = (struct set){ { 1u << LAYOUT_dense } };
	config.states = (struct set){ { 1u << STATE_warm } };
	config.pass_ticks = 10;
	went = go();
	for (size_t i = 0; i < run.plan.cells; i++) {
		const struct result *res = &run.results[i];
		bool table = workload_is_tables(workload_of(res->cell.workload));

		same &= res->ticks.median == cost[i] && !res->refused
			&& result_copies(res) == (table ? 1 : WORKLOAD_N);
		few += table;
		many += !table;
	}
	ok(went && others_right(WORKLOAD_COUNT) && same && few && many,
	   "all do: %u cells of few copies, the other %u as before, and the same costs", few,
	   many);
	end();
}

static void test_not_lent(enum workload_id w)
{
	struct came c;

	prepare();
	mu_loan.refuse = w;
	ok(go() && others_right(w), "%s is not lent: the run goes on", workloads[w].name);
	c = came(w, "there is none on a machine that is made up");
	ok(c.cells && c.left_out == c.cells && c.said == c.cells && !run_refused(&run)
	   && status() == REPORT_COMPLETE, "%u of %u cells left out, which is no failure",
	   c.left_out, c.cells);
	end();
}

/* Where there is no native cell the probes come first. */
static void test_probe_not_lent(void)
{
	struct came c;
	bool went;

	prepare();
	config.conventions = (struct set){ { 0 } };
	set_add(&config.conventions, CONVENTION_ccall);
	config.from[CONFIG_conventions].from = FROM_FILE;
	mu_loan.refuse = WORKLOAD_set_pte;
	went = go();
	ok(went && others_right(WORKLOAD_set_pte) && run.clobbers.not_run
	   && !run.clobbers.failed, "a probe of it is not run, and counted: %u",
	   run.clobbers.not_run);
	c = came(WORKLOAD_set_pte, NULL);
	ok(c.cells && c.left_out == c.cells && status() == REPORT_COMPLETE,
	   "%u of %u cells left out", c.left_out, c.cells);
	end();
}

static void test_spoiled(enum workload_id w)
{
	struct came c;

	prepare();
	mu_loan.spoil = w;
	ok(go() && others_right(w), "%s spoils what is lent: the run goes on",
	   workloads[w].name);
	c = came(w, "it does not leave a made-up register as it was");
	ok(c.cells && c.refused == c.cells && c.said == c.cells && !c.left_out
	   && status() == REPORT_CHECK_FAILED, "%u of %u cells refused", c.refused, c.cells);
	end();
}

/* Wrong, where it is reached in that way, there. */
static void test_wrong(enum op op, enum workload_id w, enum way way, enum place place,
		       const char *why)
{
	static const char *const ways[] = { "native", "indirect", "inline" };
	static const char *const places[] = { "as compiled", "in a body" };
	struct came c;

	prepare();
	mu_fault.armed = true;
	mu_fault.op = op;
	mu_fault.way = way;
	mu_fault.place = place;
	ok(go() && others_right(w), "%s, %s, wrong %s: the run goes on", op_info[op].name,
	   ways[way], places[place]);
	c = came(w, why);
	ok(c.refused && c.said == c.refused && !c.left_out && run_refused(&run)
	   && status() == REPORT_CHECK_FAILED, "%u of %u cells refused: %s", c.refused,
	   c.cells, why);
	if (c.said != c.refused)
		for (size_t i = 0; i < run.plan.cells; i++)
			if (run.results[i].refused)
				diag("%s", run.results[i].why);
	end();
}

int main(void)
{
	static const char value[] = "it returns another value than in the reference mode",
		other[] = "the op's memory is not as the reference mode leaves it",
		promise[] = "memory is not what the op is to leave";

	if (!text_begin())
		return 1;
	test_right();
	test_few();
	for (unsigned i = 0; i < TIMED_OPS; i++) {
		test_not_lent(timed[i]);
		test_spoiled(timed[i]);
	}
	test_probe_not_lent();
	for (enum place at = IN_TEXT; at <= IN_ARENA; at++)
		for (enum way way = WAY_NATIVE; way <= WAY_INLINE; way++) {
			test_wrong(OP_set_pte, WORKLOAD_set_pte, way, at, promise);
			if (way == WAY_INDIRECT)
				continue;	/* it is the reference itself */
			test_wrong(OP_store_gdt, WORKLOAD_store_gdt, way, at, other);
			test_wrong(OP_read_cr0, WORKLOAD_read_cr0, way, at, value);
		}
	return text_done();
}
