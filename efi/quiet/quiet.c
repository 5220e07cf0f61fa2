/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The quiet window: maskable interrupts silenced at their sources, the others
 * counted.
 *
 * IF alone will not do.  What is timed turns IF on, and would take whatever is
 * pending; and on some cores a pending interrupt that IF holds off slows
 * retirement all the while.  So the local vector table and both 8259s are
 * masked, what was pending before that is taken by the firmware's own handlers,
 * and then the task priority shuts out what IOAPICs and devices may send.  The
 * guard counts what comes through all the same.
 *
 * For the local APIC see apic_mask.c, for the 8259s pic_mask.c.
 */
#include "apic_mask.h"
#include "cpu/apic.h"
#include "cpu/cpu.h"
#include "cpu/guard.h"
#include "cpu/percpu.h"
#include "disturbances.h"
#include "lfence_loan.h"
#include "pic_mask.h"
#include "quiet.h"

/* What the window that is open found. */
static struct {
	unsigned long flags;
	struct disturbance counts;
} window_before;

/* Is a window open? */
static bool window_is_open;

/* Why the last window was not to be had. */
static const char *window_failure;

/* What was pending when the masks closed is the firmware's: it takes it now.
 * If IF was off when we came, it stays pending, and TPR or the masks hold it. */
static void drain(void)
{
	if (!(window_before.flags & FLAGS_IF))
		return;
	cpu_set_if(true);
	for (int i = 0; i < 64; i++)
		asm volatile("pause");
	cpu_set_if(false);
	pic_mask_again();
	apic_mask_again();
}

/* All of them, whatever one does.  NULL, or who did not do as it was told. */
static const char *shut_controllers(void)
{
	bool pics = pic_mask(apic_is_in_use()), lvt = apic_mask();

	drain();
	if (!apic_shut())
		return "the local APIC did not take the highest task priority";
	if (!lvt)
		return "the local vector table did not take its masks";
	return pics ? NULL : "the 8259s did not take their masks";
}

/* With the controllers shut. */
static const char *open_rest(void)
{
	lfence_lend();
	guard_open();
	return percpu_open();
}

bool quiet_begin(void *ctx)
{
	const char *why;

	window_is_open = true;
	window_before.flags = cpu_flags();
	cpu_set_if(false);
	apic_mask_learn();
	why = shut_controllers();
	window_failure = open_rest();
	if (why)
		window_failure = why;
	disturbances_read(ctx, &window_before.counts);
	if (window_failure)
		quiet_end(ctx);
	return !window_failure;
}

const char *quiet_failure(void)
{
	return window_failure;
}

void quiet_abort(void)
{
	if (window_is_open)
		quiet_end(NULL);
}

void quiet_end(void *ctx)
{
	struct disturbance now, window;

	window_is_open = false;
	cpu_set_if(false);
	disturbances_read(ctx, &now);
	window = disturbance_between(&window_before.counts, &now);
	disturbances_add(&window);
	percpu_close();
	guard_close();
	lfence_take_back();
	apic_unmask();
	pic_unmask();
	cpu_set_ac(window_before.flags & FLAGS_AC);
	cpu_set_if(window_before.flags & FLAGS_IF);
}
