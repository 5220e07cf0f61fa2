/* SPDX-License-Identifier: GPL-2.0-only */
/* A run: the plan's groups, checked, built, measured and summarised. */
#ifndef RUN_H
#define RUN_H

#include "run/arena.h"
#include "backend/backends.h"
#include "plan/cell.h"
#include "config/config.h"
#include "measure/clock_gaps.h"
#include "measure/platform.h"
#include "check/probe.h"

/* What it says about a failed run. */
struct run_error {
	char text[240];
};

/* Why cells were left out. */
enum skipped {
#define SKIPPED(name, what) SKIPPED_##name,
#include "list/skipped.def"
#undef SKIPPED
	SKIPPED_COUNT
};
extern const char *const skipped_names[SKIPPED_COUNT];

/* What plan() made of a configuration. */
struct plan {
	size_t groups, cells;	/* cells of all roles */
	size_t asked;		/* of them: those that were asked for */
	/* Those that were asked for and are left out; with the ones above they are
	 * all that the sets name. */
	size_t skipped[SKIPPED_COUNT];
	unsigned privileged;	/* workloads left out whole: their ring is not ours */
	unsigned emulated;	/* groups left out: an emulator has no cold state */
	unsigned largest;	/* cells of the largest group */
	/* Backends that this architecture has not, or for which the CPU lacks
	 * something; workloads and modes of which cells are left out because of
	 * their ring. */
	struct set foreign, lacking, above, modes_above;
};

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
	uint64_t seed;			/* of orders and places */
	uint64_t gap_watch;		/* TSC ticks to watch for gaps, before and after */
	unsigned chain_cycles;		/* core cycles of an IMUL, see anchor.h */
	/* Filled by run_all(): what became of the application's own sites in each
	 * mode of each backend, with padding long. */
	struct text_counts applied[BACKEND_COUNT][MODE_COUNT];
	bool was_applied[BACKEND_COUNT][MODE_COUNT];
	struct probe_counts clobbers;	/* what sites did to registers */
	/* Workloads without a reference, for its sites failed there. */
	struct set no_reference[BACKEND_COUNT];
	struct gaps before, after;	/* the run */
	uint32_t pass_ticks;		/* that one timing should last, about */
	struct quality quality;		/* of all groups */
	const char *failed;		/* why it ended early, or NULL */
	const struct scale *scale;	/* patching at scale; NULL: not asked for */
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
 * Workloads that are no ops: native, dense, warm, once.
 *
 * A backend that ring 3 may run lifts an op to ring 3; its native cell is then left
 * out, for it is still the CPU's.
 *
 * Where a group would have more than GROUP_MAX cells there is no plan at all.
 */
struct plan plan(const struct config *c, const struct platform *m,
		 struct group *group, struct result *result);

/* Why a plan has no cells, in one line with the mend; NULL: it has some. */
const char *plan_refused(const struct plan *p);

/* Room that no note exceeds. */
#define PLAN_NOTE_ROOM	510

/**
 * plan_note - what a plan leaves out of what was asked for, in sentences.
 * @to: PLAN_NOTE_ROOM bytes.
 *
 * Return: @to, or NULL: nothing that its reader would miss.
 */
const char *plan_note(const struct config *c, const struct plan *p, char *to,
		      size_t room);

/* Good batches at each offset: config->batches, or what the plan says. */
uint32_t plan_batches(const struct config *c);
/* In a state: a quarter of them where each takes long because the CPU has to be
 * brought into the state, which is so in all but warm. */
uint32_t state_batches(const struct config *c, enum state_id state);

/* Equivalence margin in millionths where the twin asks for no larger one. */
#define MARGIN_LEAST	(MILLION / 100)

/*
 * TSC ticks that one timing should last: as configured; else so long that a step of
 * the TSC is a thousandth of it, within bounds: short timings catch fewer
 * disturbances.
 */
uint32_t run_pass_ticks(const struct config *c, uint64_t tsc_step,
			bool emulated);

/* Bytes from one code offset to the next. */
unsigned run_offset_step(const struct config *c);

