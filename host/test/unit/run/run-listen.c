/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Listening before a run, on the machine that is made up: what is heard there is known,
 * and the run that follows is the one that it would have been without.
 */
#include "made_up_run.h"
#include "sets.h"

#define LISTEN		(1u << 24)	/* ticks */

static struct run *wanted;		/* of whom on_listened() is to be called */
static unsigned listened_to;
static uint32_t timed_before;		/* batches of the run itself by then */
static uint64_t heard_ticks;

static void on_listened(const struct run *r)
{
	listened_to++;
	wanted = wanted == r ? wanted : NULL;
	for (size_t i = 0; i < r->plan.groups; i++)
		timed_before += r->group[i].quality.tried;
	heard_ticks = r->listened.ticks;
}

/* As go(), but for that. */
static bool go_listening(uint64_t ticks, uint64_t budget)
{
	make_run();
	run.listen_ticks = ticks;
	run.budget_ticks = budget;
	run.on_listened = on_listened;
	wanted = &run;
	listened_to = timed_before = 0;
	heard_ticks = 0;
	return run_all(&run, &error);
}

static const struct heard *of(enum state_id s)
{
	return &run.listened.state[s];
}

/* Warm, the twin takes what its reference takes, to the tick. */
static void test_heard(void)
{
	const struct listened *l = &run.listened;
	const struct heard *h = of(STATE_warm);

	begin();
	ok(go_listening(LISTEN, 0) && put_back() && wanted && listened_to == 1
	   && !timed_before, "it is listened once, before anything is timed");
	ok(run.before.ticks >= LISTEN / 5 * 2 && run.after.ticks < LISTEN / 5,
	   "the clock alone for two fifths of the time");
	ok(l->twins && l->ticks == heard_ticks && l->ticks > run.before.ticks,
	   "then references beside their twins");
	ok(h->has_group && run.group[h->group].state == STATE_warm
	   && run.group[h->group].layout == LAYOUT_line, "warm: in layout line");
	ok(h->blocks >= 1 && h->blocks <= LISTEN_BLOCKS && h->cell_ticks,
	   "%u blocks", (unsigned)h->blocks);
	ok(of(STATE_cold_branch)->has_group && of(STATE_cold_code)->has_group
	   && of(STATE_cold_branch)->blocks && of(STATE_cold_code)->blocks,
	   "and in each cold state");
	ok(l->first_pass > LISTEN / 10, "how long a first pass lasts");
	ok(!run_refused(&run) && !run.failed, "the run goes on");
	end();
}

/* Blocks whose twins took the same, to a millionth. */
static unsigned same_blocks(const struct heard *h)
{
	unsigned n = 0;

	for (unsigned i = 0; i < h->blocks; i++)
		n += h->ratio[i] == MILLION;
	return n;
}

/* Minutes of this machine's, a tenth of them to listen. */
static void test_told(void)
{
	const struct heard *h = of(STATE_warm);
	const struct resolution *t = &h->told;
	int64_t margin = 1000 * (int64_t)config.precision;

	begin();
	config.states = these(1u << STATE_warm);
	config.offsets = 16;
	config.budget_s = 240;
	config.from[CONFIG_budget_s].from = FROM_FILE;
	go_listening(240 * LISTEN / 10, 240 * LISTEN);
	ok(h->blocks == LISTEN_BLOCKS, "as many blocks as are listened to at most");
	ok(run.listened.expected > 16 && run.listened.expected <= BLOCKS_MAX,
	   "%u blocks are expected", (unsigned)run.listened.expected);
	ok(t->known && !t->spread && 2 * same_blocks(h) > h->blocks && t->same
	   && t->half_width > 0 && t->half_width < MILLION / 100
	   && t->smallest == margin + t->half_width,
	   "what takes the same is known to a step of the clock: %u millionths",
	   (unsigned)t->half_width);
	ok(h->reached_of > 0 && h->reached < MILLION / 100, "and so it is reached: %u",
	   (unsigned)h->reached);
	ok(!of(STATE_cold_code)->has_group && !of(STATE_cold_code)->told.known,
	   "a state that is not in the plan is not listened to");
	end();
}

/* Without a time for it, or where the clock counts instructions, twins are left alone. */
static void test_not(void)
{
	begin();
	config.states = these(1u << STATE_warm);
	ok(go_listening(0, 0) && listened_to == 1 && !run.listened.twins
	   && run.listened.ticks == run.before.ticks && run.before.ticks < LISTEN / 5,
	   "no time for it: the clock alone, as long as behind the run");
	end();
}

/* Results, places and counts of a run, as one number. */
static uint64_t digest(void)
{
	uint64_t d = 0;

	for (size_t i = 0; i < run.plan.cells; i++) {
		const struct result *r = &run.results[i];

		d = 31 * d + (uint64_t)r->ticks.median + r->address[0] + r->address[1]
			+ r->ticks.n + r->series.reps;
	}
	for (size_t i = 0; i < run.plan.groups; i++)
		d = 31 * d + run.group[i].quality.tried + run.group[i].taken[1];
	return d;
}

static void test_same_run(void)
{
	uint64_t with, without;

	begin();
	go_listening(LISTEN, 0);
	with = digest();
	end();
	begin();
	go_listening(0, 0);
	without = digest();
	end();
	ok(with == without, "the run is the one that it would have been");
}

/* Who may not be timed is not listened to either: the next group is. */
static void test_refused(void)
{
	begin();
	config.states = these(1u << STATE_warm);
	mu_fault.armed = true;
	mu_fault.op = OP_irq_disable;
	mu_fault.way = WAY_NATIVE;
	mu_fault.place = IN_TEXT;
	ok(go_listening(LISTEN, 0) && put_back(), "a reference that is refused: the run goes on");
	ok(of(STATE_warm)->blocks && run.group[of(STATE_warm)->group].workload
	   != WORKLOAD_irq_disable, "another group is listened to");
	mu_fault.place = IN_ARENA;
	mu_fault.armed = false;
	end();
}

/* Whichever window is not had, before anything of the run itself is timed or later. */
static void test_no_window(void)
{
	unsigned listening = 0, timing = 0;
	bool good = true, whole = false;

	for (unsigned at = 1; !whole; at += 2) {
		begin();
		config.states = these(1u << STATE_warm);
		config.workloads = these(1u << WORKLOAD_cli_sti);
		mu.refuse = at;
		whole = go_listening(LISTEN, 0);
		good &= put_back() && (whole || run.failed);
		if (!whole)
			*(listened_to ? &timing : &listening) += 1;
		end();
	}
	ok(good && listening > 3 && timing > 3, "a window that is not had ends it: "
	   "%u while it listens, %u later", listening, timing);
}

int main(void)
{
	if (!ok(text_begin(), "the text is opened"))
		return done();
	test_heard();
	test_told();
	test_not();
	test_same_run();
	test_refused();
	test_no_window();
	return text_done();
}
