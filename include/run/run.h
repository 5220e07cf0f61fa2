/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run: what it is given, and what comes of it.
 *
 * The room has its order (run_all.h): cells are checked in the application's own text,
 * built into bodies (arena.h), timed, and summarised (summary.h).
 */
#ifndef RUN_H
#define RUN_H

#include "backend/backends.h"
#include "check/probe.h"
#include "config/config.h"
#include "measure/clock.h"
#include "measure/clock_gaps.h"
#include "measure/platform.h"
#include "plan/plan.h"
#include "run/heard.h"
#include "run/path_ops.h"
#include "run/rounds.h"
#include "run/unmeasured.h"
#include "stats/width.h"
#include "workload/path.h"

/* A module that was asked for.  Everything before "applied" is set by who loads
 * it. */
struct run_module {
	char name[CONFIG_NAME_MAX + 1];	/* as it was asked for */
	char why[260];			/* it is not loaded, for this; else empty */
	char digest[65];		/* SHA-256 of its file; empty: not read */
	bool covered;			/* the application knows that digest */
	const struct text *text;	/* NULL: it is not loaded */
	unsigned number;		/* of its row */
	size_t bytes;			/* of the memory it was given */
	unsigned workloads, sites;
	unsigned alternatives, replaced;	/* sites; those that are another now */
	/* After the run: it is unloaded, and the firmware has the memory back. */
	bool unloaded;
	/* Filled by run_all(), as the run's own below. */
	struct text_counts applied[BACKEND_COUNT][MODE_COUNT];
	bool was_applied[BACKEND_COUNT][MODE_COUNT];
};

#define RUN_DIFFERS_ROOM	200

/* Caller-owned; everything before "applied" is set by the caller. */
struct run {
	const struct config *config;
	const struct platform *machine;
	const struct text *text;
	const struct text *trampolines;	/* NULL: there are none */
	/* Modules that were asked for, loaded or not; their workloads are added
	 * (registry.h). */
	struct run_module *module;
	unsigned modules;
	const struct nop_table *nops;
	struct group *group;
	struct result *results;
	struct plan plan;		/* how many there are of each */
	void *arena_memory;		/* ARENA_MEMORY_BYTES */
	struct batch *batches;		/* run_batches() of them */
	int64_t *scratch;		/* run_scratch() of them */
	struct width_taken *width;	/* run_widths() of them; NULL: not taken */
	struct width published;		/* of this CPU: what is left of it in a batch? */
	uint64_t seed;			/* of orders and places */
	uint64_t gap_watch;		/* TSC ticks to watch for gaps, before and after */
	/* TSC ticks for all of it, see plan_budget_s(); 0: the first pass alone. */
	uint64_t budget_ticks;
	uint64_t listen_ticks;		/* to listen before the run, all; 0: not to twins */
	/* It was listened, and nothing is timed yet; NULL: nobody wants to know. */
	void (*on_listened)(const struct run *r);
	unsigned chain_cycles;		/* core cycles of an IMUL, see anchor.h */
	/* Filled by run_all(): what became of the application's own sites in each
	 * mode of each backend, with padding long. */
	struct text_counts applied[BACKEND_COUNT][MODE_COUNT];
	bool was_applied[BACKEND_COUNT][MODE_COUNT];
	struct probe_counts clobbers;	/* what sites did to registers */
	/* Workloads without a reference, for its sites failed there. */
	struct set no_reference[BACKEND_COUNT];
	struct path_ops path_ops[PATH_COUNT];
	struct clock clock;
	/* Of a clock that counts instructions: the configuration with as few offsets and
	 * batches as show that all are equal, and what is in force where it does not. */
	struct config counting;
	const struct config *timing;
	struct plan timing_plan;	/* likewise: of all CPUs, not of the first alone */
	/* Cells of one op and site, in other layouts or states, that differ: how many,
	 * and the first. */
	unsigned differ;
	char differs[RUN_DIFFERS_ROOM];
	struct gaps before, after;	/* the run */
	struct listened listened;
	uint32_t pass_ticks;		/* that one timing should last, about */
	struct quality quality;		/* of all groups */
	struct rounds rounds;
	const char *failed;		/* why it ended early, or NULL */
	const struct scale *scale;	/* patching at scale; NULL: not asked for */
};

/* Are its numbers instructions, not times? */
static inline bool run_is_counted(const struct run *r)
{
	return r->clock.id == CLOCK_instructions;
}

/* Modules that were asked for and not loaded, or not unloaded. */
unsigned run_modules_missing(const struct run *r);

/* Cells that failed their check; and those that cannot be run here. */
unsigned run_refused(const struct run *r);
unsigned run_left_out(const struct run *r);

/* Has the plan groups of that workload? */
bool run_has_groups_of(const struct run *r, unsigned workload);

/* Is all of a group left out? */
bool group_is_left_out(const struct run *r, const struct group *g);

/* Had the run ended before its turn?  What ended it is said elsewhere. */
static inline bool group_had_no_turn(const struct run *r, const struct group *g)
{
	return r->failed && group_unmeasured(g) == UNMEASURED_UNTRIED;
}
/* Groups of which no batch counts, though the machine could have done better: nothing
 * was measured of what was asked for.  Not those of UNMEASURED_VARIES and
 * UNMEASURED_WAITS. */
unsigned run_empty(const struct run *r);

#endif
