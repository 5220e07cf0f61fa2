/* SPDX-License-Identifier: GPL-2.0-only */
/* A run on the made-up machine: its memory, its text, and what it must leave. */
#ifndef MADE_UP_RUN_H
#define MADE_UP_RUN_H

#include <stdlib.h>
#include "made_up_ops.h"
#include "no_mixes.h"
#include "run/run_all.h"

/* run.h has a plan() too. */
#define plan tap_plan
#include "tap.h"
#undef plan

static struct platform machine;
static struct config config;
static struct run run;
static struct run_error error;
static struct text text;
static uint8_t *fresh;			/* the text as it was built */
static struct paravirt_ops found, found_callee;

static const struct nop_table *nopl(void)
{
	unsigned i = 0;

	while (strcmp(nop_tables[i]->name, "nopl"))
		i++;
	return nop_tables[i];
}

/* In place of the many branches that a cold state runs first: they take as long as all
 * else together.  The arena's own are run once, see test_run(). */
static unsigned cold_passes;

static void few_branches(void)
{
	cold_passes++;
}

static bool quiet_begin(void *ctx)
{
	state_code_at(few_branches);
	return mu_quiet_begin(ctx);
}

static void begin(void)
{
	config_preset(&config);
	config.offsets = 2;
	config.batches = 3;
	machine = mu_machine_with_code(0);
	machine.quiet_begin = quiet_begin;
	found = paravirt_ops;
	found_callee = paravirt_callee;
}

/* TSC ticks of the runs that follow. */
static uint64_t budget_ticks;

/* What a run has of modules; NULL: its text is all of the text. */
static const struct text *own_part;
static struct run_module module;

/* The same for every run, so that its pages are made once. */
static void *arena_memory;

/* Memory of exactly the sizes that are asked for. */
static void make_run(void)
{
	struct plan p = plan(&config, &machine, NULL, NULL);

	run = (struct run){
		.config = &config, .machine = &machine,
		.text = own_part ? own_part : &text,
		.module = &module, .modules = own_part != NULL,
		.nops = nopl(), .plan = p, .seed = 1, .gap_watch = 1000,
		.chain_cycles = 3,
		.budget_ticks = budget_ticks,
		.group = calloc(p.groups, sizeof(struct group)),
		.results = calloc(p.cells, sizeof(struct result)),
		.batches = calloc(run_batches(&config, &p, &machine),
				  sizeof(struct batch)),
		.width = calloc(run_widths(&config, &p, &machine),
				sizeof(struct width_taken)),
		.scratch = calloc(run_scratch(&config, &p, &machine), sizeof(int64_t)),
		.arena_memory = arena_memory,
	};
	plan(&config, &machine, run.group, run.results);
	memset(&error, 0, sizeof(error));
}

static inline bool go(void)
{
	make_run();
	return run_all(&run, &error);
}

static void end(void)
{
	free(run.group);
	free(run.results);
	free(run.batches);
	free(run.scratch);
	free(run.width);
}

static bool put_back(void)
{
	return !memcmp(mu_text_begin, fresh, text.where.len)
		&& !memcmp(&paravirt_ops, &found, sizeof(found))
		&& !memcmp(&paravirt_callee, &found_callee, sizeof(found_callee))
		&& mu_balanced() && !mu_wrong_table;
}

/* The text, and how it was built.  First of all. */
static bool text_begin(void)
{
	if (!mu_text_open(&text))
		return false;
	arena_memory = malloc(ARENA_MEMORY_BYTES);
	fresh = malloc(text.where.len);
	memcpy(fresh, mu_text_begin, text.where.len);
	return true;
}

static int text_done(void)
{
	free(arena_memory);
	free(fresh);
	return done();
}

#endif
