/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs in which an exception comes, on a machine that is made up: in a reference, in
 * another cell, in a probe; as it is checked, as its passes are counted, as it is timed.
 * The cell is marked with it, all is put back, and the others are timed as ever.
 */
#include <setjmp.h>
#include "made_up_run.h"
#include "report/report.h"
#include "sets.h"

/* The attempt that is on; and what comes of one. */
static jmp_buf *attempt_on;
enum { RAISED_MOST = 100 };
static uintptr_t raised_at[RAISED_MOST];
static unsigned attempts, raised, not_quiet;

enum { UD = 6, ERROR = 0x18 };

static bool mu_attempt(void *ctx, void (*fn)(void *arg), void *arg, struct fault *f)
{
	jmp_buf here, *volatile outer = attempt_on;
	volatile bool if_on = mu.if_on;

	attempts++;
	not_quiet += !mu.quiet || ctx != &mu;
	if (setjmp(here)) {
		attempt_on = outer;
		mu.if_on = if_on;
		*f = (struct fault){ UD, ERROR, raised_at[raised - 1] };
		return false;
	}
	attempt_on = &here;
	fn(arg);
	attempt_on = outer;
	return true;
}

/* What is to come when, in which of the timings. */
static bool when_timed;
static unsigned from_timing;

static void raise_fault(uint8_t *from)
{
	if (when_timed && (mu.doing != TIMED || mu.timings < from_timing))
		return;
	if (raised == RAISED_MOST)
		return;
	raised_at[raised++] = (uintptr_t)from;
	if (attempt_on)
		longjmp(*attempt_on, 1);
}

/* Two ops, one of which raises it: reached that way, at that place. */
static void prepare(enum way way, enum place place)
{
	begin();
	config.workloads = these(1u << WORKLOAD_irq_disable | 1u << WORKLOAD_save_fl);
	config.states = these(1u << STATE_warm);
	machine.attempt = mu_attempt;
	mu_fault.armed = true;
	mu_fault.op = OP_irq_disable;
	mu_fault.way = way;
	mu_fault.place = place;
	mu_raise = raise_fault;
	when_timed = false;
	from_timing = 0;
	attempts = raised = not_quiet = 0;
}

static const struct group *group_of(size_t i)
{
	const struct group *g = run.group;

	while (i >= g->first + g->count)
		g++;
	return g;
}

/* Cells by what became of them. */
struct came {
	unsigned cells, left_out, refused, timed, others_timed, others;
};

static bool is_marked(const struct result *res)
{
	bool somewhere = false;

	for (unsigned i = 0; i < raised; i++)
		somewhere |= res->fault.at == raised_at[i];
	return res->faulted && res->fault.vector == UD && res->fault.error == ERROR
		&& somewhere && !strncmp(res->why, "exception 6 (#UD) ", 18);
}

/* False: one is marked that must not be, or not marked that must be. */
static bool count(struct came *c)
{
	bool right = true;

	*c = (struct came){ 0 };
	for (size_t i = 0; i < run.plan.cells; i++) {
		const struct result *res = &run.results[i];

		if (group_of(i)->workload != WORKLOAD_irq_disable) {
			c->others++;
			c->others_timed += !res->refused && res->ticks.n;
			right &= !res->faulted && !res->left_out;
			continue;
		}
		c->cells++;
		c->left_out += res->left_out;
		c->refused += res->refused && !res->left_out;
		c->timed += !res->refused && res->ticks.n;
		right &= res->refused ? is_marked(res) : !res->faulted;
	}
	return right && !not_quiet && !attempt_on;
}

/* Every batch that was tried is taken or dropped, in each group. */
static bool adds_up(void)
{
	for (unsigned i = 0; i < run.plan.groups; i++) {
		const struct group *g = &run.group[i];
		uint32_t n = 0;

		for (unsigned b = 0; b < sizeof(g->taken) / sizeof(g->taken[0]); b++)
			n += g->taken[b];
		for (unsigned k = 0; k < DROPPED_COUNT; k++)
			n += g->quality.dropped[k];
		if (n != g->quality.tried)
			return false;
	}
	return true;
}

