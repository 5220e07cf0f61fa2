/* SPDX-License-Identifier: GPL-2.0-only */
/* The boot CPU's side: who is taken, asked and given back; see away.h. */
#include "away.h"
#include "away_cpu.h"
#include "cpus_here.h"
#include "cpu/cpu.h"
#include "cpu/ticks.h"
#include "lib/patience.h"
#include "lib/sink.h"
#include "mp/mp.h"
#include "mp/mp_loan.h"
#include "quiet/disturbances.h"
#include "quiet/lfence_loan.h"
#include "sleep.h"

/* How long it may be busy outside of windows: a thread of an emulator may not get to run. */
#define AWAY_PATIENCE_MS	10000

#define LEAF1_MONITOR		(1u << 3)	/* ECX */
#define LEAF1_HYPERVISOR	(1u << 31)

static struct run_cpu *cpus;
static struct run_cpu *taken;		/* the one that is away, or NULL */
static char went_wrong[200];		/* the first that did on any, or empty */
static bool may_mwait;
static void (*when_it_leaves)(void);

/* A hypervisor makes of MWAIT what it likes, most often nothing at all; HLT lets another
 * run. */
static bool has_mwait(const struct environment *env)
{
	uint32_t r[4];

	cpu_cpuid(1, 0, r);
	return (r[2] & LEAF1_MONITOR) && !(r[2] & LEAF1_HYPERVISOR) && !env->emulator.name;
}

static bool is_quiet(uintptr_t ip)
{
	(void)ip;
	return false;
}

/* What it took of exceptions, for people. */
static void say_fall(struct run_cpu *cpu, const struct mp_cpu *c)
{
	const char *why = away_fell_for();

	if (why)
		text_format(cpu->not_run, sizeof(cpu->not_run), "%s", why);
	else
		text_format(cpu->not_run, sizeof(cpu->not_run), "an exception ended it: "
			    "vector %u at 0x%llx, error code 0x%llx", c->exception.vector,
			    (unsigned long long)c->exception.ip,
			    (unsigned long long)c->exception.error);
}

static void note_wrong(const struct run_cpu *cpu, const char *what, const char *why)
{
	if (!went_wrong[0])
		text_format(went_wrong, sizeof(went_wrong), "CPU %u: %s%s", cpu->number,
			    what, why);
}

/* Everything of it back to the firmware.  What was told about it stays. */
static void give_back(void)
{
	struct run_cpu *cpu = taken;
	const struct mp_cpu *c = mp_cpu(0);
	const char *why;

	if (!cpu)
		return;
	taken = NULL;
	why = mp_finish();
	disturbances_counted_by(NULL);
	lfence_forget();
	if (c->exception.taken && !cpu->not_run[0])
		say_fall(cpu, c);
	if (c->not_put_back)
		note_wrong(cpu, "it did not put back ", c->not_put_back);
	else if (why && !c->exception.taken)
		note_wrong(cpu, "", why);
}

static bool refuse(struct run_cpu *cpu, const char *why)
{
	if (!cpu->not_run[0])
		text_format(cpu->not_run, sizeof(cpu->not_run), "%s", why);
	return false;
}

/* Waits for what it was asked, asleep where it wants that; bounded where it does not
 * answer while the boot CPU is up.  False: it fell, or it does not answer. */
static bool await(void)
{
	struct patience p = patience_begin(cpu_tsc_begin(), ticks_of_ms(AWAY_PATIENCE_MS));

	while (!away_is_done() && !mp_fell(mp_cpu(0))) {
		if (nap())
			p = patience_begin(cpu_tsc_begin(), ticks_of_ms(AWAY_PATIENCE_MS));
		if (patience_ends(&p, cpu_tsc_begin()))
			return refuse(taken, "it does not answer");
		asm volatile("pause" : : : "memory");
	}
	return away_is_done();
}

static bool ask(void (*fn)(void *arg), void *arg)
{
	away_ask(fn, arg);
	if (await())
		return true;
	give_back();
	return false;
}

/* The first that it is asked: who it is, and whether a window there is good. */
static bool get_to_know(struct run_cpu *cpu)
{
	static struct away_facts facts;		/* one that is lost may still write */

	if (!ask(away_find_out, &facts))
		return false;
	cpu->kind = facts.kind;
	cpu->apic_id = facts.apic_id;
	if (!facts.why)
		return true;
	text_format(cpu->not_run, sizeof(cpu->not_run), "%s%s", facts.what, facts.why);
	note_wrong(cpu, facts.what, facts.why);
	give_back();
	return false;
}

static bool take(struct run_cpu *cpu)
{
	const struct mp_work work = { .run = away_serve, .ended = away_leave,
				      .is_quiet = is_quiet };
	const char *why;

	nap_prepare(may_mwait, apic_id());
	away_prepare(when_it_leaves);
	disturbances_counted_by(away_counts);
	why = mp_start_one(&work, cpu->number);
	if (why) {
		disturbances_counted_by(NULL);
		return refuse(cpu, why);
	}
	taken = cpu;
	return get_to_know(cpu);
}

static bool run_on(void *ctx, unsigned i, void (*fn)(void *arg), void *arg)
{
	struct run_cpu *cpu = &cpus[i];

	(void)ctx;
	if (taken != cpu)
		give_back();
	if (cpu->not_run[0])
		return false;
	if (cpu->boot) {
		fn(arg);
		return true;
	}
	return (taken == cpu || take(cpu)) && ask(fn, arg);
}

void away_begin(struct platform *m, const struct environment *env, void (*at_end)(void))
{
	when_it_leaves = at_end;
	cpus = m->cpu;
	may_mwait = has_mwait(env);
	if (m->cpus == 1 && cpus[0].boot)
		return;
	m->run_on = run_on;
	m->quiet_begin = away_quiet_begin;
	m->quiet_end = away_quiet_end;
}

unsigned away_number(void)
{
	return mp_is_other() ? taken->number : cpus_boot();
}

const char *away_end(void)
{
	give_back();
	return went_wrong[0] ? went_wrong : NULL;
}
