/* SPDX-License-Identifier: GPL-2.0-only */
/* Live patching: questions and answers, see live_ask.h. */
#include "lib/atomic.h"
#include "live/live_ask.h"

static void cpu_relax(void)
{
	asm volatile("pause" : : : "memory");
}

/* All that the last one asked for has been answered. */
uint32_t live_ask(struct live_ask *a, bool quiet, bool stop)
{
	a->quiet = quiet;
	a->stop = stop;
	store_release(&a->number, a->number + 1);
	return a->number;
}

void live_release(struct live_ask *a)
{
	store_release(&a->released, a->number);
}

bool live_answer(const struct live_ask *a, struct live_cpu *c, bool quiet,
		 void (*serialise)(void), void (*idle)(void))
{
	uint32_t number = load_acquire(&a->number);

	if (number == c->answered || (a->quiet && !quiet))
		return false;
	store_release(&c->arrived, number);
	while (a->stop && load_acquire(&a->released) != number) {
		cpu_relax();
		if (idle)
			idle();
	}
	serialise();
	store_release(&c->answered, number);
	return true;
}
