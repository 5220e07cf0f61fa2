/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Torture: the other CPUs run the loops while the boot CPU flips their sites between
 * modes, see torture_run.h.
 *
 * Each way of patching is tried with a backend that counts its ops, so that none is
 * lost and none is done twice, and with the native one, whose forms are those that a
 * handler of INT3 has to know.  In both every op is looked at by who called it.
 */
#include "cpu/apic.h"
#include "paravirt/install.h"
#include "cpu/ticks.h"
#include "cpu/cpu.h"
#include "firmware/console.h"
#include "firmware/memory.h"
#include "lib/mem.h"
#include "patch/mode.h"
#include "mp/mp.h"
#include "mp/mp_ask.h"
#include "lib/patience.h"
#include "quiet/quiet.h"
#include "lib/rng.h"
#include "cpu/serialise.h"
#include "live/text_live.h"
#include "torture_run.h"
#include "torture_text.h"
#include "torture_work.h"
#include "backend/trace_cpu.h"
#include "writer/writer.h"

/* How long the loops are looked at alone, and the most changes whose times are kept. */
#define ALONE_MS	100
#define TIMES		4096

/* A backend, and the modes it is flipped between: those of torture_modes(), and for the
 * native one inline twice, whose forms are those that a handler of INT3 has to know. */
static struct cast {
	const struct backend *backend;
	bool counted;
	unsigned modes;
	uint8_t mode[MODE_COUNT + 1];
} casts[] = {
	{ .backend = &trace_cpu_backend, .counted = true },
	{ .backend = &native_backend },
};
#define CASTS	(sizeof(casts) / sizeof(casts[0]))

static uint8_t fillings[PADDING_COUNT];
static unsigned filling_count;

static void choose_casts(void)
{
	for (unsigned i = 0; i < CASTS; i++) {
		struct cast *c = &casts[i];

		c->modes = torture_modes(c->counted, c->mode);
		if (!c->counted)
			c->mode[c->modes++] = MODE_inline;
	}
	filling_count = torture_paddings(fillings);
}

/* One run's. */
struct run_state {
	const struct config *config;
	const struct environment *env;
	struct torture *to;
	struct torture_way *way;	/* the one that is tried */
	const struct cast *cast;
	const struct nop_table *nops;
	struct torture_text text;
	struct live_batch *batch;
	struct rng rng;
	struct torture_times times;
	bool failed;
};

static const char *way_of(const struct run_state *s)
{
	return s->way ? torture_way_names[s->way - s->to->way] : "torture";
}

/* An exception comes before whatever followed from it. */
static bool say_exception(struct run_state *s)
{
	for (unsigned i = 0; i < mp_count(); i++) {
		const struct mp_exception *x = &mp_cpu(i)->exception;

		if (!x->taken)
			continue;
		text_format(s->to->failed, sizeof(s->to->failed),
			    "%s: CPU %u took exception %u at 0x%llx, error 0x%llx",
			    way_of(s), i + 1, x->vector, (unsigned long long)x->ip,
			    (unsigned long long)x->error);
		return true;
	}
	return false;
}

/* What an emulator does wrong that is told by nothing that is known looks like this. */
static void add_hint(struct torture *to)
{
	size_t at = 0;

	while (to->failed[at])
		at++;
	text_format(to->failed + at, sizeof(to->failed) - at,
		    " (unless an emulator runs this that says so nowhere)");
}

/* The first failure is kept; what follows from it is of less use. */
static void fail(struct run_state *s, const char *what, const char *why)
{
	s->failed = true;
	if (s->to->failed[0])
		return;
	if (!say_exception(s))
		text_format(s->to->failed, sizeof(s->to->failed), "%s: %s%s%s",
			    way_of(s), what, why ? ": " : "", why ? why : "");
	if (!s->env->emulator.threads && !s->env->hypervisor[0] && s->to->cpus)
		add_hint(s->to);
}

static bool park(struct run_state *s)
{
	if (torture_park(ticks_of_ms(MP_PATIENCE_MS)))
		return true;
	fail(s, "a loop does not end", NULL);
	return false;
}

