/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A budget, on a machine that is made up: the first pass is cut for all alike, what is
 * open is timed on and nothing else is, and the run ends when it should.
 */
#include "../../../../core/run/placement.h"
#include "made_up_run.h"
#include "sets.h"
#include "workload/registry.h"

#define AMPLE	(1ull << 40)

/* Two workloads, one an op. */
static void small(uint64_t budget)
{
	begin();
	config.workloads = these(1u << WORKLOAD_cli_sti | 1u << WORKLOAD_nop);
	config.states = these(1u << STATE_warm);
	config.offsets = 16;
	budget_ticks = budget;
	mu_more = NULL;
}

/* The native op, and its twin, take much longer in about every other block, of which
 * each is built in one store: a patched one is quicker then, and else slower. */
static uint64_t restless(enum way way)
{
	return way == WAY_NATIVE && (mu_writer.opened * 2654435761u) >> 31 ? 60 : 0;
}

static unsigned open_verdicts(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < run.plan.cells; i++)
		n += run.results[i].has_vs && !is_decided(run.results[i].vs.verdict);
	return n;
}

/* Blocks without batches, or with an address that is not where the group says. */
static unsigned wrong_blocks(void)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < run.plan.groups; i++) {
		const struct group *g = &run.group[i];

		for (unsigned b = 0; b < g->blocks; b++) {
			wrong += g->taken[b] != config.batches;
			wrong += run.results[g->first].address[b] % LINE_BYTES
				!= g->offset[b];
		}
	}
	return wrong;
}

/* Groups whose blocks are not at the places that are drawn for them. */
static unsigned not_drawn(void)
{
	unsigned wrong = 0;

	for (size_t i = 0; i < run.plan.groups; i++) {
		struct group g = run.group[i];

		place_blocks(&g, run.seed, (uint32_t)i);
		wrong += memcmp(g.offset, run.group[i].offset, g.blocks) != 0;
	}
	return wrong;
}

static unsigned most_blocks(void)
{
	unsigned most = 0;

	for (size_t i = 0; i < run.plan.groups; i++)
		if (run.group[i].blocks > most)
			most = run.group[i].blocks;
	return most;
}

static unsigned least_blocks(void)
{
	unsigned least = BLOCKS_MAX;

	for (size_t i = 0; i < run.plan.groups; i++)
		if (run.group[i].blocks < least)
			least = run.group[i].blocks;
	return least;
}

/* All is exact: sixteen offsets decide it. */
static void test_decided_early(void)
{
	small(AMPLE);
	ok(go() && put_back() && run.rounds.ran, "an ample budget");
	ok(most_blocks() == 16 && least_blocks() == 16 && !open_verdicts(),
	   "nothing is open after the first pass, nothing is timed on");
	ok(run.rounds.decided && !run.rounds.open && run.rounds.looks == run.plan.groups
	   && run.rounds.first_blocks == 16, "%u are decided, by a look at each group",
	   run.rounds.decided);
	ok(!wrong_blocks() && run.rounds.used_ticks < AMPLE, "each block is where it is to be");
	ok(mu.progress == mu.progress_of && mu.progress, "progress goes to the end");
	end();
}

/* Two offsets have no interval: all groups go on, to the first look that has. */
static void test_goes_on(void)
{
	small(0);
	config.offsets = 2;
	go();
	ok(!run.rounds.ran && run.group[0].blocks == 2 && !run.group[0].looks,
	   "without a budget there are two offsets, and one look");
	ok(!run.group[0].offset[0] && run.group[0].offset[1] == LINE_BYTES / 2
	   && !wrong_blocks(), "evenly over the line");
	end();
	small(AMPLE);
	config.offsets = 2;
	ok(go() && put_back() && !open_verdicts(), "with one all is decided");
	ok(least_blocks() > 2 && most_blocks() <= 18, "at a look soon, at %u to %u blocks",
	   least_blocks(), most_blocks());
	ok(!wrong_blocks() && run.group[0].first_blocks == 2 && run.group[0].looks > 1
	   && run.group[0].looks_from == 2, "and it says when it looked");
	ok(!not_drawn(), "all at drawn places, the first pass too");
	end();
}

/* One group never comes to an end by itself. */
static void test_restless(void)
{
	unsigned full = 0, compared = 0;

	small(AMPLE);
	config.batches = 1;
	config.layouts = these(1u << LAYOUT_dense);
	mu_more = restless;
	ok(go() && put_back() && open_verdicts(), "what takes turns stays open");
	for (size_t i = 0; i < run.plan.groups; i++) {
		bool op = workload_of(run.group[i].workload)->kind == KIND_OP;

		compared += op;
		full += op && run.group[i].blocks == BLOCKS_MAX;
		ok(op || run.group[i].blocks == 16, "a group that is decided is let be");
	}
	ok(compared == 1 && full == 1 && !wrong_blocks() && run.rounds.open,
	   "it ends at the most blocks there are");
	end();
}

