/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The room "ops": every op that may run here is called once through the ops table, and
 * what it did is compared with what it promises (op.def).
 *
 *	struct ops_check r;
 *
 *	ops_check(&r, &env);			in the quiet window
 *	ops_check_say(&r, say, ctx);		outside of it
 *
 * The table must hold the native ops: their effects are what is verified.
 */
#ifndef OPS_CHECK_H
#define OPS_CHECK_H

#include "ops_check_env.h"
#include "paravirt/ops.h"

/* What became of an op.  Each op lands in exactly one. */
enum ops_outcome {
	OPS_CHECKED,		/* was called and did what it promises */
	OPS_FAILED,		/* was called and did not */
	OPS_NOT_RUN,		/* cannot be, and leave no trace */
	OPS_TRAPPING,		/* class trap: not called */
	OPS_OUTCOME_COUNT
};

/* How many ops ended in each; sums to OP_COUNT. */
struct ops_checked {
	unsigned checked, failed, not_run, trapping;
};

struct ops_check {
	struct ops_checked counts;
	struct {
		enum ops_outcome outcome;
		const char *why;	/* static, or NULL */
	} op[OP_COUNT];
};

/**
 * ops_check - call every op of class timed, setup and jump, and verify it.
 * @r:   filled.
 * @env: see above.
 *
 * To be called at ring 0 with no maskable interrupt source awake: IF is set for
 * some instructions.  Takes a few milliseconds (WBINVD, the timer).  Leaves the
 * machine, the flags and native_env as they were, on every path.
 */
void ops_check(struct ops_check *r, const struct ops_check_env *env);

/**
 * ops_check_say - tell of every op that failed or was not run.
 * @say: is given the op, "failed" or "not run", and why; in op.def's order.
 */
void ops_check_say(const struct ops_check *r,
		   void (*say)(void *ctx, enum op op, const char *result,
			       const char *why),
		   void *ctx);

#endif