static struct live_others others(const struct run_state *s)
{
	return (struct live_others){
		.sync = mp_ask, .serialise = cpu_serialise,
		.settle = s->env->emulator.threads ? mp_settle : NULL,
	};
}

/* Some of the sites: mostly one to three, one time in eight any run of them, one time in
 * 32 all. */
static struct text_span any_span(struct run_state *s)
{
	const struct text_where *w = &s->text.text.where;
	uint32_t n = (uint32_t)w->count, first = rng_below(&s->rng, n), more;
	uint32_t kind = rng_below(&s->rng, 32);

	if (!kind)
		return TEXT_ALL;
	more = rng_below(&s->rng, kind < 5 ? n : 3);
	if (more > n - 1 - first)
		more = n - 1 - first;
	return (struct text_span){ text_site_addr(w, first),
				   text_site_addr(w, first + more) + 1 };
}

/* Stops the others for one store.  What they have to go on with is whole. */
static bool store_stopped(struct run_state *s, const struct text_staged *st,
			  struct text_error *e)
{
	bool stored;

	(void)s;
	e->record = TEXT_NO_RECORD;
	e->why = "another CPU did not stand still";
	if (!mp_stop())
		return false;
	stored = text_store(st, &live_text_writer, e);
	if (mp_release())
		return stored;
	e->why = "another CPU did not go on";
	return false;
}

static bool store_live(struct run_state *s, const struct text_staged *st,
		       struct text_error *e)
{
	const struct live_others o = others(s);
	struct live_stored done;

	return text_store_live(st, &live_text_writer, s->batch, &o, &done, e);
}

static bool store(struct run_state *s, const struct text_staged *st, struct text_error *e)
{
	static bool (*const stores[WAY_COUNT])(struct run_state *s,
		const struct text_staged *st, struct text_error *e) = {
#define WAY(name, what) [WAY_##name] = store_##name,
#include "list/torture_way.def"
#undef WAY
	};

	return stores[s->way - s->to->way](s, st, e);
}

/* One that finds its sites as they are to be is none, and stores nothing. */
static void flip(struct run_state *s)
{
	const struct mode *m = &modes[s->cast->mode[rng_below(&s->rng, s->cast->modes)]];
	const struct nop_table nops =
		nop_padding(s->nops, fillings[rng_below(&s->rng, filling_count)]);
	struct text_staged st;
	struct text_counts c;
	struct text_error e;
	uint64_t begun, took;
	unsigned sites;

	s->way->flips++;
	if (!text_stage(&s->text.text, s->cast->backend, m, &nops, any_span(s), &st,
			&c, &e)) {
		fail(s, "a form was refused", e.why);
		return;
	}
	sites = text_changes(&st);
	if (!sites)
		return;
	begun = cpu_tsc_begin();
	if (!store(s, &st, &e)) {
		fail(s, "a flip failed", e.why);
		return;
	}
	took = cpu_tsc_end() - begun;
	torture_time_keep(&s->times, &s->rng, (int64_t)(took * MILLION / sites));
	torture_text_want(&s->text, &st);
	s->way->changed++;
	s->way->sites += sites;
}

/* What is counted while a cast plays. */
static void reset(struct run_state *s)
{
	for (unsigned i = 0; i < mp_count(); i++) {
		memset(mp_cpu(i)->pv.trace, 0, sizeof(mp_cpu(i)->pv.trace));
		memset(&mp_cpu(i)->counts, 0, sizeof(mp_cpu(i)->counts));
	}
	torture_forget();
	backend_install(s->cast->backend);
}

/* One CPU's ops: what its passes called, what was counted, what it saw. */
static void check_op(struct run_state *s, unsigned cpu, enum op op, uint32_t times)
{
	const struct torture_worker *w = torture_worker(cpu);
	uint64_t called = (uint64_t)w->passes * times;
	uint32_t counted = mp_cpu(cpu)->pv.trace[op];
	char what[100];

	s->way->wrong += w->wrong[op];
	if (w->wrong[op])
		fail(s, "an op did not do what it is for", op_info[op].name);
	if (!s->cast->counted)
		return;
	s->way->called += called;
	s->way->counted += counted;
	if ((uint32_t)called == counted)
		return;
	text_format(what, sizeof(what), "CPU %u called %s %u times, counted %u", cpu + 1,
		    op_info[op].name, (unsigned)called, (unsigned)counted);
	fail(s, what, NULL);
}

