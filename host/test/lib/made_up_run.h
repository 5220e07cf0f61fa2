/* SPDX-License-Identifier: GPL-2.0-only */
/* A run on the made-up machine: its memory, its text, and what it must leave. */
#ifndef MADE_UP_RUN_H
#define MADE_UP_RUN_H

#include <stdlib.h>
#include "made_up_ops.h"
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

static void begin(void)
{
	config_preset(&config);
	config.offsets = 2;
	config.batches = 3;
	machine = mu_machine_with_code(0);
	found = paravirt_ops;
	found_callee = paravirt_callee;
}

/* What a run has of modules; NULL: its text is all of the text. */
static const struct text *own_part;
static struct run_module module;

/* Memory of exactly the sizes that are asked for. */
static bool go(void)
{
	struct plan p = plan(&config, &machine, NULL, NULL);

	run = (struct run){
		.config = &config, .machine = &machine,
		.text = own_part ? own_part : &text,
		.module = &module, .modules = own_part != NULL,
		.nops = nopl(), .plan = p, .seed = 1, .gap_watch = 1000,
		.chain_cycles = 3,
		.group = calloc(p.groups, sizeof(struct group)),
		.results = calloc(p.cells, sizeof(struct result)),
		.batches = calloc(run_batches(&config, &p, &machine),
				  sizeof(struct batch)),
		.scratch = calloc(run_scratch(&config, &p), sizeof(int64_t)),
		.arena_memory = malloc(ARENA_MEMORY_BYTES),
	};
	plan(&config, &machine, run.group, run.results);
	memset(&error, 0, sizeof(error));
	return run_all(&run, &error);
}

static void end(void)
{
	free(run.group);
	free(run.results);
	free(run.batches);
	free(run.scratch);
	free(run.arena_memory);
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
	fresh = malloc(text.where.len);
	memcpy(fresh, mu_text_begin, text.where.len);
	return true;
}

static int text_done(void)
{
	free(fresh);
	return done();
}

#endif
