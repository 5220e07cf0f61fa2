/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The plan: from a configuration to groups of cells, and what that leaves out.
 *
 * Pure: nothing is measured and nothing is patched.  The room has the cell, with all
 * that will be known of it (cell.h), and the group, whose cells are timed side by side
 * (group.h).
 */
#ifndef PLAN_H
#define PLAN_H

#include "config/config.h"
#include "measure/platform.h"
#include "plan/group.h"
#include "plan/skipped.h"
#include "workload/set.h"

/* What plan() made of a configuration. */
struct plan {
	size_t groups, cells;	/* of all CPUs; cells of all roles */
	unsigned cpus;		/* that there are groups of */
	/* What follows is of one CPU. */
	size_t asked;		/* of its cells: those that were asked for */
	/* Those that were asked for and are left out; with the ones above they are
	 * all that the sets name. */
	size_t skipped[SKIPPED_COUNT];
	unsigned privileged;	/* workloads left out whole: their ring is not ours */
	unsigned emulated;	/* groups left out: an emulator has no cold state */
	unsigned largest;	/* cells of the largest group */
	/* Backends that this architecture has not, or for which the CPU lacks
	 * something; workloads and modes of which cells are left out because of
	 * their ring; and ops of the table that are dangerous and not named, or for
	 * which the CPU lacks something. */
	struct set foreign, lacking, above, modes_above, dangerous, needing;
};

/**
 * plan - the groups and cells a configuration asks for.
 * @m:     its ring: what needs a more privileged one is left out; its isa: so are
 *         backends that are not to be had there; and whether it is emulated: an
 *         emulator predicts and caches nothing, so plan default leaves cold states
 *         out there.
 * @group, @result: NULL to only count them; else all zero.
 *
 * A group is a workload under a backend in a layout and a state.  Its cells: native
 * once; the other modes once for every convention that has sites and, where they
 * leave something to fill, every padding; and besides those asked for a twin of the
 * reference cell, the filler alone where the layout has one, and the chain.
 * Workloads that are no ops: native, dense, warm, once.  The table's ops: as table_ops.h
 * has it.
 *
 * A backend that ring 3 may run lifts an op to ring 3; its native cell is then left
 * out, for it is still the CPU's.
 *
 * All that for each CPU that can be had (@m->cpu): the groups of one behind those of the
 * one before, so that groups [k * n, (k + 1) * n) are those of the k-th.
 *
 * Where a group would have more than GROUP_MAX cells there is no plan at all.
 */
struct plan plan(const struct config *c, const struct platform *m,
		 struct group *group, struct result *result);

/* Of a plan, its first CPU's part: its groups and its cells are the first ones. */
struct plan plan_first_cpu(const struct plan *p);

/* Why a plan has no cells, in one line with the mend; NULL: it has some. */
const char *plan_refused(const struct plan *p);

/* Room that no note exceeds. */
#define PLAN_NOTE_ROOM	1500

/**
 * plan_note - what a plan leaves out of what was asked for, in sentences.
 * @to: PLAN_NOTE_ROOM bytes.
 *
 * Return: @to, or NULL: nothing that its reader would miss.
 */
const char *plan_note(const struct config *c, const struct plan *p, char *to,
		      size_t room);

/* Good batches of a block: config->batches, or what the plan says. */
uint32_t plan_batches(const struct config *c);
/* In a state: a quarter of them where each takes long because the CPU has to be
 * brought into the state, which is so in all but warm. */
uint32_t state_batches(const struct config *c, enum state_id state);
/* Of a group: as many.  Of an op of table.def, if none are given, 13 at most, in plan full
 * too, and 5 where a body has few copies, for it takes long. */
uint32_t group_batches(const struct config *c, const struct group *g);

/*
 * TSC ticks that one timing should last: as configured; else so long that a step of
 * the TSC is a thousandth of it, with a budget a four thousandth, within bounds: short
 * timings catch fewer disturbances, and intervals are wider by a step at each end.
 */
uint32_t run_pass_ticks(const struct config *c, const struct platform *m,
			uint64_t tsc_step);

/* Seconds for the whole run; 0: the first pass alone.  Where none is given that is so
 * in plan full, and in an emulator, whose time says nothing of a CPU. */
uint32_t plan_budget_s(const struct config *c, const struct platform *m);

/**
 * plan_listen_ms - how long a run is to listen before it, in all: run/heard.h.
 *
 * A second, but no more than a tenth of the budget; two in plan full, where it has none.
 *
 * Return: 0 where there is no budget otherwise: the clock alone is read then, as long as
 * behind the run.
 */
unsigned plan_listen_ms(const struct config *c, const struct platform *m);

/* Blocks that a group has room for. */
unsigned plan_blocks(const struct config *c, const struct platform *m);

/* Batches and words of scratch that a run of that plan needs. */
size_t run_batches(const struct config *c, const struct plan *p,
		   const struct platform *m);
/* Batches of all groups. */
size_t run_widths(const struct config *c, const struct plan *p, const struct platform *m);
size_t run_scratch(const struct config *c, const struct plan *p,
		   const struct platform *m);

#endif