/* Went the run on, and are all others timed? */
static bool went_on(const struct came *c)
{
	return !run.failed && adds_up() && put_back() && c->others && c->others_timed == c->others
		&& run_left_out(&run) == c->left_out && run_refused(&run) == c->refused;
}

static enum report_status status(void)
{
	static struct findings found;

	return report_status(&run, &found);
}

static void test_left_out(const char *what)
{
	bool went = go(), right;
	struct came c;

	right = count(&c);
	ok(went && right && went_on(&c), "%s: marked, all put back, the run goes on", what);
	ok(raised && c.left_out == c.cells && !c.refused && status() == REPORT_COMPLETE
	   && !run_empty(&run), "%s: %u of %u cells left out, and that is no failure",
	   what, c.left_out, c.cells);
	end();
}

static void test_native(void)
{
	prepare(WAY_NATIVE, IN_TEXT);
	test_left_out("the native one");
	ok(raised == 1, "the native one: nobody else is asked for it: %u", raised);
}

/* The probes find it, in either convention. */
static void test_indirect(void)
{
	prepare(WAY_INDIRECT, IN_TEXT);
	config.modes = these(1u << MODE_indirect | 1u << MODE_inline);
	test_left_out("indirect, where there is no native one");
}

static void test_refused(enum way way, enum place place, const char *what)
{
	struct came c;
	bool went, right;

	prepare(way, place);
	went = go();
	right = count(&c);
	ok(went && right && went_on(&c), "%s: marked, all put back, the run goes on", what);
	ok(raised && c.refused && c.timed && !c.left_out && status() == REPORT_CHECK_FAILED,
	   "%s: %u cells refused, %u timed", what, c.refused, c.timed);
	end();
}

/* After the checks: in the passes that are counted, and in batches. */
static void test_timed(unsigned from, const char *what)
{
	struct came c;
	bool went, right;

	prepare(WAY_INLINE, IN_ARENA);
	when_timed = true;
	from_timing = from;
	went = go();
	right = count(&c);
	ok(went && right && went_on(&c), "%s: marked, all put back, the run goes on", what);
	ok(raised && c.refused && c.timed && !c.left_out && status() == REPORT_CHECK_FAILED,
	   "%s: %u cells refused, %u timed without them", what, c.refused, c.timed);
	end();
}

/* Of one group: what the other layouts have is as good as it was. */
static void test_reference_timed(unsigned from, const char *what)
{
	struct came c;
	bool went, right;

	prepare(WAY_NATIVE, IN_ARENA);
	when_timed = true;
	from_timing = from;
	went = go();
	right = count(&c);
	ok(went && right && went_on(&c), "%s: marked, all put back, the run goes on", what);
	ok(raised && c.left_out && !c.refused && status() == REPORT_COMPLETE,
	   "%s: %u of %u cells left out", what, c.left_out, c.cells);
	end();
}

/* Without the hook it is what it was: nothing is caught. */
static void test_none(void)
{
	prepare(WAY_NATIVE, IN_TEXT);
	mu_fault.armed = false;
	machine.attempt = NULL;
	ok(go() && put_back() && !attempts && !run_refused(&run) && !run_left_out(&run),
	   "a machine without attempts runs as ever");
	end();
	prepare(WAY_NATIVE, IN_TEXT);
	mu_fault.armed = false;
	ok(go() && put_back() && attempts > 100 && !run_refused(&run) && !run_left_out(&run)
	   && !not_quiet, "and so does one with them, each in a quiet window");
	end();
}

int main(void)
{
	if (!text_begin())
		return 1;
	test_none();
	test_native();
	test_indirect();
	test_refused(WAY_INDIRECT, IN_TEXT, "indirect, as compiled");
	test_refused(WAY_INLINE, IN_TEXT, "inline, as compiled");
	test_refused(WAY_INLINE, IN_ARENA, "inline, in a body");
	test_timed(0, "inline, timed for the first time");
	test_timed(400, "inline, in a batch");
	test_reference_timed(0, "the native one, timed for the first time");
	test_reference_timed(400, "the native one, in a batch");
	return text_done();
}
