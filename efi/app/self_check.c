/* SPDX-License-Identifier: GPL-2.0-only */
/* Do the tools do what they are for?  See self_check.h. */
#include "cpu/attempt_check.h"
#include "cpu/cpu.h"
#include "cpu/guard.h"
#include "cpu/guard_check.h"
#include "cpu/may_fault.h"
#include "firmware/console.h"
#include "ops/ops_check.h"
#include "ops/wake_timer.h"
#include "quiet/quiet.h"
#include "quiet/quiet_check.h"
#include "self_check.h"

static void check_quiet(struct findings *found)
{
	const char *why = quiet_check();

	if (!why)
		return;
	found->check_failed = why;
	sink_printf(console, "parapatch: a quiet window does not put back %s\n", why);
}

static void say_op(void *ctx, enum op op, const char *result, const char *why)
{
	struct ops_found *ops = ctx;

	ops->note[ops->notes++] = (struct op_note){
		op_info[op].name, result, why ? why : "" };
	sink_printf(serial, "op name=%s result=\"%s\" why=\"%s\"\n",
		    op_info[op].name, result, why ? why : "");
	if (result[0] == 'f')
		sink_printf(console, "op %s failed: %s\n", op_info[op].name,
			    why ? why : "");
}

static void check_guard(struct findings *found)
{
	const char *why = guard_check();

	if (!why)
		why = attempt_check();
	if (!why)
		return;
	found->check_failed = why;
	sink_printf(console, "parapatch: the guard does not %s\n", why);
}

/* Every op of the table, once. */
static void check_ops(const struct environment *env, struct findings *found)
{
	static struct ops_check r;
	const struct ops_check_env with = {
		.no_rdpmc = pmc_is_undefined(),
		.tsc_hz = env->tsc_hz,
		.timer_start = cpu_flags() & FLAGS_IF ? timer_start : NULL,
		.timer_stop = timer_stop, .timer_count = timer_count,
	};

	if (!quiet_begin(NULL)) {
		found->check_failed = quiet_failure();
		sink_printf(console, "parapatch: no quiet window: %s\n",
			    found->check_failed);
		return;
	}
	ops_check(&r, &with);
	quiet_end(NULL);
	ops_check_say(&r, say_op, &found->ops);
	found->ops.checked = r.counts.checked;
	found->ops.failed = r.counts.failed;
	found->ops.not_run = r.counts.not_run;
	found->ops.trapping = r.counts.trapping;
	sink_printf(console, "%u ops: %u checked, %u failed, %u not run, %u without meaning here\n",
		    OP_COUNT, r.counts.checked, r.counts.failed,
		    r.counts.not_run, r.counts.trapping);
}

void self_check(const struct environment *env, struct findings *found)
{
	check_quiet(found);
	check_guard(found);
	guard_open();			/* app_end() closes it */
	check_ops(env, found);
}