static void take_counts(struct torture_way *w, const struct mp_counts *c)
{
	w->owed += c->owed;
	w->strays += c->strays;
	w->again += c->again;
	for (unsigned i = 0; i < LIVE_COUNT; i++)
		w->int3[i] += c->int3[i];
}

static void check(struct run_state *s)
{
	for (unsigned i = 0; i < mp_count(); i++) {
		const struct mp_cpu *c = mp_cpu(i);

		if (c->exception.taken)
			fail(s, "another CPU took an exception", NULL);
#define CHECK(op, n)	check_op(s, i, OP_##op, n);
		TORTURE_TIMES(CHECK)
#undef CHECK
		take_counts(s->way, &c->counts);
	}
	if (!torture_text_is_right(&s->text))
		fail(s, "the bytes are not what was stored last", NULL);
}

/* All sites into one mode, while the others stand between passes. */
static bool put_all(struct run_state *s, enum mode_id mode)
{
	struct text_staged st;
	struct text_counts c;
	struct text_error e;

	if (!text_stage(&s->text.text, s->cast->backend, &modes[mode], s->nops,
			TEXT_ALL, &st, &c, &e) || !text_store(&st, &live_text_writer, &e)) {
		fail(s, "a mode was not stored", e.why);
		return false;
	}
	torture_text_want(&s->text, &st);
	return true;
}

/* Lets them run, from parked.  Whoever runs first after a store serialises at the point
 * between two passes. */
static bool go(struct run_state *s)
{
	if (!mp_ask(NULL, true)) {
		fail(s, "another CPU does not answer", NULL);
		return false;
	}
	torture_go();
	return true;
}

/* A limit in time is none where there is no time. */
static bool clock_went_on(struct run_state *s, const struct patience *p)
{
	if (patience_stopped(p))
		fail(s, "the TSC stands still", NULL);
	return !patience_stopped(p);
}

/* One mode, with nobody patching; from parked to parked. */
static bool alone_in(struct run_state *s, enum mode_id mode)
{
	uint64_t before = torture_passes(), begun;
	struct patience p;

	if (!put_all(s, mode) || !go(s))
		return false;
	begun = cpu_tsc_begin();
	p = patience_begin(begun, ticks_of_ms(ALONE_MS) / s->cast->modes);
	while (!patience_ends(&p, cpu_tsc_begin()))
		asm volatile("pause");
	s->way->ticks_alone += p.last - begun;
	s->way->passes_alone += torture_passes() - before;
	return park(s) && clock_went_on(s, &p);
}

/* The modes that they are flipped between, each as long. */
static bool alone(struct run_state *s)
{
	for (unsigned i = 0; i < s->cast->modes; i++)
		if (!alone_in(s, s->cast->mode[i]))
			return false;
	return true;
}

/* A progress line now and then: who watches has to see that it goes on. */
static void say(const struct run_state *s, uint32_t done, uint32_t of)
{
	(void)s;
	if (done % 512 == 0)
		console_progress(done, of);
}

static void flip_all(struct run_state *s, uint32_t flips, uint64_t ticks)
{
	uint64_t begun = cpu_tsc_begin(), before = torture_passes();
	struct patience p = patience_begin(begun, ticks);
	uint32_t sent = mp_sent(), resent = mp_resent(), n = s->way->changed;

	while (s->way->changed - n < flips && !s->failed
	       && !patience_ends(&p, cpu_tsc_begin())) {
		say(s, s->way->changed - n, flips);
		flip(s);
	}
	console_progress(flips, flips);
	clock_went_on(s, &p);
	s->way->ticks_patched += cpu_tsc_begin() - begun;
	s->way->passes += torture_passes() - before;
	s->way->ipis += mp_sent() - sent;
	s->way->resent += mp_resent() - resent;
}

/* One backend in one way, from parked to parked. */
static void play(struct run_state *s, uint32_t flips, uint64_t ticks)
{
	reset(s);
	if (!alone(s) || !put_all(s, MODE_indirect) || !go(s))
		return;
	flip_all(s, flips, ticks);
	if (park(s))
		check(s);
}