/* What a first pass takes, and what of it the machine had used before. */
static uint64_t first_pass_ticks(void)
{
	uint64_t used;

	small(AMPLE);
	go();
	used = run.rounds.used_ticks;
	end();
	return used;
}

static void test_out(void)
{
	uint64_t whole = first_pass_ticks();

	small(whole * 2);
	mu_more = restless;
	ok(go() && put_back() && open_verdicts(), "a budget that runs out");
	ok(most_blocks() > 16 && most_blocks() < BLOCKS_MAX
	   && run.rounds.used_ticks <= whole * 2, "it is kept, at %u blocks", most_blocks());
	ok(mu.progress == mu.progress_of, "and progress ends");
	end();
}

/* Shorter than the first pass: fewer offsets for all. */
static void test_cut(void)
{
	uint64_t whole = first_pass_ticks();
	unsigned blocks, wrong = 0;

	small(1);
	ok(go() && put_back() && most_blocks() == 1 && least_blocks() == 1
	   && run.rounds.first_blocks == 1, "next to no budget: one offset for each");
	ok(!run_empty(&run) && !wrong_blocks(), "and no group without");
	end();
	small(whole / 2);
	ok(go() && put_back(), "half of a first pass");
	blocks = run.rounds.first_blocks;
	ok(blocks > 3 && blocks < 14 && !wrong_blocks(), "%u offsets", blocks);
	for (size_t i = 0; i < run.plan.groups; i++)
		wrong += run.group[i].first_blocks != blocks;
	ok(!wrong && !not_drawn(), "for each, the first ones of those that were drawn");
	ok(run.rounds.used_ticks < whole, "in less than all of it");
	end();
}

/* The clock may stop in any timing of a round. */
static void test_stops(void)
{
	unsigned good = 0, timings, first, tries = 0;

	small(AMPLE);
	go();
	first = mu.timings;
	end();
	small(AMPLE);
	config.layouts = these(1u << LAYOUT_dense);
	config.batches = 1;
	mu_more = restless;
	go();
	timings = mu.timings;
	end();
	for (unsigned at = timings / 2; at < timings; at += timings / 20) {
		small(AMPLE);
		config.layouts = these(1u << LAYOUT_dense);
		config.batches = 1;
		mu_more = restless;
		mu.stops_at = at;
		tries++;
		good += !go() && put_back() && strstr(error.text, "stands still")
			&& run.results[0].ticks.n;
		end();
	}
	ok(good == tries && tries > 5 && first, "a clock that stops in a round ends the run, "
	   "what was measured is kept: %u of %u", good, tries);
}

static void test_refused(void)
{
	unsigned refused;

	small(AMPLE);
	config.offsets = 2;
	config.workloads = these(1u << WORKLOAD_irq_enable | 1u << WORKLOAD_nop);
	mu_fault.armed = true;
	mu_fault.op = OP_irq_enable;
	mu_fault.way = WAY_NATIVE;
	mu_fault.place = IN_ARENA;
	mu_fault.from = 1;
	ok(go() && put_back(), "cells that are refused");
	refused = run_refused(&run);
	ok(refused && !open_verdicts() && !run.rounds.open,
	   "%u are, and the others are decided", refused);
	mu_fault.armed = false;
	end();
}

/* All that is tried of the first block. */
static void disturb_first(unsigned batch, bool before)
{
	(void)batch;
	if (!before && !run.group[0].spent_ticks)
		mu.so_far.interrupts++;
}

static void test_empty(void)
{
	small(AMPLE);
	config.offsets = 1;
	config.batches = 3;
	mu.upset = disturb_first;
	ok(go() && put_back() && !run.group[0].taken[0] && run.group[1].taken[0],
	   "a group of which no batch counts after the first pass");
	ok(!run_empty(&run) && !open_verdicts(), "is timed on, and decided like the others");
	end();
}

/* The same again. */
static void test_same(void)
{
	static uint64_t first[GROUP_MAX][BLOCKS_MAX];
	unsigned blocks = 0, differ = 0, count;

	for (unsigned i = 0; i < 2; i++) {
		small(AMPLE);
		config.offsets = 3;
		go();
		count = run.group[0].count;
		differ += i && blocks != run.group[0].blocks;
		blocks = run.group[0].blocks;
		for (unsigned k = 0; k < count; k++) {
			differ += i && memcmp(first[k], run.results[k].address,
					      sizeof(first[k]));
			memcpy(first[k], run.results[k].address, sizeof(first[k]));
		}
		end();
	}
	ok(!differ && blocks > 3, "the same seed: the same blocks at the same places");
}

int main(void)
{
	if (!ok(text_begin(), "the made-up text is accepted"))
		return done();
	test_decided_early();
	test_goes_on();
	test_restless();
	test_out();
	test_cut();
	test_stops();
	test_refused();
	test_empty();
	test_same();
	return text_done();
}
