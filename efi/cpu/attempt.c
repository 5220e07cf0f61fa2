/* SPDX-License-Identifier: GPL-2.0-only */
/* An attempt, see attempt.h; attempt_enter.S has its two ends. */
#include "attempt.h"
#include "attempt_enter.h"
#include "control.h"
#include "guard.h"
#include "percpu.h"

static struct attempt *volatile *on_here(void)
{
	return guard_is_here() ? &attempt_on : &attempt_elsewhere;
}

#define VECTOR_DB	1

static uint32_t ended;

uint32_t attempts_ended(void)
{
	return ended;
}

/* With the guard open. */
static bool run(void (*fn)(void *arg), void *arg, struct attempt *a)
{
	const struct percpu_state segment = percpu_read();
	const unsigned long cr2 = cpu_cr2(), dr6 = cpu_dr6();
	bool whole;

	a->on = on_here();
	a->outer = *a->on;
	whole = attempt_enter(a, fn, arg);
	*a->on = a->outer;
	if (!whole) {
		ended++;
		percpu_put(&segment);
		cpu_set_cr2(cr2);
		if (a->vector == VECTOR_DB)	/* alone it writes there */
			cpu_set_dr6(dr6);
	}
	return whole;
}

bool attempt_is_elsewhere(void)
{
	return attempt_elsewhere;
}

bool attempt_ends_by(unsigned vector)
{
	return vector < 32 && !(ATTEMPT_NOT_BY >> vector & 1);
}

void attempts_forget(void)
{
	struct attempt *volatile *on = on_here();
	struct attempt *a = *on;

	*on = NULL;
	for (; a; a = a->outer)
		guard_close_to(a->guards);
}

bool attempt(void *ctx, void (*fn)(void *arg), void *arg, struct fault *f)
{
	struct attempt a;
	bool whole;

	(void)ctx;
	a.guards = guard_depth();
	guard_open();
	whole = run(fn, arg, &a);
	guard_close_to(a.guards);
	if (!whole)
		*f = (struct fault){ (unsigned)a.vector, a.error, a.at };
	return whole;
}
