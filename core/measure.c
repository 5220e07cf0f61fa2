/* SPDX-License-Identifier: GPL-2.0-only */
/* The timing loop, see measure.h. */
#include "measure.h"

/* Everything but the body cancels between the short and the long one, so both
 * are timed by the same instructions: inlined twice, they were not. */
static __attribute__((noinline, noclone))
uint64_t time_body(const struct machine *m,
			  const struct workload_body *body, struct work *w,
			  uint32_t reps)
{
	uint64_t begin = m->begin();

	for (; reps; reps--)
		body->run(w);
	return m->end() - begin;
}

static uint32_t to_u32(uint64_t ticks)
{
	return ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
}

/* The state a timed pass begins in; restore_fl is asked for the same IF. */
static struct work begin_work(const struct machine *m,
			      const struct workload *wl)
{
	m->set_if(wl->if_before);
	return (struct work){ .flags = m->flags() };
}

static void warm_up(const struct machine *m, const struct workload_code *code,
		    struct work *w, uint32_t reps)
{
	for (int i = 0; i < 2; i++) {
		time_body(m, &code->n, w, reps);
		time_body(m, &code->n2, w, reps);
	}
}

uint32_t choose_reps(const struct machine *m, const struct workload *wl,
		     const struct workload_code *code, uint32_t pass_ticks)
{
	struct work w = begin_work(m, wl);
	uint64_t ticks = UINT64_MAX, reps;

	/* The quickest of several: the first passes after a patch are not what
	 * the batches will be like. */
	for (int i = 0; i < 16; i++) {
		uint64_t t = time_body(m, &code->n2, &w, 1);

		ticks = t < ticks ? t : ticks;
	}
	m->set_if(false);
	reps = ticks ? pass_ticks / ticks : REPS_MAX;
	return reps < 1 ? 1 : reps > REPS_MAX ? REPS_MAX : (uint32_t)reps;
}

/* One window's worth: returns how many batches were taken, at least one. */
static uint32_t measure_window(const struct machine *m,
			       const struct workload *wl,
			       const struct workload_code *code, uint32_t reps,
			       struct batch *batch, uint32_t count)
{
	uint64_t opened = m->begin();
	struct work w = begin_work(m, wl);
	uint32_t i = 0;

	warm_up(m, code, &w, reps);
	do {
		batch[i].n = to_u32(time_body(m, &code->n, &w, reps));
		batch[i].n2 = to_u32(time_body(m, &code->n2, &w, reps));
		i++;
	} while (i < count && m->end() - opened < m->quiet_ticks);
	m->set_if(false);
	return i;
}

bool measure(const struct machine *m, const struct workload *wl,
	     const struct workload_code *code, uint32_t reps,
	     struct batch *batch, uint32_t count)
{
	while (count) {
		uint32_t done;

		if (!m->quiet_begin(m->ctx))
			return false;
		done = measure_window(m, wl, code, reps, batch, count);
		m->quiet_end(m->ctx);
		batch += done;
		count -= done;
	}
	return true;
}
