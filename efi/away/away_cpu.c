/* SPDX-License-Identifier: GPL-2.0-only */
/* The side of the CPU that is away, see away_cpu.h. */
#include "away_cpu.h"
#include "cpu/attempt.h"
#include "cpu/control.h"
#include "cpu/counters.h"
#include "cpu/cpu.h"
#include "cpu/serialise.h"
#include "cpu/translations.h"
#include "machine/kept.h"
#include "measure/on_stack.h"
#include "mp/mp.h"
#include "mp/mp_loan.h"
#include "quiet/apic_mask.h"
#include "quiet/lfence_loan.h"
#include "quiet/quiet.h"
#include "quiet/quiet_check.h"
#include "sleep.h"

/* Whatever the firmware gives it is not known. */
#define STACK_BYTES	65536

static uint8_t stack[STACK_BYTES] __attribute__((aligned(16)));

/* What it is asked for, and how far it is. */
static struct {
	void (*fn)(void *arg);
	void *arg;
	volatile uint32_t asked, done;
	const char *fell_for;
	void (*at_end)(void);
	unsigned guards;		/* that are open when it comes */
} job;

/* What a visit must not change, besides what mp/ lends and compares. */
struct visit {
	struct apic_state apic;
	uint64_t lfence;
	unsigned long cr0, cr3, cr4;
	bool ac;
};
static struct visit found;

void away_prepare(void (*at_end)(void))
{
	job.at_end = at_end;
	job.guards = guard_depth();
	job.fn = NULL;
	job.asked = job.done = 0;
	job.fell_for = NULL;
}

void away_ask(void (*fn)(void *arg), void *arg)
{
	job.fn = fn;
	job.arg = arg;
	__atomic_store_n(&job.asked, job.asked + 1, __ATOMIC_RELEASE);
}

bool away_is_done(void)
{
	return __atomic_load_n(&job.done, __ATOMIC_ACQUIRE) == job.asked;
}

const char *away_fell_for(void)
{
	return job.fell_for;
}

void away_fall(const char *why)
{
	job.fell_for = why;
	attempts_forget();
	asm volatile("ud2");
	__builtin_unreachable();
}

struct guard_counts away_counts(void)
{
	if (!mp_is_other())
		return guard_counts();
	return (struct guard_counts){ .nmi = mp_nmis,
				      .interrupts = mp.cpu[0].counts.strays };
}

static struct visit read_visit(void)
{
	apic_mask_learn();
	return (struct visit){
		.apic = apic_read(), .lfence = lfence_setting(), .cr0 = cpu_cr0(),
		.cr3 = cpu_cr3(), .cr4 = cpu_cr4(), .ac = cpu_flags() & FLAGS_AC,
	};
}

static const char *difference(const struct visit *a, const struct visit *b)
{
	const char *why = apic_difference(&a->apic, &b->apic);

	if (why)
		return why;
	if (!kept_same_lfence(a->lfence, b->lfence))
		return "LFENCE's setting";
	if (a->cr0 != b->cr0)
		return "CR0";
	if (a->cr3 != b->cr3)
		return "CR3";
	if (a->cr4 != b->cr4)
		return "CR4";
	return a->ac != b->ac ? "EFLAGS.AC" : NULL;
}

/* While it was not asked code and page tables may have changed. */
static uint64_t run_job(void *arg)
{
	(void)arg;
	cpu_forget_translations();
	cpu_serialise();
	job.fn(job.arg);
	return 0;
}

void away_serve(struct mp_cpu *c)
{
	(void)c;
	lfence_forget();
	found = read_visit();
	while (!mp_leaving()) {
		asm volatile("pause" : : : "memory");
		if (__atomic_load_n(&job.asked, __ATOMIC_ACQUIRE) == job.done)
			continue;
		on_stack(stack + sizeof(stack), run_job, NULL);
		__atomic_store_n(&job.done, job.done + 1, __ATOMIC_RELEASE);
	}
}

/* An exception may have left a loan out, a window and guards open, and the boot CPU
 * asleep. */
void away_leave(struct mp_cpu *c)
{
	struct visit now;
	const char *lost;

	job.at_end();
	quiet_abort();
	guard_close_to(job.guards);
	lost = counters_leave();
	now = read_visit();
	c->not_put_back = lost ? lost : difference(&now, &found);
	cpu_set_ac(found.ac);
	nap_end();
}

/* As on the boot CPU at its start: a window there and back. */
void away_find_out(void *arg)
{
	struct away_facts *facts = arg;
	const struct cpuid c = cpuid_open(cpu_cpuid);

	*facts = (struct away_facts){ .kind = core_kind(&c), .apic_id = apic_id() };
	nap_begin();
	facts->what = "a quiet window does not put back ";
	facts->why = quiet_check();
	if (!facts->why) {
		facts->what = "core cycles cannot be counted there: ";
		facts->why = counters_visit();
	}
	nap_end();
}

bool away_quiet_begin(void *ctx)
{
	bool ok;

	if (!mp_is_other())
		return quiet_begin(ctx);
	nap_begin();
	ok = quiet_begin(ctx);
	if (!ok)
		nap_end();
	return ok;
}

void away_quiet_end(void *ctx)
{
	quiet_end(ctx);
	if (mp_is_other())
		nap_end();
}
