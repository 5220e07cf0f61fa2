/* SPDX-License-Identifier: GPL-2.0-only */
/* The attempt, tried: see attempt_check.h. */
#include <stddef.h>
#include "attempt.h"
#include "attempt_check.h"
#include "cpu.h"
#include "guard.h"

#define FLAGS_DF	(1ul << 10)

/* What is tried, in the order that attempt_spoil.S has. */
static const struct {
	unsigned vector;
	const char *not_so;
} tried[] = {
	{ 6, "go on behind a #UD as before it" },
	{ 0, "go on behind a #DE as before it" },
	{ 3, "go on behind a #BP as before it" },
};
#define TRIED	(sizeof(tried) / sizeof(tried[0]))

/* Makes everything another, then the exception of that number; and where it comes. */
void attempt_spoil(void *which);
extern const uint32_t attempt_spoilt[TRIED];

/* What an attempt is to leave as it was. */
struct touched {
	unsigned long flags;
	uint32_t ss, ds, es, fs, gs;
};

static struct touched read_touched(void)
{
	struct touched t = { .flags = cpu_flags() & (FLAGS_IF | FLAGS_AC | FLAGS_DF) };

	asm volatile("mov %%ss, %0" : "=r" (t.ss));
	asm volatile("mov %%ds, %0" : "=r" (t.ds));
	asm volatile("mov %%es, %0" : "=r" (t.es));
	asm volatile("mov %%fs, %0" : "=r" (t.fs));
	asm volatile("mov %%gs, %0" : "=r" (t.gs));
	return t;
}

static bool is_same(const struct touched *a, const struct touched *b)
{
	return a->flags == b->flags && a->ss == b->ss && a->ds == b->ds && a->es == b->es
		&& a->fs == b->fs && a->gs == b->gs;
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

const char *attempt_check(void)
{
	struct fault ignored;

	for (size_t i = 0; i < TRIED; i++)
		if (!ends_by(i))
			return tried[i].not_so;
	return attempt(NULL, nothing, NULL, &ignored) ? NULL
		: "let an attempt end by itself";
}
