/* SPDX-License-Identifier: GPL-2.0-only */
/* A run on several CPUs of the made-up machine, one of which falls. */
#include "made_up_run.h"
#include "sets.h"

#define CPUS	4

static struct run_cpu cpu[CPUS];
static unsigned on;			/* the CPU that runs, by index */
static unsigned calls[CPUS];
static unsigned falls = 2;		/* the CPU that does, */
static unsigned falls_at;		/* and at which call of it; 0: never */
static bool turned_back;		/* a CPU came after one behind it */

static bool run_on(void *ctx, unsigned i, void (*fn)(void *arg), void *arg)
{
	(void)ctx;
	if (cpu[i].not_run[0])
		return false;
	turned_back |= i < on;
	on = i;
	if (++calls[i] == falls_at && i == falls) {
		strcpy(cpu[i].not_run, "it fell");
		return false;
	}
	fn(arg);
	return true;
}

static void prepare(void)
{
	begin();
	config.workloads = these(0);
	set_add(&config.workloads, WORKLOAD_irq_disable);
	set_add(&config.workloads, WORKLOAD_save_fl);
	config.layouts = these(1 << LAYOUT_dense);
	config.states = these(1 << STATE_warm);
	memset(cpu, 0, sizeof(cpu));
	memset(calls, 0, sizeof(calls));
	for (unsigned i = 0; i < CPUS; i++)
		cpu[i].number = i;
	cpu[0].boot = true;
	strcpy(cpu[1].not_run, "switched off");
	on = 0;
	turned_back = false;
	machine.cpu = cpu;
	machine.cpus = CPUS;
	machine.run_on = run_on;
}

/* Batches of all groups of a CPU. */
static unsigned taken(unsigned i)
{
	unsigned n = 0;

	for (size_t g = 0; g < run.plan.groups; g++)
		if (run.group[g].cpu == i)
			n += group_taken(&run.group[g]);
	return n;
}

static void test_all(void)
{
	unsigned want = 2 * 2 * 3;	/* groups, offsets, batches */

	prepare();
	falls_at = 0;
	ok(go(), "three of four CPUs: the run comes to its end");
	ok(taken(0) == want && taken(2) == want && taken(3) == want && !taken(1),
	   "%u, %u, %u and %u batches", taken(0), taken(1), taken(2), taken(3));
	ok(calls[0] && calls[0] == calls[2] && calls[0] == calls[3] && !calls[1],
	   "each is asked as often, %u times; one that cannot be had is not", calls[0]);
	ok(!turned_back, "one after the other");
	ok(put_back(), "all is put back");
	ok(!run_empty(&run), "no group is without batches");
	end();
}

static void test_fall(unsigned at)
{
	unsigned want = 2 * 2 * 3;

	prepare();
	falls_at = at;
	ok(go(), "CPU 2 falls at call %u: the run comes to its end", at);
	ok(taken(0) == want && taken(3) == want && taken(2) < want,
	   "CPU 2 has %u batches, those before and behind it %u", taken(2), want);
	ok(calls[2] == at, "it is not asked again");
	ok(run_empty(&run) >= 1, "groups without batches are counted: %u",
	   run_empty(&run));
	ok(put_back(), "all is put back");
	end();
}

/* The first CPU's groups are listened to before the run. */
static bool go_listening(void)
{
	make_run();
	run.listen_ticks = 1u << 22;
	return run_all(&run, &error);
}

static void test_fall_listening(unsigned at)
{
	const struct heard *h = &run.listened.state[STATE_warm];
	unsigned want = 2 * 2 * 3;

	prepare();
	falls = 0;
	falls_at = at;
	ok(go_listening(), "CPU 0 falls at call %u, listened to: the run comes to its end", at);
	ok(run.listened.twins && h->has_group && !h->blocks && !h->told.known,
	   "of it nothing was heard");
	ok(!taken(0) && taken(2) == want && taken(3) == want, "the others are timed");
	ok(calls[0] == at && put_back(), "it is not asked again, and all is put back");
	falls = 2;
	end();
}

/* Where CPU 0 cannot be had it is the next one's groups that are listened to. */
static void test_first_missing(void)
{
	const struct listened *l = &run.listened;
	uint64_t ticks = 0;

	prepare();
	falls_at = 0;
	strcpy(cpu[0].not_run, "switched off");
	ok(go_listening() && put_back(), "CPU 0 cannot be had: the run comes to its end");
	for (size_t g = 0; g < run.plan.groups; g++)
		if (run.group[g].cpu == 2)
			ticks += l->state[STATE_warm].cell_ticks * run.group[g].count * 2;
	ok(ticks && l->first_pass == ticks, "a first pass is expected to last %llu ticks, CPU 2's",
	   (unsigned long long)l->first_pass);
	end();
}

int main(void)
{
	if (!text_begin())
		return 1;
	test_all();
	for (unsigned at = 1; at <= 6; at++)
		test_fall(at);
	for (unsigned at = 1; at <= 4; at++)
		test_fall_listening(at);
	test_first_missing();
	return text_done();
}
