/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Loans: what wakes a CPU that HLT has stopped.
 *
 * It is the local APIC's timer, one-shot, with a vector of the highest class: the one class
 * that the task priority lets through meanwhile, and nobody else's.  The op's source arms
 * it for WAIT_US before each HLT.  The handler arms it again, for much longer: so whatever
 * halts without arming it, or is interrupted before it halts, is woken too, late.
 *
 * Source: Intel SDM Vol. 3A, "APIC Timer", "Task and Processor Priorities", "TSC-Deadline
 * Mode"; AMD, "Revision Guide for AMD Family 10h Processors", erratum 400: the timer stands
 * still in C1E, which HLT may enter there.
 */
#include "cpu/apic.h"
#include "cpu/cpu.h"
#include "cpu/guard.h"
#include "cpu/ticks.h"
#include "lib/mul_div.h"
#include "lib/patience.h"
#include "loan_one.h"
#include "machine/apic_bits.h"
#include "machine/cpuid.h"
#include "wake_handler.h"

#define WAIT_US		20
#define LATE_US		1000
#define WATCH_US	200		/* how long the timer is watched for its rate */
#define PATIENCE_US	200000		/* a busy host is late */

#define PRIORITY	0xe0u		/* lets class 0xf through */
#define VECTOR		0xf1u
#define BY_ONE		0xbu		/* the divide register: by 1 */

#define LEAF1_HYPERVISOR	(1u << 31)

void wake_entry(void);

/* What the timer was. */
struct timer {
	uint32_t lvt, initial, current, divide;
};

static struct timer found;
static bool is_begun;			/* there is something to undo */
static unsigned vector;
static uint32_t wait_ticks;		/* of the timer; 0: not known yet */

static void arm(uint32_t ticks)
{
	apic_set(APIC_INITIAL, ticks);
}

/* What the op's source calls before it halts. */
static void FASTCALL arm_wait(unsigned long ticks)
{
	arm((uint32_t)ticks);
}

static uint64_t tsc_of_us(uint32_t us)
{
	return mul_div(ticks_hz(), us, 1000000);
}

/* An emulated or a guest's CPU has no C1E. */
static bool hlt_may_stop_the_timer(void)
{
	const struct cpuid c = cpuid_open(cpu_cpuid);
	struct cpu_id id;

	cpuid_id(&c, &id);
	return cpu_vendor_is(&id, "AuthenticAMD") && id.family >= 0xf && id.family <= 0x11
		&& !(cpuid_reg(&c, 1, 0, CPUID_ECX) & LEAF1_HYPERVISOR);
}

static struct timer timer_now(void)
{
	return (struct timer){
		.lvt = apic_get(APIC_LVT_TIMER) & ~LVT_READ_ONLY,
		.initial = apic_get(APIC_INITIAL), .current = apic_get(APIC_CURRENT),
		.divide = apic_get(APIC_DIVIDE),
	};
}

static uint32_t owed(void)
{
	return apic_count_owed(found.lvt, found.initial, found.current);
}

static bool is_put(void)
{
	const struct timer now = timer_now();

	return apic_same_lvt(now.lvt, found.lvt) && now.divide == found.divide
		&& ((found.lvt & LVT_MODE) == LVT_DEADLINE || now.initial == owed());
}

/* Masked and stopped while it is changed. */
static void stop_timer(void)
{
	apic_set(APIC_LVT_TIMER, LVT_MASKED | LVT_ONE_SHOT | vector);
	apic_set(APIC_INITIAL, 0);
}

/* As it was; a count that goes on begins anew.  (A deadline, and a shot that came since the
 * quiet window opened, are the window's to put back.) */
static void put_timer(void)
{
	stop_timer();
	apic_set(APIC_DIVIDE, found.divide);
	apic_set(APIC_LVT_TIMER, found.lvt);
	if (owed())
		apic_set(APIC_INITIAL, owed());
}

/* How fast it counts: once, while it is masked. */
static bool learn_rate(void)
{
	uint64_t began, ticks;

	if (wait_ticks)
		return true;
	arm(UINT32_MAX);
	began = cpu_tsc_begin();
	while (cpu_tsc_begin() - began < tsc_of_us(WATCH_US))
		asm volatile("pause" : : : "memory");
	ticks = UINT32_MAX - apic_get(APIC_CURRENT);
	arm(0);
	wait_ticks = (uint32_t)(ticks * WAIT_US / WATCH_US);
	wake_late_ticks = (uint32_t)(ticks * LATE_US / WATCH_US);
	return wait_ticks;
}

/* What is pending of it is taken.  IF is off again. */
static bool drain(void)
{
	cpu_set_if(true);
	for (unsigned i = 0; i < 64; i++)
		asm volatile("pause" : : : "memory");
	cpu_set_if(false);
	return !apic_is_pending(vector);
}

/* Only what has been seen to interrupt may be waited for with HLT. */
static bool interrupts(void)
{
	struct patience p = patience_begin(cpu_tsc_begin(), tsc_of_us(PATIENCE_US));
	uint32_t before = wakes;

	arm(wait_ticks);
	cpu_set_if(true);
	while (wakes == before && !patience_ends(&p, cpu_tsc_begin()))
		asm volatile("pause" : : : "memory");
	cpu_set_if(false);
	return wakes != before;
}

const char *undo_halt(void)
{
	bool none_pending;

	if (!is_begun)
		return NULL;
	is_begun = false;
	stop_timer();
	none_pending = drain();
	put_timer();
	guard_return_vector();
	if (!none_pending)
		return "an interrupt that nobody takes";
	return is_put() ? NULL : "the local APIC's timer";
}

static const char *start(void)
{
	found = timer_now();
	vector = apic_spurious_vector() == VECTOR ? VECTOR + 1 : VECTOR;
	guard_lend_vector(vector, wake_entry);
	is_begun = true;
	stop_timer();
	apic_set(APIC_DIVIDE, BY_ONE);
	if (!learn_rate())
		return "the local APIC's timer does not count";
	apic_set(APIC_TPR, PRIORITY);
	apic_set(APIC_LVT_TIMER, LVT_ONE_SHOT | vector);
	return interrupts() ? NULL : "the local APIC's timer does not interrupt";
}

LEND(halt)
{
	const char *why;
	uint32_t priority;

	if (!apic_is_in_use())
		return "no local APIC, whose timer would wake it up";
	if (!ticks_hz())
		return "the TSC's frequency is unknown";
	if (hlt_may_stop_the_timer())
		return "HLT may stop what would wake it up: AMD's erratum 400";
	priority = apic_get(APIC_TPR);
	why = start();
	if (why) {
		undo_halt();
		apic_set(APIC_TPR, priority);
		return why;
	}
	w->arg[0] = (unsigned long)arm_wait;
	w->arg[1] = wait_ticks;
	return NULL;
}
