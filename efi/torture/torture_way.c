/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways of patching, tried: see torture_way.h. */
#include "backend/trace_cpu.h"
#include "cpu/cpu.h"
#include "cpu/ticks.h"
#include "firmware/console.h"
#include "lib/mem.h"
#include "lib/patience.h"
#include "mp/mp.h"
#include "mp/mp_ask.h"
#include "paravirt/install.h"
#include "paravirt/native.h"
#include "torture_flip.h"
#include "torture_way.h"
#include "torture_work.h"

/* How long the loops are looked at alone. */
#define ALONE_MS	100

/* Their modes are those of torture_modes(), and for the native one inline twice, whose
 * forms are those that a handler of INT3 has to know. */
static struct flip_set flip_sets[] = {
	{ .backend = &trace_cpu_backend, .counted = true },
	{ .backend = &native_backend },
};
#define FLIP_SETS	(sizeof(flip_sets) / sizeof(flip_sets[0]))

static void choose_flip_sets(void)
{
	for (unsigned i = 0; i < FLIP_SETS; i++) {
		struct flip_set *c = &flip_sets[i];

		c->modes = torture_modes(c->counted, c->mode);
		if (!c->counted)
			c->mode[c->modes++] = MODE_inline;
	}
	torture_flip_prepare();
}

static bool park(struct torture_state *s)
{
	if (torture_park(ticks_of_ms(MP_PATIENCE_MS)))
		return true;
	torture_fail(s, "a loop does not end", NULL);
	return false;
}

/* What is counted while a set is flipped. */
static void reset(struct torture_state *s)
{
	for (unsigned i = 0; i < mp_count(); i++) {
		memset(mp_cpu(i)->pv.trace, 0, sizeof(mp_cpu(i)->pv.trace));
		memset(&mp_cpu(i)->counts, 0, sizeof(mp_cpu(i)->counts));
	}
	torture_forget();
	backend_install(s->set->backend);
}

/* One CPU's ops: what its passes called, what was counted, what it saw. */
static void check_op(struct torture_state *s, unsigned cpu, enum op op, uint32_t times)
{
	const struct torture_worker *w = torture_worker(cpu);
	uint64_t called = (uint64_t)w->passes * times;
	uint32_t counted = mp_cpu(cpu)->pv.trace[op];
	char what[100];

	s->way->wrong += w->wrong[op];
	if (w->wrong[op])
		torture_fail(s, "an op did not do what it is for", op_info[op].name);
	if (!s->set->counted)
		return;
	s->way->called += called;
	s->way->counted += counted;
	if ((uint32_t)called == counted)
		return;
	text_format(what, sizeof(what), "CPU %u called %s %u times, counted %u", cpu + 1,
		    op_info[op].name, (unsigned)called, (unsigned)counted);
	torture_fail(s, what, NULL);
}

static void take_counts(struct torture_way *w, const struct mp_counts *c)
{
	w->strays += c->strays;
	w->again += c->again;
	for (unsigned i = 0; i < LIVE_COUNT; i++)
		w->int3[i] += c->int3[i];
}

static void check(struct torture_state *s)
{
	for (unsigned i = 0; i < mp_count(); i++) {
		const struct mp_cpu *c = mp_cpu(i);

		if (c->exception.taken)
			torture_fail(s, "another CPU took an exception", NULL);
#define CHECK(op, n)	check_op(s, i, OP_##op, n);
		TORTURE_TIMES(CHECK)
#undef CHECK
		take_counts(s->way, &c->counts);
	}
	if (!torture_text_is_right(&s->text))
		torture_fail(s, "the bytes are not what was stored last", NULL);
}

/* Lets them run, from parked.  Whoever runs first after a store serialises at the point
 * between two passes. */
static bool go(struct torture_state *s)
{
	if (!mp_ask(NULL, true)) {
		torture_fail(s, "another CPU does not answer", NULL);
		return false;
	}
	torture_go();
	return true;
}

/* A limit in time is none where there is no time. */
static bool clock_went_on(struct torture_state *s, const struct patience *p)
{
	if (patience_stopped(p))
		torture_fail(s, "the TSC stands still", NULL);
	return !patience_stopped(p);
}