/* @done: of the ways that are tried. */
static void try_way(struct run_state *s, enum torture_way_id id, unsigned done,
		    unsigned ways)
{
	uint64_t ticks = ticks_of_ms(s->config->torture_s * 1000ull) / (ways * CASTS);

	s->way = &s->to->way[id];
	s->way->ran = true;
	s->times.seen = 0;
	for (unsigned i = 0; i < CASTS && !s->failed; i++) {
		uint32_t flips = torture_share(s->config->torture, done * CASTS + i,
					       ways * CASTS);

		s->cast = &casts[i];
		s->way->asked += flips;
		play(s, flips, ticks);
	}
	s->way->ticks = spread_of(s->times.at, torture_times_kept(&s->times));
	s->way = NULL;
}

static bool wants(const struct config *c, enum torture_way_id id)
{
	return c->patching == PATCHING_BOTH || c->patching == 1 + (uint32_t)id;
}

static void try_ways(struct run_state *s)
{
	unsigned ways = 0, done = 0;

	for (unsigned i = 0; i < WAY_COUNT; i++)
		ways += wants(s->config, i);
	for (unsigned i = 0; i < WAY_COUNT && !s->failed; i++)
		if (wants(s->config, i))
			try_way(s, i, done++, ways);
}

/* As it was: the native ops, the built bytes. */
static void put_back(struct run_state *s)
{
	struct text_error e;

	backend_install(&native_backend);
	if (!text_restore(&s->text.text, &live_text_writer, &e))
		fail(s, "the loops were not restored", e.why);
	else if (!torture_text_is_built(&s->text))
		fail(s, "the loops are not as they were built", NULL);
	live_writer_done();
}

static void note_apics(struct torture *to)
{
	to->apic = apic_mode();
	to->apic_id_max = apic_id();
	for (unsigned i = 0; i < mp_count(); i++)
		if (mp_cpu(i)->apic > to->apic_id_max)
			to->apic_id_max = mp_cpu(i)->apic;
}

static void with_others(struct run_state *s)
{
	const struct mp_work work = {
		torture_work, torture_is_quiet, s->batch, s->env->emulator.threads,
	};
	const char *why = mp_start(&work);
	uint32_t nmis;

	if (why && mp_is_alone())
		s->to->not_run = why;
	else if (why)
		fail(s, "the other CPUs were not had", why);
	if (why)
		return;
	s->to->cpus = mp_count();
	note_apics(s->to);
	nmis = mp_nmis;
	try_ways(s);
	s->to->nmis = mp_nmis - nmis;
	s->to->woken = mp_woken();
	why = mp_finish();
	if (why)
		fail(s, why, NULL);
	if (!mp_is_lost())
		put_back(s);
}

static void torture(struct run_state *s)
{
	const char *why = torture_text_open(&s->text);

	s->batch = pool_get(sizeof(*s->batch));
	s->times = (struct torture_times){ pool_get(TIMES * sizeof(*s->times.at)), TIMES, 0 };
	if (!why && (!s->batch || !s->times.at))
		why = "no memory";
	if (why) {
		fail(s, why, NULL);
	} else {
		memset(s->batch, 0, sizeof(*s->batch));
		s->to->sites = (unsigned)s->text.text.where.count;
		with_others(s);
		if (!mp_is_lost())
			torture_text_close(&s->text);
	}
	if (!mp_is_lost())
		pool_put(s->batch);
	pool_put(s->times.at);
}

static void measure_serialising(struct torture *to)
{
	to->serialise = serialise_chosen();
	if (!quiet_begin(NULL))
		return;
	cpu_set_if(false);
	serialise_measure(to->cost);
	quiet_end(NULL);
}

void torture_run(const struct config *c, const struct environment *env,
		 const struct nop_table *nops, uint64_t seed, struct torture *to)
{
	struct run_state s = {
		.config = c, .env = env, .to = to, .nops = nops, .rng = { .state = seed },
	};

	measure_serialising(to);
	to->seed = seed;
	to->asked = c->torture > 0;
	if (!to->asked)
		return;
	to->machine_cpus = mp_machine_cpus();
	choose_casts();
	torture(&s);
}
