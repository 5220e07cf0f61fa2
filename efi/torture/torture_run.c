/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Torture: the other CPUs run the loops while the boot CPU flips their sites between
 * modes, see torture_run.h.
 */
#include "cpu/apic.h"
#include "cpu/cpu.h"
#include "cpu/serialise.h"
#include "firmware/memory.h"
#include "lib/mem.h"
#include "mp/mp.h"
#include "paravirt/install.h"
#include "paravirt/native.h"
#include "quiet/quiet.h"
#include "serialise_cost.h"
#include "torture_run.h"
#include "torture_state.h"
#include "torture_way.h"
#include "torture_work.h"
#include "writer/writer.h"

/* The most changes whose times are kept. */
#define TIMES		4096

/* As it was: the native ops, the built bytes. */
static void put_back(struct torture_state *s)
{
	struct text_error e;

	backend_install(&native_backend);
	if (!text_restore(&s->text.text, &live_text_writer, &e))
		torture_fail(s, "the loops were not restored", e.why);
	else if (!torture_text_is_built(&s->text))
		torture_fail(s, "the loops are not as they were built", NULL);
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

static void with_others(struct torture_state *s)
{
	const struct mp_work work = {
		.run = torture_work, .is_quiet = torture_is_quiet, .batch = s->batch,
		.threads = s->env->emulator.threads,
	};
	const char *why = mp_start(&work);
	uint32_t nmis;

	if (why && mp_is_alone())
		s->to->not_run = why;
	else if (why)
		torture_fail(s, "the other CPUs were not had", why);
	if (why)
		return;
	s->to->cpus = mp_count();
	note_apics(s->to);
	nmis = mp_nmis;
	torture_try_ways(s);
	s->to->nmis = mp_nmis - nmis;
	s->to->woken = mp_woken();
	why = mp_finish();
	if (why)
		torture_fail(s, why, NULL);
	if (!mp_is_lost())
		put_back(s);
}

static void torture(struct torture_state *s)
{
	const char *why = torture_text_open(&s->text);

	s->batch = pool_get(sizeof(*s->batch));
	s->times = (struct torture_times){ pool_get(TIMES * sizeof(*s->times.at)), TIMES, 0 };
	if (!why && (!s->batch || !s->times.at))
		why = "no memory";
	if (why) {
		torture_fail(s, why, NULL);
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
	struct torture_state s = {
		.config = c, .env = env, .to = to, .nops = nops, .rng = { .state = seed },
	};

	measure_serialising(to);
	to->seed = seed;
	to->asked = c->torture > 0;
	if (!to->asked)
		return;
	to->machine_cpus = mp_machine_cpus();
	torture(&s);
}
