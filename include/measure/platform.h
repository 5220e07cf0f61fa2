/* SPDX-License-Identifier: GPL-2.0-only */
/* The platform: what core asks of its surroundings; the clock, the flags, quiet, memory. */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stdbool.h>
#include <stdint.h>
#include "measure/disturbance.h"
#include "measure/fault.h"
#include "kernel/ring3.h"
#include "machine/feature.h"
#include "machine/run_cpu.h"
#include "patch/text.h"
#include "workload/table.h"

/* Memory for bodies, in reach of the application and of each other. */
struct near_memory {
	uint8_t *code;		/* may be executed; stored to by the writer only */
	size_t code_len;
	uint8_t *data;		/* may be written */
	size_t data_len;
};

/* How far a run is: so many steps of so many; at the end all of them. */
struct run_progress {
	unsigned done, of;
	bool budget;		/* steps are of time, and what follows says something */
	unsigned decided, open;	/* comparisons; none before the first look */
	unsigned left_s;	/* of the budget */
};

/**
 * struct platform - the place core runs in.
 * @ring:   the privilege level: what has workload.ring below it is not run.
 * @isa:    whose instructions run.
 * @features: of the CPU.
 * @emulated: what runs is not the CPU, and knows no caches and no predictors.
 * @begin:  TSC, everything before it done, nothing after it begun.
 * @end:    likewise, at the end of a timing.
 * @cycles: core cycles, ordered likewise; NULL: they cannot be counted.
 * @flags:  the flags register.
 * @set_if: turns maskable interrupts on or off, for this CPU.  In ring 3 IF is
 *          always on and this does nothing.
 * @quiet_begin: opens a quiet window: no maskable interrupt source is awake and
 *          none is pending, whatever IF is.  False: it cannot.
 * @quiet_end: closes it; the firmware gets back what it had, IF included.
 * @quiet_ticks: a window is closed with the first batch after this many TSC ticks.
 * @quiet_max: and is said to have overrun after this many.
 * @disturbed: what has come between so far.
 * @interrupts_come: quiet windows keep none out (ring 3, where another program runs for a
 *          while): in states of state.once, whose entering lasts and is not timed, what
 *          @disturbed counts of them says nothing, and a timing's length does.
 * @flush_branches: makes the CPU forget its branch predictions as well as it can
 *          be told to; NULL: it cannot be told.
 * @gap_ticks: a timing that is longer than it need be by more than this was
 *          disturbed, where it does not vary by itself (vary.h).
 * @writer: stores to code, to the application's text and to near.code.
 * @near:   memory for bodies.
 * @progress: how far the run is; called outside quiet windows.
 * @stack:  the end of the stack that bodies run on, see thread_stack_top() in
 *          pv_memory.h; NULL: the one in use.
 * @cpu:    the CPUs that are to be timed on, one after the other; NULL: this one.
 * @cpus:   how many.
 * @run_on: runs @fn(@arg) on CPU number @i of @cpu and returns when that is done; what is
 *          run there may call what is here, but @progress.  NULL: all is run here.
 *          False: that CPU is not to be had, or an exception ended what it ran: nothing
 *          is to be run there any more; its not_run says why.
 * @attempt: runs @fn(@arg), in a quiet window.  False: an exception ended it, and @f says
 *          which; then IF, the stack and the segments are as before the call.  NULL: none
 *          is caught.  See measure/attempt.h.
 * @lend:   before a pass over an op of the table: sets those arguments of @w that are of the
 *          machine, reads what the op may change of it, and puts in force what the op
 *          needs.  NULL, or why the op cannot be run: then nothing is lent.  NULL as a
 *          hook: nothing is lent to any.
 * @take_back: behind such a pass: all is as it was, compared first.  NULL, or what was not
 *          as it was before the pass.
 * @lend_ring3: before a pass over a path that goes to ring 3: what of the machine it needs is
 *          put in force, for USER_PROGRAMS programs @u, and @to filled.  NULL, or why it cannot
 *          be: nothing is lent then.  NULL as a hook: there is no ring 3 to go to.
 * @take_back_ring3: behind it, whatever ended it.  NULL, or what does not come back.
 * @ctx:    passed to each.
 */
struct platform {
	unsigned ring;
	enum isa isa;
	struct features features;
	bool emulated;
	uint64_t (*begin)(void);
	uint64_t (*end)(void);
	uint64_t (*cycles)(void);
	unsigned long (*flags)(void);
	void (*set_if)(bool on);
	bool (*quiet_begin)(void *ctx);
	void (*quiet_end)(void *ctx);
	uint64_t quiet_ticks, quiet_max;
	void (*disturbed)(void *ctx, struct disturbance *d);
	bool interrupts_come;
	void (*flush_branches)(void *ctx);
	uint64_t gap_ticks;
	const struct text_writer *writer;
	struct near_memory near;
	void (*progress)(void *ctx, const struct run_progress *p);
	void *stack;
	struct run_cpu *cpu;
	unsigned cpus;
	bool (*run_on)(void *ctx, unsigned i, void (*fn)(void *arg), void *arg);
	bool (*attempt)(void *ctx, void (*fn)(void *arg), void *arg, struct fault *f);
	const char *(*lend)(void *ctx, const struct table_op *op, struct work *w);
	const char *(*take_back)(void *ctx, const struct table_op *op);
	const char *(*lend_ring3)(void *ctx, const struct user_code *u,
				  struct kernel_ring3 *to);
	const char *(*take_back_ring3)(void *ctx);
	void *ctx;
};

/* Source: Intel SDM Vol. 1, "EFLAGS Register". */
#define FLAGS_ONE	(1ul << 1)	/* always 1 */
#define FLAGS_IF	(1ul << 9)
#define FLAGS_AC	(1ul << 18)
#define FLAGS_TOP	22		/* bits from here up are 0 */

#endif