/* One mode, with nobody patching; from parked to parked. */
static bool alone_in(struct torture_state *s, enum mode_id mode)
{
	uint64_t before = torture_passes(), begun;
	struct patience p;

	if (!torture_put_all(s, mode) || !go(s))
		return false;
	begun = cpu_tsc_begin();
	p = patience_begin(begun, ticks_of_ms(ALONE_MS) / s->set->modes);
	while (!patience_ends(&p, cpu_tsc_begin()))
		asm volatile("pause");
	s->way->ticks_alone += p.last - begun;
	s->way->passes_alone += torture_passes() - before;
	return park(s) && clock_went_on(s, &p);
}

/* The modes that they are flipped between, each as long. */
static bool alone(struct torture_state *s)
{
	for (unsigned i = 0; i < s->set->modes; i++)
		if (!alone_in(s, s->set->mode[i]))
			return false;
	return true;
}

/* A progress line now and then: who watches has to see that it goes on. */
static void say(const struct torture_state *s, uint32_t done, uint32_t of)
{
	(void)s;
	if (done % 512 == 0)
		console_progress(done, of, "");
}

/* Interrupts that found a CPU where it could not answer, since reset(). */
static uint32_t owed_by_all(void)
{
	uint32_t n = 0;

	for (unsigned i = 0; i < mp_count(); i++)
		n += mp_cpu(i)->counts.owed;
	return n;
}

/* Interrupts are counted from here to its end: those of changes, and nothing that was
 * asked to let the CPUs go.  All are answered at both ends. */
static void flip_all(struct torture_state *s, uint32_t flips, uint64_t ticks)
{
	uint64_t begun = cpu_tsc_begin(), before = torture_passes();
	struct patience p = patience_begin(begun, ticks);
	uint32_t sent = mp_sent(), resent = mp_resent(), n = s->way->changed;
	uint32_t owed = owed_by_all();

	while (s->way->changed - n < flips && !s->failed
	       && !patience_ends(&p, cpu_tsc_begin())) {
		say(s, s->way->changed - n, flips);
		torture_flip(s);
	}
	console_progress(flips, flips, "");
	clock_went_on(s, &p);
	s->way->ticks_patched += cpu_tsc_begin() - begun;
	s->way->passes += torture_passes() - before;
	s->way->ipis += mp_sent() - sent;
	s->way->resent += mp_resent() - resent;
	s->way->owed += owed_by_all() - owed;
}

/* One backend in one way, from parked to parked. */
static void run_flip_set(struct torture_state *s, uint32_t flips, uint64_t ticks)
{
	reset(s);
	if (!alone(s) || !torture_put_all(s, MODE_indirect) || !go(s))
		return;
	flip_all(s, flips, ticks);
	if (park(s))
		check(s);
}

/* @done: of the ways that are tried. */
static void try_way(struct torture_state *s, enum torture_way_id id, unsigned done,
		    unsigned ways)
{
	uint64_t ticks = ticks_of_ms(s->config->torture_s * 1000ull) / (ways * FLIP_SETS);

	s->way = &s->to->way[id];
	s->way->ran = true;
	s->times.seen = 0;
	for (unsigned i = 0; i < FLIP_SETS && !s->failed; i++) {
		uint32_t flips = torture_share(s->config->torture, done * FLIP_SETS + i,
					       ways * FLIP_SETS);

		s->set = &flip_sets[i];
		s->way->asked += flips;
		run_flip_set(s, flips, ticks);
	}
	s->way->ticks = spread_of(s->times.at, torture_times_kept(&s->times));
	s->way = NULL;
}

static bool wants(const struct config *c, enum torture_way_id id)
{
	return c->patching == PATCHING_BOTH || c->patching == 1 + (uint32_t)id;
}

void torture_try_ways(struct torture_state *s)
{
	unsigned ways = 0, done = 0;

	choose_flip_sets();
	for (unsigned i = 0; i < WAY_COUNT; i++)
		ways += wants(s->config, i);
	for (unsigned i = 0; i < WAY_COUNT && !s->failed; i++)
		if (wants(s->config, i))
			try_way(s, i, done++, ways);
}
