/* SPDX-License-Identifier: GPL-2.0-only */
/* What core asks of its surroundings, in ring 0 under UEFI; see platform_here.h. */
#include "cpu/attempt.h"
#include "cpu/cpu.h"
#include "cpu/predictors.h"
#include "cpu/ticks.h"
#include "firmware/console.h"
#include "paravirt/pv_memory.h"
#include "report/progress.h"
#include "ops/loan.h"
#include "platform_here.h"
#include "quiet/disturbances.h"
#include "quiet/quiet.h"
#include "ring3/ring3_loan.h"
#include "writer/writer.h"

/* A window of measuring ends with the first batch after this: the firmware keeps
 * its clock and its keyboard. */
#define QUIET_MS	15
#define QUIET_MAX_MS	20

static void progress(void *ctx, const struct run_progress *p)
{
	char what[PROGRESS_ROOM];

	(void)ctx;
	console_progress(p->done, p->of, progress_text(p, what, sizeof(what)));
}

struct platform machine_here(const struct config *c, const struct environment *env,
			    const struct cycles_source *cycles)
{
	return (struct platform){
		.isa = ARCH_ISA, .features = env->features,
		.emulated = env->emulator.name,
		.begin = cpu_tsc_begin, .end = cpu_tsc_end,
		.flags = cpu_flags, .set_if = cpu_set_if,
		.quiet_begin = quiet_begin, .quiet_end = quiet_end,
		.quiet_ticks = ticks_of_ms(QUIET_MS), .quiet_max = ticks_of_ms(QUIET_MAX_MS),
		.disturbed = disturbances_read, .cycles = cycles->read,
		.flush_branches = predictors_flush_of(env->features),
		.gap_ticks = ticks_of_ms(c->gap_us) / 1000,
		.writer = &cpu_text_writer, .progress = progress,
		.stack = thread_stack_top(), .attempt = attempt,
		.lend = loan_lend, .take_back = loan_take_back,
		.lend_ring3 = ring3_lend, .take_back_ring3 = ring3_take_back,
	};
}
