/* SPDX-License-Identifier: GPL-2.0-only */
/* The other CPUs' side of the torture, see torture_work.h. */
#include "cpu/cpu.h"
#include "lib/mem.h"
#include "lib/patience.h"
#include "mp/mp_interrupt.h"
#include "torture_work.h"

static struct {
	volatile bool running;
	volatile uint32_t generation;	/* changes when they are to stand still */
	struct torture_worker worker[MP_CPUS];
} loops_shared;

static void (*const passes[])(struct torture_worker *w) = {
#define PASS(conv) torture_pass_##conv,
	TORTURE_CONVENTIONS(PASS)
#undef PASS
};

void torture_work(struct mp_cpu *c)
{
	struct torture_worker *w = &loops_shared.worker[c->pv.cpu_number];
	unsigned i = 0;

	cpu_set_if(true);
	while (!mp_leaving()) {
		if (loops_shared.running)
			passes[i++ % TORTURE_PASSES](w);
		else
			w->parked = loops_shared.generation;
		mp_point(c);
	}
	cpu_set_if(false);
}

void torture_go(void)
{
	loops_shared.running = true;
}

static bool all_parked(void)
{
	for (unsigned i = 0; i < mp_count(); i++)
		if (loops_shared.worker[i].parked != loops_shared.generation)
			return false;
	return true;
}

bool torture_park(uint64_t ticks)
{
	struct patience p = patience_begin(cpu_tsc_begin(), ticks);

	loops_shared.running = false;
	loops_shared.generation++;
	while (!all_parked())
		if (patience_ends(&p, cpu_tsc_begin()))
			return false;
	return true;
}

const struct torture_worker *torture_worker(unsigned i)
{
	return &loops_shared.worker[i];
}

void torture_forget(void)
{
	for (unsigned i = 0; i < mp_count(); i++) {
		struct torture_worker *w = &loops_shared.worker[i];

		w->passes = 0;
		memset((void *)w->wrong, 0, sizeof(w->wrong));
	}
}

uint64_t torture_passes(void)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < mp_count(); i++)
		n += loops_shared.worker[i].passes;
	return n;
}