/* Batches and words of scratch that a run of that plan needs. */
size_t run_batches(const struct config *c, const struct plan *p,
		   const struct platform *m);
size_t run_scratch(const struct config *c, const struct plan *p);

/**
 * run_all - measure every cell.
 * @r: see above; planned.
 * @e: filled on failure.
 *
 * First every mode of every backend is applied to the application's own text, with
 * each padding that is asked for and with poison, and every workload is checked
 * there, against workload.def and against the reference mode (indirect, as built).
 * Before that a site of each op is run alone (probe.h), as it is and poisoned: what
 * changes a register that it may not is not run in a workload.  A cell whose check
 * fails is marked and not timed.  Then, for each group and each
 * code offset, bodies are built, patched, checked and timed.  In the end the built
 * bytes and the tables are put back, on every path.
 *
 * Return: false if the text could not be patched, the bodies could not be made, the
 * clock stopped or no quiet window could be had; r->failed is then e->text, and what was
 * finished is summarised.
 */
bool run_all(struct run *r, struct run_error *e);

/**
 * summarise - a group's raw counts to numbers.
 * @each: batches there is room for, an offset.
 * @chain_cycles: core cycles of one op of the chain.
 * @step: what the TSC advances by, in ticks; 0 or 1: it is not coarse.
 * @scratch: run_scratch() words.
 */
void summarise(const struct group *g, struct result *results, uint32_t each,
	       unsigned chain_cycles, uint64_t step, int64_t *scratch);

/* Modules that were asked for and not loaded, or not unloaded. */
unsigned run_modules_missing(const struct run *r);

/* Cells that failed their check. */
unsigned run_refused(const struct run *r);

/* Why no batch of a group counts. */
enum unmeasured {
	UNMEASURED_NOT,		/* some do */
	UNMEASURED_UNTRIED,	/* its cells were refused, or the run had ended */
	UNMEASURED_MACHINE,	/* it was disturbed: at a quieter time, in another place
				 * it would have done better */
	UNMEASURED_VARIES,	/* in half of the tries or more nothing was too long but
				 * what varies by itself, or lasts so long that a batch
				 * meets gaps of the clock (vary.h): it would not have */
};
enum unmeasured group_unmeasured(const struct group *g);

/* The same to follow "not measured: ".  NULL: it was. */
#define UNMEASURED_ROOM	200
/* Had the run ended before its turn?  What ended it is said elsewhere. */
static inline bool group_had_no_turn(const struct run *r, const struct group *g)
{
	return r->failed && group_unmeasured(g) == UNMEASURED_UNTRIED;
}
const char *unmeasured_text(const struct group *g, char *to, size_t room);

/* Groups of which no batch counts, though the machine could have done better: nothing
 * was measured of what was asked for.  Not those of UNMEASURED_VARIES. */
unsigned run_empty(const struct run *r);

/**
 * group_find - a cell of a group.
 * @r:   ROLE_cell: of that mode and convention; else these do not matter.
 *
 * Return: NULL if there is none, or it was refused.
 */
struct result *group_find(const struct group *g, struct result *results,
			  enum role role, enum mode_id mode,
			  enum convention_id convention);

/**
 * group_reference - the cell that the others of its group are compared with.
 *
 * The native one; in a group that was planned without it mode indirect: of ccall,
 * where that was asked for, whose site is the call alone; else of the first
 * convention.  Return: NULL where it was refused, or there is none.
 */
struct result *group_reference(const struct group *g, struct result *results);

/* Is that cell of a group its reference rather than @than, which comes before it?
 * @than: NULL if there is none yet. */
bool better_reference(const struct cell *c, const struct cell *than);

/* What a report calls it: "native", or "indirect/ccall". */
void reference_name(char *to, size_t room, const struct cell *c);

/* "save_fl/xen/line/warm". */
#define GROUP_NAME_ROOM	80
void group_name(char *to, size_t room, const struct group *g);

/* Batches of a group that count, at all offsets. */
uint32_t group_taken(const struct group *g);

#endif
