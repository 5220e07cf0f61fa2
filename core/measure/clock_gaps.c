/* SPDX-License-Identifier: GPL-2.0-only */
/* Watching the clock, see clock_gaps.h. */
#include "measure/clock_gaps.h"
#include "lib/patience.h"

/* Reads of a window, for every tick of it: each takes several ticks of any clock that
 * something can be timed by. */
#define READS_A_TICK	4

/* Some TSCs advance by many ticks at once: by their base clock's ratio. */
static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

static void note_step(struct gaps *g, uint64_t ticks, uint64_t gap)
{
	uint64_t *of = ticks > gap ? &g->step_of_gaps : &g->step_fine;

	if (*of != 1)
		*of = common_divisor(ticks, *of);
}

static void watch_window(const struct platform *m, uint64_t ticks,
			 struct gaps *g)
{
	uint64_t began = m->begin(), last = began, now = began;
	uint64_t reads = READS_A_TICK * ticks + PATIENCE_STILL;
	uint32_t still = 0;

	while (now - began < ticks && still < PATIENCE_STILL && reads--) {
		now = m->begin();
		still = now == last ? still + 1 : 0;
		if (now < last) {
			g->backwards = true;
			break;
		}
		if (now - last > g->largest)
			g->largest = now - last;
		g->count += now - last > m->gap_ticks;
		note_step(g, now - last, m->gap_ticks);
		last = now;
	}
	g->step = g->step_fine ? g->step_fine : g->step_of_gaps;
	g->stopped |= !g->backwards && last - began < ticks;
	g->ticks += last - began;
}

/* What came between, in a window that is open. */
static void watch_counted(const struct platform *m, uint64_t ticks, struct gaps *g)
{
	struct disturbance before, after, came;

	m->disturbed(m->ctx, &before);
	watch_window(m, ticks, g);
	m->disturbed(m->ctx, &after);
	came = disturbance_between(&before, &after);
	g->came.smi += came.smi;
	g->came.nmi += came.nmi;
	g->came.interrupts += came.interrupts;
	g->came.smi_known = came.smi_known;
}

bool clock_goes_on(const struct platform *m)
{
	uint64_t first = m->end();

	for (uint32_t i = 0; i < PATIENCE_STILL; i++)
		if (m->end() != first)
			return true;
	return false;
}

bool watch_gaps(const struct platform *m, uint64_t ticks, struct gaps *g)
{
	while (ticks && !g->stopped && !g->backwards) {
		uint64_t part = ticks < m->quiet_ticks ? ticks : m->quiet_ticks;

		if (!m->quiet_begin(m->ctx))
			return false;
		watch_counted(m, part, g);
		m->quiet_end(m->ctx);
		ticks -= part;
	}
	return true;
}
