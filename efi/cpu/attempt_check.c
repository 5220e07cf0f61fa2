/* SPDX-License-Identifier: GPL-2.0-only */
/* The attempt, tried: see attempt_check.h. */
#include <stddef.h>
#include "attempt.h"
#include "attempt_check.h"
#include "control.h"
#include "cpu.h"
#include "guard.h"
#include "machine/kept.h"

#define FLAGS_DF	(1ul << 10)
#define DR6_STEP	(1ul << 14)

/* What is tried, in the order that attempt_spoil.S has. */
static const struct {
	unsigned vector;
	const char *not_so;
} tried[] = {
	{ 6, "go on behind a #UD as before it" },
	{ 0, "go on behind a #DE as before it" },
	{ 3, "go on behind a #BP as before it" },
	{ 1, "go on behind a #DB as before it" },
};
#define TRIED	(sizeof(tried) / sizeof(tried[0]))

/* Makes everything another, then the exception of that number; and where it comes. */
void attempt_spoil(void *which);
extern const uint32_t attempt_spoilt[TRIED];

/* What an attempt is to leave as it was. */
struct touched {
	unsigned long flags, dr6;
	uint32_t ss, ds, es, fs, gs;
};

static struct touched read_touched(void)
{
	struct touched t = { .flags = cpu_flags() & (FLAGS_IF | FLAGS_AC | FLAGS_DF),
			     .dr6 = cpu_dr6() };

	asm volatile("mov %%ss, %0" : "=r" (t.ss));
	asm volatile("mov %%ds, %0" : "=r" (t.ds));
	asm volatile("mov %%es, %0" : "=r" (t.es));
	asm volatile("mov %%fs, %0" : "=r" (t.fs));
	asm volatile("mov %%gs, %0" : "=r" (t.gs));
	return t;
}

static bool is_same(const struct touched *a, const struct touched *b)
{
	return a->flags == b->flags && kept_same_dr(6, a->dr6, b->dr6) && a->ss == b->ss
		&& a->ds == b->ds && a->es == b->es && a->fs == b->fs && a->gs == b->gs;
}

/* It leaves a guard open. */
static void spoil(void *which)
{
	guard_open();
	attempt_spoil(which);
}

static void nothing(void *arg)
{
	(void)arg;
}

static bool ends_by(size_t i)
{
	const struct touched before = read_touched();
	struct touched after;
	struct fault f = { .vector = 32 };
	const unsigned guards = guard_depth();
	bool whole = attempt(NULL, spoil, (void *)i, &f), closed = guard_depth() == guards;

	guard_close_to(guards);
	after = read_touched();
	return !whole && closed && is_same(&before, &after) && f.vector == tried[i].vector
		&& !f.error && f.at == (uintptr_t)attempt_spoil + attempt_spoilt[i];
}

static const char *check(void)
{
	struct fault ignored;

	for (size_t i = 0; i < TRIED; i++)
		if (!ends_by(i))
			return tried[i].not_so;
	return attempt(NULL, nothing, NULL, &ignored) ? NULL
		: "let an attempt end by itself";
}

const char *attempt_check(void)
{
	const unsigned long dr6 = cpu_dr6();
	const char *why;

	cpu_set_dr6(dr6 & ~DR6_STEP);	/* so that it shows */
	why = check();
	cpu_set_dr6(dr6);
	return why;
}
