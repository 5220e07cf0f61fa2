/* SPDX-License-Identifier: GPL-2.0-only */
/* An attempt, see attempt.h; attempt_enter.S has its two ends. */
#include "attempt.h"
#include "attempt_enter.h"
#include "control.h"
#include "guard.h"
#include "percpu.h"

/* With the guard open. */
static bool run(void (*fn)(void *arg), void *arg, struct attempt *a)
{
	const struct percpu_state segment = percpu_read();
	const unsigned long cr2 = cpu_cr2();
	struct attempt *outer;
	bool whole;

	a->on = guard_is_here() ? &attempt_on : &attempt_elsewhere;
	outer = *a->on;
	whole = attempt_enter(a, fn, arg);
	*a->on = outer;
	if (!whole) {
		percpu_put(&segment);
		cpu_set_cr2(cr2);
	}
	return whole;
}

bool attempt_is_elsewhere(void)
{
	return attempt_elsewhere;
}

void attempt_forget(void)
{
	attempt_elsewhere = NULL;
}

bool attempt(void *ctx, void (*fn)(void *arg), void *arg, struct fault *f)
{
	struct attempt a;
	bool whole;

	(void)ctx;
	guard_open();
	whole = run(fn, arg, &a);
	guard_close();
	if (!whole)
		*f = (struct fault){ (unsigned)a.vector, a.error, a.at };
	return whole;
}
